/**
 * What a row is sorted by: one key per column, a number or a text. Numbers come
 * before texts; texts compare by code unit (fast, and the same everywhere).
 * IPv4 addresses are numbers and IPv6 addresses texts of fixed length, so that
 * addresses stand in the order of their values, IPv4 first.
 */
import type { SortOrder, ViewKind } from '../../shared/inspection.js';
import type { Endpoint, SessionSummary } from '../../shared/session.js';
import { SEVERITY_RANK } from '../../shared/severity.js';
import {
  SESSION_COLUMNS,
  VIOLATION_COLUMNS,
  type SessionColumn,
  type ViolationColumn,
} from '../../shared/view-columns.js';
import type { Violation } from '../../shared/violation.js';
import { refuse } from '../problem.js';
import { addressKey } from './address-key.js';
import type { Row, SessionRow, ViolationRow } from './rows.js';

export type SortKey = number | string;
export type KeyOf = (row: Row) => SortKey;

const SESSION_KEYS: Readonly<Record<SessionColumn, (session: SessionSummary) => SortKey>> = {
  time: (session) => session.startUs,
  duration: (session) => session.endUs - session.startUs,
  protocol: (session) => session.protocol,
  client: (session) => endpointKey(session.client),
  server: (session) => endpointKey(session.server),
  tls: (session) => (session.tlsVersion === '' ? session.tls : `${session.tls} ${session.tlsVersion}`),
  user: (session) => session.user,
  from: (session) => session.mailFrom,
  to: (session) => session.rcptTo,
  messages: (session) => session.messages,
  reply: (session) => session.lastReply,
  bytes: (session) => session.bytesToServer + session.bytesToClient,
  worst: (session) =>
    session.worst === null ? 0 : SEVERITY_RANK[session.worst] * 2 ** 32 + session.violations[session.worst],
  tags: (session) => session.tags.join(' '),
};

const VIOLATION_KEYS: Readonly<Record<ViolationColumn, (violation: Violation) => SortKey>> = {
  time: (violation) => violation.timeUs,
  severity: (violation) => SEVERITY_RANK[violation.severity],
  confidence: (violation) => violation.confidence,
  attackName: (violation) => violation.attackName,
  attackInfo: (violation) => violation.attackInfo,
  protection: (violation) => violation.protection,
  source: (violation) => endpointKey(violation.client),
  destination: (violation) => endpointKey(violation.server),
  service: (violation) => violation.protocol,
  action: (violation) => violation.action,
  count: (violation) => violation.count,
};

/** The key of a column. Throws `ProblemError` for a column that the kind does not have. */
export function keyBy(kind: ViewKind, sort: SortOrder): KeyOf {
  if (kind === 'sessions') {
    const key = SESSION_KEYS[knownColumn(SESSION_COLUMNS, sort.column)];
    return (row) => key((row as SessionRow).value);
  }
  const key = VIOLATION_KEYS[knownColumn(VIOLATION_COLUMNS, sort.column)];
  return (row) => key((row as ViolationRow).value);
}

/** Negative, zero or positive, as a comparator returns it. */
export function compareKeys(left: SortKey, right: SortKey): number {
  if (left === right) return 0;
  if (typeof left === 'number') return typeof right === 'number' ? left - right : -1;
  if (typeof right === 'number') return 1;
  return left < right ? -1 : 1;
}

function knownColumn<C extends string>(columns: readonly C[], column: string): C {
  const known = columns.find((name) => name === column);
  if (known !== undefined) return known;
  throw refuse('view-unknown-column', `There is no column "${column}" to sort by.`, `Columns: ${columns.join(', ')}.`);
}

function endpointKey(endpoint: Endpoint): SortKey {
  const key = addressKey(endpoint.address);
  return typeof key === 'number' ? key * 65_536 + endpoint.port : `${key} ${String(endpoint.port).padStart(5, '0')}`;
}
