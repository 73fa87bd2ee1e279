/** The policy of last time could not be used: said on every screen, because every finding depends on it. */
import { ProblemStrip } from '../problem/problem-strip.js';
import { useApp } from '../store/store-context.js';

export function SavedPolicyProblem() {
  const problem = useApp((state) => (state.policy.savedProblemDismissed ? null : (state.policy.held?.problem ?? null)));
  const dismiss = useApp((state) => state.dismissPolicyProblem);
  return problem === null ? null : <ProblemStrip kind="warning" problem={problem} onDismiss={dismiss} />;
}
