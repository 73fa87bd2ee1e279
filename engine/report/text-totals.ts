/** The last lines of a text report: how much was read, found, and not read. */
import type { Totals } from '../../shared/inspection.js';
import { SEVERITIES, type SeverityCounts } from '../../shared/severity.js';
import { countOf, formatBytes, formatCount } from '../session/quantity.js';
import { readableTime } from '../session/timestamp.js';

/** A few lines; what is zero and would only be noise is left out. */
export function totalsLines(totals: Totals): readonly string[] {
  const lines = [
    `${countOf(totals.sessions, 'session')}${inParentheses(totals.sessionsByProtocol, true)}, ${findingsWords(totals.violations)}`,
    `${countOf(totals.packets, 'packet')}, ${formatBytes(totals.bytes)}${period(totals)}`,
  ];
  const notDecoded = total(totals.notDecoded);
  if (notDecoded > 0)
    lines.push(`Not decoded: ${countOf(notDecoded, 'packet')}${inParentheses(totals.notDecoded, false)}`);
  if (totals.gaps > 0) {
    const where = countOf(totals.sessionsWithGaps, 'session');
    lines.push(`Missing: ${formatBytes(totals.missingBytes)} in ${countOf(totals.gaps, 'gap')} of ${where}`);
  }
  if (totals.droppedPackets !== null && totals.droppedPackets > 0) {
    lines.push(`Dropped while capturing: ${countOf(totals.droppedPackets, 'packet')}`);
  }
  if (totals.discardedSessions > 0)
    lines.push(`Ended early to stay within bounds: ${countOf(totals.discardedSessions, 'session')}`);
  const bounded = Object.entries(totals.bounded).filter(([, count]) => count > 0);
  if (bounded.length > 0)
    lines.push(`Bounds reached: ${bounded.map(([name, count]) => `${name} (${formatCount(count)})`).join(', ')}`);
  return lines;
}

/** `no findings` or `3 findings: 1 critical, 2 low`. */
export function findingsWords(violations: SeverityCounts): string {
  const found = SEVERITIES.filter((severity) => violations[severity] > 0);
  if (found.length === 0) return 'no findings';
  const count = found.reduce((sum, severity) => sum + violations[severity], 0);
  const each = found.map((severity) => `${formatCount(violations[severity])} ${severity}`);
  return `${countOf(count, 'finding')}: ${each.join(', ')}`;
}

function period({ firstPacketUs, lastPacketUs }: Totals): string {
  if (firstPacketUs === null || lastPacketUs === null) return '';
  return `, ${seconds(firstPacketUs)} to ${seconds(lastPacketUs)} UTC`;
}

function seconds(timeUs: number): string {
  return readableTime(timeUs).slice(0, 19);
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** ` (5 SMTP, 1 IMAP)`, most frequent first; empty when there is nothing to tell. */
function inParentheses(counts: Readonly<Record<string, number>>, upperCase: boolean): string {
  const known = Object.entries(counts).filter(([, count]) => count > 0);
  if (known.length === 0) return '';
  known.sort(([nameA, a], [nameB, b]) => b - a || (nameA < nameB ? -1 : 1));
  const words = known.map(([name, count]) => `${formatCount(count)} ${upperCase ? name.toUpperCase() : name}`);
  return ` (${words.join(', ')})`;
}
