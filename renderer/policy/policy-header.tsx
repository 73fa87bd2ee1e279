/** Profile, how much is active and from where, import and export, discard and apply. */
import { Download, RotateCcw, Upload } from 'lucide-react';
import { Button, Hint } from '../controls/button.js';
import { formatCount } from '../format/numbers.js';
import { useApp } from '../store/store-context.js';
import { DEFAULT_PROFILE, isSameDocument, withProfile } from './draft.js';
import { activeCount, type DraftedProtection } from './effective.js';
import { originOf } from './origin.js';
import { ProfileMenu } from './profile-menu.js';
import styles from './policy.module.css';

export function PolicyHeader({ drafted }: { readonly drafted: ReadonlyMap<string, DraftedProtection> }) {
  const { draft, held, file, check, profiles } = useApp((state) => state.policy);
  const editPolicy = useApp((state) => state.editPolicy);
  const discardPolicy = useApp((state) => state.discardPolicy);
  const applyPolicy = useApp((state) => state.applyPolicy);
  const importPolicy = useApp((state) => state.importPolicy);
  const exportPolicy = useApp((state) => state.exportPolicy);
  const isChanged = held !== null && !isSameDocument(draft, held.document);
  const isWrong = check !== null && check.problem !== null;
  return (
    <div className={styles.header}>
      <ProfileMenu
        profile={draft.profile ?? DEFAULT_PROFILE}
        profiles={profiles}
        onProfile={(profile) => editPolicy((document) => withProfile(document, profile))}
      />
      <p className={styles.about} role="status" aria-label="Policy in short">
        {drafted.size === 0 ? null : (
          <>
            active: <b>{formatCount(activeCount(drafted))}</b> of <b>{formatCount(drafted.size)}</b>,{' '}
            <span title={file?.path}>{originOf(draft, file)}</span>
          </>
        )}
      </p>
      {isChanged ? <span className={styles.unsaved}>not applied</span> : null}
      <span className={styles.space} />
      <Hint text="Read a policy file into the draft">
        <Button icon={<Download size={15} strokeWidth={1.6} />} onClick={() => void importPolicy()}>
          Import
        </Button>
      </Hint>
      <Hint text="Write the draft to a policy file">
        <Button icon={<Upload size={15} strokeWidth={1.6} />} disabled={isWrong} onClick={() => void exportPolicy()}>
          Export
        </Button>
      </Hint>
      <Button icon={<RotateCcw size={14} strokeWidth={1.6} />} disabled={!isChanged} onClick={discardPolicy}>
        Discard changes
      </Button>
      <Hint text="Use this policy from now on" keys="Ctrl+Enter">
        <Button look="primary" disabled={!isChanged || isWrong} onClick={() => void applyPolicy()}>
          Apply
        </Button>
      </Hint>
    </div>
  );
}
