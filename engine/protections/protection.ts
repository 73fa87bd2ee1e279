/**
 * The shape of a protection: one object with its text, sources, settings and
 * check. Adding one touches one family file and its two transcripts.
 */
import type { MailProtocol } from '../../shared/session.js';
import type { SettingDeclaration } from '../../shared/protection.js';
import type { Severity } from '../../shared/severity.js';
import type { AccessLog, Action } from '../../shared/violation.js';
import type { AccessList } from '../policy/access-list/access-list.js';
import type { NetworkView } from '../policy/network-view.js';
import type { ConnectionFacts } from '../protocols/facts.js';
import { KNOWLEDGE, type EventByName, type KnowledgeLevel, type OctetsEvent } from '../protocols/events.js';
import type { EventShape, Heed } from './event-shape.js';

/**
 * PROTECTIONS 0.3: when one octet string meets several rules, the first class
 * fires and the others are listed in `also`.
 */
export const PRECEDENCE = [
  'signature',
  'injection',
  'malicious-code',
  'format',
  'sequence',
  'private',
  'unknown',
  'policy',
] as const;
export type PrecedenceClass = (typeof PRECEDENCE)[number];

/** What a check may know of the connection besides the event. */
export interface ConnectionView {
  /** The session's id. */
  readonly id: number;
  readonly facts: ConnectionFacts;
  readonly protocol: MailProtocol;
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly serverAddress: string;
  readonly serverPort: number;
  /** Packet time (µs since 1970) of its first packet. */
  readonly startUs: number;
  /** The handshake was seen. */
  readonly fromStart: boolean;
  isOneSided(): boolean;
  /** Packets of the server were captured, none carries octets so far, and the client acknowledged none. */
  isServerSilent(): boolean;
}

/** What a check says when its rule is broken. */
export interface Finding {
  /** The line concerned; its octets become the evidence, its credentials masked. */
  readonly event: OctetsEvent;
  /** Offending octets, as indexes of `event.buffer`; the whole line by default. */
  readonly start?: number;
  readonly end?: number;
  /** One sentence: why it fired here. Never a secret, never raw captured octets. */
  readonly detail: string;
  readonly measured?: number;
  readonly limit?: number;
  readonly unit?: string;
  /** Instead of the protection's own. */
  readonly severity?: Severity;
  readonly confidence?: number;
  /** Log words of this sub-finding instead of the protection's own. Fixed words, never captured octets. */
  readonly attackInfo?: string;
  /** What a router with the policy's access list would have logged. */
  readonly accessLog?: AccessLog;
}

/** Something that only together with other connections may become a finding. */
export interface Told {
  /** Name of the fact within its protection. */
  readonly kind: string;
  /** Plain values that `across` judges; never a secret (a digest of one where it must be told apart). */
  readonly values: Readonly<Record<string, string | number | boolean>>;
  /** What is reported when `across` decides so. */
  readonly finding?: Finding;
}

export interface CheckContext<State> {
  readonly settings: ResolvedSettings;
  readonly connection: ConnectionView;
  readonly networks: NetworkView;
  /** What may connect to the administrator's networks; null when the policy does not say. */
  readonly accessList: AccessList | null;
  /** This protection's memory of this connection, made by `newState` at first use. */
  readonly state: State;
  /** False while `state` was not asked for: where the memory would be as it was made, there is no need to make it. */
  readonly hasState: boolean;
  /** No reply was judged on this connection before this event. */
  readonly isBeforeReply: boolean;
  /** The first plain line of this connection (`EventShape.isPrintable`) that was fully understood; 0 before. */
  readonly firstPlainLine: number;
  /**
   * Records a violation. One per protection and connection; later ones raise its count and the
   * worst severity. A second report for the same line replaces the first (a partial line that went on).
   */
  report(finding: Finding): void;
  /** Hands a fact to this protection's `across`, which hears the facts of all connections in packet order. */
  tell(told: Told): void;
}

/** A fact as `across` hears it. Plain data. */
export interface AcrossFact {
  readonly kind: string;
  readonly values: Readonly<Record<string, string | number | boolean>>;
  readonly timeUs: number;
  readonly sessionId: number;
  /** Transcript line; 0 for the handshake. */
  readonly line: number;
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly serverAddress: string;
  readonly serverPort: number;
}

/** What `across` may change of the finding that the fact came with. */
export type Released = Partial<
  Pick<Finding, 'severity' | 'confidence' | 'detail' | 'measured' | 'limit' | 'unit' | 'attackInfo' | 'accessLog'>
>;

/** Memory across connections, in packet time and bounded; each protection has its own. */
export interface Past {
  /**
   * True for the first of a kind within `windowUs` and, ever after, for the same `owner`: the one
   * who came first may say more of it.
   */
  isFirst(key: string, owner: string, windowUs: number): boolean;
  /** How often within the last `windowUs`, this time included. */
  count(key: string, windowUs: number): number;
  /** How many different values within the last `windowUs`, this one included. */
  distinct(key: string, value: string, windowUs: number): number;
  /**
   * Counts what follows a first within `windowUs`; when the window is over and something did follow,
   * `across` hears the last fact once more with `tally` set. Returns how many followed so far.
   */
  tally(key: string, windowUs: number): number;
}

export interface AcrossContext {
  readonly settings: ResolvedSettings;
  readonly networks: NetworkView;
  readonly past: Past;
  /** How many followed the first in the window that is just over; 0 for a fact that is heard as it happens. */
  readonly tally: number;
  /** Releases the finding that the fact came with, in its own session. */
  report(changes?: Released): void;
}

/** Settings of one protection after policy: numbers, flags, choices, and lists as sets. */
export interface ResolvedSettings {
  number(name: string): number;
  flag(name: string): boolean;
  choice(name: string): string;
  set(name: string): ReadonlySet<string>;
}

export type Checks<State> = {
  readonly [K in keyof EventByName]?: (event: EventByName[K], context: CheckContext<State>) => void;
};

export interface Protection<State = undefined> {
  /** Permanent, kebab-case. */
  readonly id: string;
  readonly title: string;
  readonly protocols: readonly MailProtocol[];
  /** Branch of the catalogue's tree; by default the first of `protocols`. */
  readonly family?: string;
  readonly attackName: string;
  /** The log word of a protocol whose source names the attack differently. */
  readonly attackNameFor?: Readonly<Partial<Record<MailProtocol, string>>>;
  readonly attackInfo: string;
  /** The document's own spelling where ours corrects it. */
  readonly seedText?: string;
  readonly why: string;
  readonly sources: readonly string[];
  readonly references: readonly string[];
  readonly severity: Severity;
  readonly confidence: number;
  readonly precedence: PrecedenceClass;
  readonly remedy: string;
  readonly defaultAction: Action;
  /** Below this level the check is not called (PROTECTIONS 0.2). */
  readonly minimumKnowledge: KnowledgeLevel;
  /** True when it also hears commands of a provisional stretch (PROTECTIONS 1.1.5); by default it does not. */
  readonly hearsProvisional?: boolean;
  /**
   * False for a verb whose `command` and `partialCommand` say nothing to it, so that an ordinary line calls
   * few checks. Asked once for each verb and policy; only saves calls that would do nothing.
   */
  readonly hearsVerb?: (verb: string, settings: ResolvedSettings) => boolean;
  /** The same for `answers` of a `reply`. */
  readonly hearsAnswer?: (answers: string, settings: ResolvedSettings) => boolean;
  /** The same for whatever else shows of an event before it is looked into; asked where the two above agree. */
  readonly hears?: (shape: EventShape, settings: ResolvedSettings) => Heed;
  /** False where it cannot find anything under this policy, so that none of its checks is called. */
  readonly canFire?: (networks: NetworkView, accessList: AccessList | null) => boolean;
  readonly settings: readonly SettingDeclaration[];
  /** Needs precise numbers in hot code, so settings are read once per connection if it wishes. */
  readonly newState?: (settings: ResolvedSettings) => State;
  /** `newState` only prepares the settings: made once, for all connections. */
  readonly sharesState?: boolean;
  readonly on: Checks<State>;
  /** Judges what `on` told, across connections. A finding told but not released here never was. */
  readonly across?: (fact: AcrossFact, context: AcrossContext) => void;
}

/** Identity function that infers the state type and keeps the object readable. */
export function protection<State = undefined>(definition: Protection<State>): Protection<unknown> {
  return definition as Protection<unknown>;
}

export { KNOWLEDGE };
