/**
 * What a row is sorted by: one order per column. For a few rows two are
 * compared; for many, each gets a number that stands for its place. Texts
 * compare by code unit, addresses by value.
 */
import type { SortOrder } from '../../shared/inspection.js';
import { SEVERITY_RANK, type Severity } from '../../shared/severity.js';
import {
  SESSION_COLUMNS,
  VIOLATION_COLUMNS,
  type SessionColumn,
  type ViolationColumn,
} from '../../shared/view-columns.js';
import { refuse } from '../problem.js';
import type { AddressColumn } from './address-column.js';
import type { Float64Column, Uint16Column, Uint32Column, WordColumn } from './columns.js';
import type { SessionTable } from './session-table.js';
import type { TextColumn } from './text-column.js';
import type { ViolationTable } from './violation-table.js';

export type KeyOf = (slot: number) => number;

export interface ColumnOrder {
  /** Negative, zero or positive. */
  readonly compare: (left: number, right: number) => number;
  /** Numbers in the same order, good until a value changes; making the function may be the costly part. */
  readonly keys: () => KeyOf;
}

const ABOVE_PORTS = 65_536;
/** Above any number of findings. */
const RANK_STEP = 2 ** 32;

/** The order of a column of the sessions. Throws `ProblemError` for a column that they do not have. */
export function sessionOrder(table: SessionTable, sort: SortOrder): ColumnOrder {
  return SESSION_ORDERS[knownColumn(SESSION_COLUMNS, sort.column)](table);
}

/** The same of the violations. */
export function violationOrder(table: ViolationTable, sort: SortOrder): ColumnOrder {
  return VIOLATION_ORDERS[knownColumn(VIOLATION_COLUMNS, sort.column)](table);
}

const SESSION_ORDERS: Readonly<Record<SessionColumn, (table: SessionTable) => ColumnOrder>> = {
  time: ({ startUs }) => byColumn(startUs),
  duration: ({ startUs, endUs }) =>
    byKey(() => {
      const [from, to] = [startUs.values, endUs.values];
      return (slot) => (to[slot] as number) - (from[slot] as number);
    }),
  protocol: ({ protocol }) => byWord(protocol),
  client: ({ clientAddress, clientPort }) => byEndpoint(clientAddress, clientPort),
  server: ({ serverAddress, serverPort }) => byEndpoint(serverAddress, serverPort),
  tls: byTls,
  user: ({ user }) => byText(user),
  from: ({ mailFrom }) => byText(mailFrom),
  to: ({ rcptTo }) => byText(rcptTo),
  messages: ({ messages }) => byColumn(messages),
  reply: ({ lastReply }) => byText(lastReply),
  bytes: ({ bytesToServer, bytesToClient }) =>
    byKey(() => {
      const [one, other] = [bytesToServer.values, bytesToClient.values];
      return (slot) => (one[slot] as number) + (other[slot] as number);
    }),
  worst: byWorst,
  tags: ({ tags }) => byText(tags),
};

const VIOLATION_ORDERS: Readonly<Record<ViolationColumn, (table: ViolationTable) => ColumnOrder>> = {
  time: ({ timeUs }) => byColumn(timeUs),
  severity: ({ severity }) =>
    byKey(() => {
      const ranks = severityRanks(severity);
      return (slot) => ranks[severity.codes[slot] as number] as number;
    }),
  confidence: ({ confidence }) => byColumn(confidence),
  attackName: ({ attackName }) => byText(attackName),
  attackInfo: ({ attackInfo }) => byText(attackInfo),
  protection: ({ protection }) => byText(protection),
  source: ({ clientAddress, clientPort }) => byEndpoint(clientAddress, clientPort),
  destination: ({ serverAddress, serverPort }) => byEndpoint(serverAddress, serverPort),
  service: ({ protocol }) => byWord(protocol),
  action: ({ action }) => byWord(action),
  count: ({ count }) => byColumn(count),
};

function knownColumn<C extends string>(columns: readonly C[], column: string): C {
  const known = columns.find((name) => name === column);
  if (known !== undefined) return known;
  throw refuse('view-unknown-column', `There is no column "${column}" to sort by.`, `Columns: ${columns.join(', ')}.`);
}

/** Numbers that cost nothing to make. */
function byKey(keys: () => KeyOf): ColumnOrder {
  return {
    keys,
    compare: (left, right) => {
      const key = keys();
      return key(left) - key(right);
    },
  };
}

function byColumn(column: Float64Column | Uint32Column): ColumnOrder {
  return byKey(() => {
    const { values } = column;
    return (slot) => values[slot] as number;
  });
}

function byWord(column: WordColumn<string>): ColumnOrder {
  const ranks = column.ranks();
  return byKey(() => {
    const { codes } = column;
    return (slot) => ranks[codes[slot] as number] as number;
  });
}

function byText(column: TextColumn): ColumnOrder {
  return {
    compare: (left, right) => column.compare(left, right),
    keys: () => {
      const { codes } = column;
      const ranks = column.ranks();
      return (slot) => ranks[codes[slot] as number] as number;
    },
  };
}

function byEndpoint(address: AddressColumn, port: Uint16Column): ColumnOrder {
  return {
    compare: (left, right) =>
      address.compare(left, right) || (port.codes[left] as number) - (port.codes[right] as number),
    keys: () => {
      const { codes } = address;
      const ports = port.codes;
      const ranks = address.ranks();
      return (slot) => (ranks[codes[slot] as number] as number) * ABOVE_PORTS + (ports[slot] as number);
    },
  };
}

/** By the kind of use, then by version; what has no version comes first of its kind. */
function byTls({ tls, tlsVersion }: SessionTable): ColumnOrder {
  const uses = tls.ranks();
  const useOf = (slot: number): number => uses[tls.codes[slot] as number] as number;
  return {
    compare: (left, right) => useOf(left) - useOf(right) || tlsVersion.compare(left, right),
    keys: () => {
      const { codes } = tlsVersion;
      const ranks = tlsVersion.ranks();
      return (slot) => useOf(slot) * RANK_STEP + (ranks[codes[slot] as number] as number);
    },
  };
}

function byWorst({ worst, counts }: SessionTable): ColumnOrder {
  const ranks = severityRanks(worst);
  return byKey(() => (slot) => {
    const severity = worst.get(slot);
    const count = severity === '' ? 0 : (counts[severity].codes[slot] as number);
    return (ranks[worst.codes[slot] as number] as number) * RANK_STEP + count;
  });
}

function severityRanks(column: WordColumn<Severity | ''> | WordColumn<Severity>): readonly number[] {
  return Array.from({ length: column.codeCount }, (_, code) => {
    const word = column.textOf(code);
    return word === '' ? 0 : SEVERITY_RANK[word];
  });
}
