/**
 * Which new violations are worth interrupting somebody for. In: what changed in
 * the store. Out: those of high and critical severity, one per protection and
 * source, few at once: a flood of findings must not become a flood of messages.
 */
import type { Violation } from '../shared/violation.js';
import type { TableChange } from './store/row-table.js';
import type { ViolationTable } from './store/violation-table.js';

const AT_ONCE = 100;

/** Calls `tell` when there are any. */
export function tellSevere(
  table: ViolationTable,
  { added }: TableChange,
  tell: (violations: readonly Violation[]) => void,
): void {
  const found = new Map<string, Violation>();
  for (const slot of added) {
    if (found.size >= AT_ONCE) break;
    const severity = table.severity.get(slot);
    if (severity !== 'critical' && severity !== 'high') continue;
    const key = `${table.protection.get(slot)} ${table.clientAddress.get(slot)}`;
    if (!found.has(key)) found.set(key, table.violation(slot));
  }
  if (found.size > 0) tell([...found.values()]);
}
