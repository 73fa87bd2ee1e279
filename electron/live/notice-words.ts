/** Which violations are announced on the desktop, and in which words: none of them comes from captured traffic. */
import type { NotifyChoice } from '../../shared/ipc.js';
import { SEVERITY_RANK } from '../../shared/severity.js';
import type { Violation } from '../../shared/violation.js';

export function isWorthNotice({ severity }: Violation, from: NotifyChoice): boolean {
  return from !== 'off' && SEVERITY_RANK[severity] >= SEVERITY_RANK[from];
}

/** Names of protection and attack from the catalogue, and the two addresses. */
export function noticeWords(violation: Violation): { readonly title: string; readonly body: string } {
  const { severity, title, attackName, client, server } = violation;
  const word = severity === 'critical' ? 'Critical' : 'High';
  return {
    title: `${word}: ${title}`,
    body: `${attackName}: ${client.address} to ${server.address}, port ${server.port}`,
  };
}
