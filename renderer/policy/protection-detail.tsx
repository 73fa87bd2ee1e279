/** One protection: what it means, its action, its settings, its servers, and where it comes from. */
import type { EffectiveProtection, PolicyDocument, PolicyProblem } from '../../shared/policy.js';
import type { ProtectionDescription } from '../../shared/protection.js';
import { Button } from '../controls/button.js';
import { Segmented } from '../controls/segmented.js';
import { withCode } from '../format/code-words.js';
import { SeverityPill } from '../severity/severity-pill.js';
import { withAction, withServers, withSetting, withoutEntry } from './draft.js';
import type { DraftedProtection } from './effective.js';
import { LinesField } from './lines-field.js';
import { ACTIONS, ACTION_MEANING, ACTION_TITLE } from './policy-words.js';
import { problemAt } from './problem-place.js';
import { ProtectionSources } from './protection-sources.js';
import { SettingField } from './setting-field.js';
import styles from './detail.module.css';

interface ProtectionDetailProps {
  readonly protection: ProtectionDescription;
  readonly drafted: DraftedProtection;
  readonly problem: PolicyProblem | null;
  readonly onEdit: (change: (draft: PolicyDocument) => PolicyDocument) => void;
}

export function ProtectionDetail({ protection, drafted, problem, onEdit }: ProtectionDetailProps) {
  const { base, now, isChanged } = drafted;
  const { id, title } = protection;
  return (
    <section className={styles.detail} aria-label={title} tabIndex={-1}>
      <header className={styles.head}>
        <div className={styles.headText}>
          <h2 className={styles.title}>{title}</h2>
          <p className={styles.under}>
            <SeverityPill severity={protection.severity} />
            <span>Confidence {protection.confidence} of 100</span>
            <code className={styles.id}>{id}</code>
          </p>
        </div>
        {isChanged ? (
          <Button look="quiet" onClick={() => onEdit((draft) => withoutEntry(draft, id))}>
            Reset to profile
          </Button>
        ) : null}
      </header>
      <p className={styles.why}>{withCode(protection.why)}</p>
      <ActionField base={base} now={now} onEdit={onEdit} />
      {protection.settings.length === 0 ? null : (
        <div role="group" aria-label="Settings" className={styles.group}>
          <h3 className={styles.groupTitle}>Settings</h3>
          {protection.settings.map((declaration) => (
            <SettingField
              key={declaration.name}
              declaration={declaration}
              path={`protections.${id}.settings.${declaration.name}`}
              value={now.settings[declaration.name]}
              profileValue={base.settings[declaration.name]}
              problem={problemAt(problem, `protections.${id}.settings.${declaration.name}`)}
              onChange={(value) => onEdit((draft) => withSetting(draft, base, declaration.name, value))}
            />
          ))}
        </div>
      )}
      <div className={styles.group}>
        <h3 className={styles.groupTitle}>Scope</h3>
        <LinesField
          path={`protections.${id}.servers`}
          title="Servers"
          of="one address or prefix a line"
          lines={now.servers ?? []}
          problem={problemAt(problem, `protections.${id}.servers`)}
          note={serversNote(now)}
          placeholder="all servers"
          onChange={(lines) => onEdit((draft) => withServers(draft, id, lines))}
        />
      </div>
      <ProtectionSources protection={protection} />
    </section>
  );
}

interface ActionFieldProps {
  readonly base: EffectiveProtection;
  readonly now: EffectiveProtection;
  readonly onEdit: ProtectionDetailProps['onEdit'];
}

function ActionField({ base, now, onEdit }: ActionFieldProps) {
  return (
    <fieldset className={styles.actions}>
      <legend className={styles.groupTitle}>Action</legend>
      <Segmented
        name={`action ${base.id}`}
        path={`protections.${base.id}.action`}
        choices={ACTIONS}
        value={now.action}
        onChange={(action) => onEdit((draft) => withAction(draft, base, action))}
      />
      <p className={styles.note}>
        {ACTION_MEANING[now.action]}
        {now.action === base.action ? null : <OfProfile value={ACTION_TITLE[base.action]} />}
      </p>
    </fieldset>
  );
}

function OfProfile({ value }: { readonly value: string }) {
  return <span className={styles.ofProfile}> The profile says {value}.</span>;
}

function serversNote({ servers }: EffectiveProtection): string {
  if (servers === null) return 'Empty: it holds for all servers.';
  return servers.length === 0
    ? 'The policy names an empty list: it holds for no server.'
    : 'It holds for connections to these servers only.';
}
