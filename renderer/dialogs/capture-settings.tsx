/** Settings of live capture: engine, ring, and what is announced on the desktop. They hold from the next capture on. */
import { useEffect, useId, useState } from 'react';
import { SETTING_RANGES, type NotifyChoice } from '../../shared/ipc.js';
import { Segmented } from '../controls/segmented.js';
import { formatBytes } from '../format/numbers.js';
import { useApp } from '../store/store-context.js';
import { ENGINE_CHOICES } from '../welcome/start-options.js';
import styles from './dialogs.module.css';

const MEBIBYTE = 1_048_576;
const NOTIFY_WORDS: readonly (readonly [NotifyChoice, string])[] = [
  ['off', 'Off'],
  ['high', 'High and critical'],
  ['critical', 'Critical'],
];

export function CaptureSettings() {
  const settings = useApp((state) => state.settings);
  const changeSettings = useApp((state) => state.changeSettings);
  const { ringFileMebibytes, ringFiles } = settings;
  return (
    <>
      <fieldset className={styles.fieldset}>
        <legend>Capture with</legend>
        <Segmented
          name="engine"
          choices={ENGINE_CHOICES}
          value={settings.captureEngine}
          onChange={(captureEngine) => changeSettings({ captureEngine })}
        />
      </fieldset>
      <fieldset className={styles.fieldset}>
        <legend>Ring of a live capture</legend>
        <div className={styles.row}>
          <NumberField
            label="MiB per file"
            range={SETTING_RANGES.ringFileMebibytes}
            value={ringFileMebibytes}
            onChange={(value) => changeSettings({ ringFileMebibytes: value })}
          />
          <NumberField
            label="files"
            range={SETTING_RANGES.ringFiles}
            value={ringFiles}
            onChange={(value) => changeSettings({ ringFiles: value })}
          />
        </div>
        <p className={styles.quiet}>
          Up to {formatBytes(ringFileMebibytes * MEBIBYTE * ringFiles)} on disk from the next capture on; then the
          oldest file is given up.
        </p>
      </fieldset>
      <fieldset className={styles.fieldset}>
        <legend>Announce violations of a live capture on the desktop</legend>
        <Segmented
          name="notify"
          choices={NOTIFY_WORDS}
          value={settings.notifyFrom}
          onChange={(notifyFrom) => changeSettings({ notifyFrom })}
        />
      </fieldset>
    </>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly range: { readonly least: number; readonly greatest: number };
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** Takes a value once it is a whole number within its range; until then it says what is allowed. */
function NumberField({ label, range, value, onChange }: NumberFieldProps) {
  const { least, greatest } = range;
  const [text, setText] = useState(String(value));
  const id = useId();
  useEffect(() => setText(String(value)), [value]);
  const typed = Number(text);
  const isValid = /^\d+$/.test(text.trim()) && typed >= least && typed <= greatest;
  return (
    <div className={styles.number}>
      <div className={styles.row}>
        <input
          id={id}
          inputMode="numeric"
          className={styles.numberInput}
          value={text}
          aria-invalid={!isValid}
          aria-describedby={`${id}-allowed`}
          onChange={(event) => setText(event.target.value)}
          onBlur={() => {
            if (isValid && typed !== value) onChange(typed);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && isValid && typed !== value) onChange(typed);
          }}
        />
        <label htmlFor={id}>{label}</label>
      </div>
      <p id={`${id}-allowed`} role="status" className={styles.wrong}>
        {isValid ? '' : `Allowed: ${least} to ${greatest}`}
      </p>
    </div>
  );
}
