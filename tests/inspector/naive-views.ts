/** What a view shows, written down independently of the code under test: everything searched, sorted with a comparator. */
import { SEVERITIES } from '../../shared/severity.js';
import type { SortOrder } from '../../shared/inspection.js';
import type { Endpoint, SessionSummary } from '../../shared/session.js';
import type { SessionColumn, ViolationColumn } from '../../shared/view-columns.js';
import type { Violation } from '../../shared/violation.js';

type Key = readonly (number | string)[];

/** Worst first, as the table of severities is. */
const rank = (severity: SessionSummary['worst']): number =>
  severity === null ? 0 : SEVERITIES.length - SEVERITIES.indexOf(severity);

/** Of the addresses that the tests use: dotted quads, and IPv6 with at most one `::`. */
function endpoint({ address, port }: Endpoint): Key {
  if (!address.includes(':')) return [0, ...address.split('.').map(Number), port];
  const [head = '', tail = ''] = address.split('::');
  const [left, right] = [head, tail].map((half) => half.split(':').filter((group) => group !== '')) as [
    string[],
    string[],
  ];
  const zeros = Array<string>(address.includes('::') ? 8 - left.length - right.length : 0).fill('0');
  return [1, ...[...left, ...zeros, ...right].map((group) => parseInt(group, 16)), port];
}

export const SESSION_KEY: Readonly<Record<SessionColumn, (row: SessionSummary) => Key>> = {
  time: (row) => [row.startUs],
  duration: (row) => [row.endUs - row.startUs],
  protocol: (row) => [row.protocol],
  client: (row) => endpoint(row.client),
  server: (row) => endpoint(row.server),
  tls: (row) => [row.tlsVersion === '' ? row.tls : `${row.tls} ${row.tlsVersion}`],
  user: (row) => [row.user],
  from: (row) => [row.mailFrom],
  to: (row) => [row.rcptTo],
  messages: (row) => [row.messages],
  reply: (row) => [row.lastReply],
  bytes: (row) => [row.bytesToServer + row.bytesToClient],
  worst: (row) => [rank(row.worst), row.worst === null ? 0 : row.violations[row.worst]],
  tags: (row) => [row.tags.join(' ')],
};

export const VIOLATION_KEY: Readonly<Record<ViolationColumn, (row: Violation) => Key>> = {
  time: (row) => [row.timeUs],
  severity: (row) => [rank(row.severity)],
  confidence: (row) => [row.confidence],
  attackName: (row) => [row.attackName],
  attackInfo: (row) => [row.attackInfo],
  protection: (row) => [row.protection],
  source: (row) => endpoint(row.client),
  destination: (row) => endpoint(row.server),
  service: (row) => [row.protocol],
  action: (row) => [row.action],
  count: (row) => [row.count],
};

function compareKeys(left: Key, right: Key): number {
  for (const [i, one] of left.entries()) {
    const other = right[i] as number | string;
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

/** Rows in the order of a column; `rows` are in that of their arrival. */
export function naiveOrder<R>(rows: readonly R[], keyOf: (row: R) => Key, { descending }: SortOrder): R[] {
  return rows
    .map((row) => ({ row, key: keyOf(row) }))
    .sort((a, b) => (descending ? -1 : 1) * compareKeys(a.key, b.key))
    .map(({ row }) => row);
}

/** Rows that have every word of a search in one of their fields. */
export function naiveSearch<R>(rows: readonly R[], fieldsOf: (row: R) => readonly string[], search: string): R[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => words.every((word) => fieldsOf(row).some((field) => field.toLowerCase().includes(word))));
}

export function sessionFields(row: SessionSummary): readonly string[] {
  const { client, server, user, mailFrom, rcptTo, helo, lastReply, protocol, sni, tls, tlsVersion, worst } = row;
  const ports = [String(client.port), String(server.port)];
  const texts = [user, mailFrom, rcptTo, helo, lastReply, protocol, sni, tls, tlsVersion, worst ?? ''];
  return [client.address, server.address, ...ports, ...texts, ...row.tags];
}

export function violationFields(row: Violation): readonly string[] {
  const { client, server, attackName, attackInfo, protection, title, severity, protocol, detail, evidence } = row;
  const ports = [String(client.port), String(server.port)];
  const texts = [attackName, attackInfo, protection, title, severity, protocol, detail, evidence, row.state];
  return [client.address, server.address, ...ports, ...texts, ...row.also];
}
