/** One finding: what broke which rule, where exactly, and how sure the engine is. */
import type { Endpoint, Knowledge, SessionProtocol } from './session.js';
import type { Severity } from './severity.js';

export type DirectionName = 'to_server' | 'to_client';
export type Action = 'off' | 'detect' | 'prevent';

/** One line of a router's log, twice. */
export interface AccessLog {
  /** With the mnemonic that IOS uses for TCP. */
  readonly corrected: string;
  /** As the source document prints it. */
  readonly document: string;
}

export interface Violation {
  /** Counts from 1 in the order of discovery within one inspection. */
  readonly id: number;
  readonly sessionId: number;
  /** Permanent kebab-case id of the protection. */
  readonly protection: string;
  readonly title: string;
  readonly attackName: string;
  readonly attackInfo: string;
  readonly severity: Severity;
  /** 0 to 100. */
  readonly confidence: number;
  readonly knowledge: Knowledge;
  /** Packet time (µs since 1970) and packet number of the first occurrence. */
  readonly timeUs: number;
  readonly packet: number;
  readonly direction: DirectionName;
  /** Stream offset and length of the offending octets, in their direction. */
  readonly offset: number;
  readonly length: number;
  /** Transcript line number, from 1. */
  readonly line: number;
  readonly measured: number | null;
  readonly limit: number | null;
  /** Unit of `measured` and `limit`: `bytes`, `recipients`, ...; empty when there is no number. */
  readonly unit: string;
  /** How often it occurred on this connection. */
  readonly count: number;
  /** State of the dialogue before the offending line. */
  readonly state: string;
  /** At most 128 octets, escaped, credentials masked. */
  readonly evidence: string;
  /** One sentence: why it fired here. Never carries a secret. */
  readonly detail: string;
  readonly action: Exclude<Action, 'off'>;
  /** Ids of other active protections that the same octets meet (PROTECTIONS 0.3). */
  readonly also: readonly string[];
  /** What a router with the policy's access list would have logged; only of the perimeter. */
  readonly accessLog?: AccessLog;
  readonly remedy: string;
  readonly references: readonly string[];
  readonly protocol: SessionProtocol;
  readonly client: Endpoint;
  readonly server: Endpoint;
}
