/**
 * Which new violations are worth interrupting somebody for. In: what changed in
 * the store. Out: those of high and critical severity, one per protection and
 * source, few at once: a flood of findings must not become a flood of messages.
 */
import type { Violation } from '../shared/violation.js';
import type { StoreChange } from './store/rows.js';

const AT_ONCE = 100;

/** Calls `tell` when there are any. */
export function tellSevere({ added }: StoreChange, tell: (violations: readonly Violation[]) => void): void {
  const found = new Map<string, Violation>();
  for (const row of added) {
    if (row.kind !== 'violations' || found.size >= AT_ONCE) continue;
    const { severity, protection, client } = row.value;
    if (severity !== 'critical' && severity !== 'high') continue;
    const key = `${protection} ${client.address}`;
    if (!found.has(key)) found.set(key, row.value);
  }
  if (found.size > 0) tell([...found.values()]);
}
