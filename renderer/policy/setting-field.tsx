/** One setting as its declaration says: a number with unit and range, a flag, a choice, or a list. */
import { useId } from 'react';
import type { PolicyProblem } from '../../shared/policy.js';
import type { SettingDeclaration, SettingValue } from '../../shared/protection.js';
import { Segmented } from '../controls/segmented.js';
import { withCode } from '../format/code-words.js';
import { formatCount, withUnit } from '../format/numbers.js';
import { cleanLines, isSameValue } from './draft.js';
import { isAllowedNumber, numberOfText } from './effective.js';
import { LinesField } from './lines-field.js';
import { listOf } from './policy-words.js';
import styles from './detail.module.css';

/** More choices than these stand in a menu. */
const SEGMENTS = 4;

type Declared<K extends SettingDeclaration['kind']> = Extract<SettingDeclaration, { kind: K }>;

interface SettingFieldProps<D extends SettingDeclaration = SettingDeclaration> {
  readonly declaration: D;
  /** In the document. */
  readonly path: string;
  readonly value: SettingValue | undefined;
  readonly profileValue: SettingValue | undefined;
  /** Of this setting; null when nothing is wrong with it. */
  readonly problem: PolicyProblem | null;
  readonly onChange: (value: SettingValue) => void;
}

export function SettingField({ declaration, ...rest }: SettingFieldProps) {
  switch (declaration.kind) {
    case 'number':
      return <NumberField declaration={declaration} {...rest} />;
    case 'choice':
      return <ChoiceField declaration={declaration} {...rest} />;
    case 'flag':
      return <FlagField declaration={declaration} {...rest} />;
    case 'list':
      return <ListField declaration={declaration} {...rest} />;
  }
}

function NumberField(props: SettingFieldProps<Declared<'number'>>) {
  const { declaration, path, value, profileValue, onChange } = props;
  const { title, unit, minimum, maximum, reason } = declaration;
  const id = useId();
  const wrong = !isAllowedNumber(declaration, value);
  return (
    <div className={styles.setting}>
      <label htmlFor={id} className={styles.name}>
        {title}
      </label>
      <div className={styles.control}>
        <span className={styles.number} data-wrong={wrong}>
          <input
            id={id}
            type="text"
            inputMode="numeric"
            autoComplete="off"
            spellCheck={false}
            data-policy-path={path}
            value={String(value ?? '')}
            aria-invalid={wrong}
            aria-describedby={`${id}-note`}
            onChange={(event) => onChange(numberOfText(event.target.value))}
          />
          {unit === '' ? null : <span className={styles.unit}>{unit}</span>}
        </span>
        <div id={`${id}-note`}>
          {wrong ? (
            <p className={styles.wrong}>
              Not applied: allowed is a whole number from {formatCount(minimum)} to {withUnit(maximum, unit)}.
            </p>
          ) : null}
          <p className={styles.note}>
            {wrong ? null : `${formatCount(minimum)} to ${withUnit(maximum, unit)}.`}
            <ProfileValue value={value} profileValue={profileValue} /> {withCode(reason)}
          </p>
        </div>
      </div>
    </div>
  );
}

function FlagField({ declaration, path, value, profileValue, onChange }: SettingFieldProps<Declared<'flag'>>) {
  const id = useId();
  return (
    <div className={styles.setting}>
      <label htmlFor={id} className={styles.name}>
        {declaration.title}
      </label>
      <div className={styles.control}>
        <input
          id={id}
          type="checkbox"
          className={styles.flag}
          data-policy-path={path}
          checked={value === true}
          aria-describedby={`${id}-note`}
          onChange={(event) => onChange(event.target.checked)}
        />
        <p id={`${id}-note`} className={styles.note}>
          <ProfileValue value={value} profileValue={profileValue} /> {withCode(declaration.reason)}
        </p>
      </div>
    </div>
  );
}

function ChoiceField(props: SettingFieldProps<Declared<'choice'>>) {
  const { declaration, path, value, profileValue, problem, onChange } = props;
  const { title, choices, reason } = declaration;
  const id = useId();
  return (
    <div className={styles.setting} role="group" aria-labelledby={id}>
      <span id={id} className={styles.name}>
        {title}
      </span>
      <div className={styles.control}>
        {choices.length <= SEGMENTS ? (
          <Segmented
            name={path}
            path={path}
            choices={choices.map((choice) => [choice, choice] as const)}
            value={String(value)}
            onChange={onChange}
          />
        ) : (
          <select
            className={styles.select}
            aria-labelledby={id}
            data-policy-path={path}
            value={String(value)}
            onChange={(event) => onChange(event.target.value)}
          >
            {choices.map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </select>
        )}
        {problem === null ? null : (
          <p className={styles.wrong}>
            Not applied: found {problem.found}, allowed: {problem.allowed}.
          </p>
        )}
        <p className={styles.note}>
          <ProfileValue value={value} profileValue={profileValue} /> {withCode(reason)}
        </p>
      </div>
    </div>
  );
}

function ListField({ declaration, path, value, profileValue, problem, onChange }: SettingFieldProps<Declared<'list'>>) {
  const lines = Array.isArray(value) ? (value as readonly string[]) : [];
  return (
    <LinesField
      path={path}
      title={declaration.title}
      of={listOf(declaration.of)}
      lines={lines}
      problem={problem}
      placeholder="none"
      note={
        <>
          <ProfileValue value={cleanLines(lines)} profileValue={profileValue} /> {withCode(declaration.reason)}
        </>
      }
      onChange={(next) => onChange(next.length === 1 && next[0] === '' ? [] : next)}
    />
  );
}

/** What the profile says, where the draft says otherwise. */
function ProfileValue({
  value,
  profileValue,
}: {
  readonly value: SettingValue | undefined;
  readonly profileValue: SettingValue | undefined;
}) {
  if (isSameValue(value, profileValue) || profileValue === undefined) return null;
  return <span className={styles.ofProfile}> The profile says {valueText(profileValue)}.</span>;
}

function valueText(value: SettingValue): string {
  if (typeof value === 'number') return formatCount(value);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string') return value;
  return value.length === 0 ? 'none' : value.join(', ');
}
