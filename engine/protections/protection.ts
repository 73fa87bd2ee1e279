/**
 * The shape of a protection: one object with its text, sources, settings and
 * check. Adding one touches one family file and its two transcripts.
 */
import type { MailProtocol } from '../../shared/session.js';
import type { SettingDeclaration } from '../../shared/protection.js';
import type { Severity } from '../../shared/severity.js';
import type { Action } from '../../shared/violation.js';
import type { ConnectionFacts } from '../protocols/facts.js';
import { KNOWLEDGE, type EventByName, type KnowledgeLevel, type OctetsEvent } from '../protocols/events.js';

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
  readonly facts: ConnectionFacts;
  readonly protocol: MailProtocol;
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly serverAddress: string;
  readonly serverPort: number;
  /** The handshake was seen. */
  readonly fromStart: boolean;
  isOneSided(): boolean;
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
}

export interface CheckContext<State> {
  readonly settings: ResolvedSettings;
  readonly connection: ConnectionView;
  /** This protection's memory of this connection, made by `newState` at first use. */
  readonly state: State;
  /**
   * Records a violation. One per protection and connection; later ones raise its count and the
   * worst severity. A second report for the same line replaces the first (a partial line that went on).
   */
  report(finding: Finding): void;
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
  readonly settings: readonly SettingDeclaration[];
  /** Needs precise numbers in hot code, so settings are read once per connection if it wishes. */
  readonly newState?: (settings: ResolvedSettings) => State;
  readonly on: Checks<State>;
}

/** Identity function that infers the state type and keeps the object readable. */
export function protection<State = undefined>(definition: Protection<State>): Protection<unknown> {
  return definition as Protection<unknown>;
}

export { KNOWLEDGE };
