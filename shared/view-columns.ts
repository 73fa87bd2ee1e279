/**
 * The column names that `SortOrder.column` may have, per kind of view. The
 * screens offer exactly these; whoever sorts a view understands all of them.
 * `duration` is in µs, `bytes` counts both directions, `worst` is the worst
 * severity and then how many there are of it.
 */
export const SESSION_COLUMNS = [
  'worst',
  'time',
  'duration',
  'protocol',
  'client',
  'server',
  'tls',
  'user',
  'from',
  'to',
  'messages',
  'reply',
  'bytes',
  'tags',
] as const;
export type SessionColumn = (typeof SESSION_COLUMNS)[number];

export const VIOLATION_COLUMNS = [
  'time',
  'severity',
  'confidence',
  'attackName',
  'attackInfo',
  'protection',
  'source',
  'destination',
  'service',
  'action',
  'count',
] as const;
export type ViolationColumn = (typeof VIOLATION_COLUMNS)[number];
