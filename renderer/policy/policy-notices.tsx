/** The strips below the header: what is wrong with the draft and where, what was refused, and a capture judged otherwise. */
import { RefreshCw, TriangleAlert } from 'lucide-react';
import type { PolicyProblem } from '../../shared/policy.js';
import { Button } from '../controls/button.js';
import problemStyles from '../problem/problem.module.css';
import { ProblemStrip } from '../problem/problem-strip.js';
import { useApp } from '../store/store-context.js';
import { policyTitle } from './policy-words.js';
import { placeOf, readablePath } from './problem-place.js';
import { SavedPolicyProblem } from './saved-policy-problem.js';
import styles from './policy.module.css';

export function PolicyNotices() {
  const { refused, check } = useApp((state) => state.policy);
  const openProblem = useApp((state) => state.openProblem);
  const dismissOpening = useApp((state) => state.dismissProblem);
  const dismiss = useApp((state) => state.dismissPolicyProblem);
  const wrong = check?.problem ?? null;
  return (
    <>
      {openProblem === null ? null : <ProblemStrip kind="error" problem={openProblem} onDismiss={dismissOpening} />}
      <SavedPolicyProblem />
      {refused === null ? null : <ProblemStrip kind="error" problem={refused} onDismiss={dismiss} />}
      {wrong === null ? null : <DraftProblem problem={wrong} />}
      <OtherPolicy />
    </>
  );
}

function DraftProblem({ problem }: { readonly problem: PolicyProblem }) {
  const showInPolicy = useApp((state) => state.showInPolicy);
  const { path, found, allowed } = problem;
  return (
    <div role="status" aria-label="Problem of the draft" className={problemStyles.strip} data-kind="error">
      <TriangleAlert size={16} strokeWidth={1.7} aria-hidden />
      <p className={problemStyles.text}>
        <strong>Not applicable yet.</strong>{' '}
        {placeOf(path) === null ? (
          <code>{path}</code>
        ) : (
          <button type="button" className={styles.pathLink} onClick={() => showInPolicy(path)}>
            {readablePath(path)}
          </button>
        )}
        : found {found}, allowed: {allowed}.
      </p>
    </div>
  );
}

/** The open capture shows what another policy found. */
function OtherPolicy() {
  const isOpen = useApp((state) => state.status.phase !== 'idle' && state.status.phase !== 'failed');
  const name = useApp((state) => state.status.name);
  const inspectedWith = useApp((state) => state.status.policy.name);
  const opening = useApp((state) => state.opening);
  const held = useApp((state) => state.policy.held);
  const reinspect = useApp((state) => state.reinspect);
  if (!isOpen || held === null || held.isInForce || inspectedWith === '') return null;
  const title = policyTitle(inspectedWith);
  return (
    <div role="status" aria-label="Policy of the open capture" className={styles.other}>
      <RefreshCw size={15} strokeWidth={1.7} aria-hidden />
      <p className={problemStyles.text}>
        The open capture, {name}, was inspected with{' '}
        <strong>{inspectedWith === held.description.name ? `an earlier state of ${title}` : title}</strong>.
      </p>
      <Button look="quiet" disabled={opening} onClick={() => void reinspect()}>
        Re-inspect
      </Button>
    </div>
  );
}
