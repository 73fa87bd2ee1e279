/** What governs an inspection: which protections are on, how they are set, and the networks. */
import type { MailProtocol } from '../../shared/session.js';
import type { Action } from '../../shared/violation.js';
import type { Limits } from '../limits.js';
import type { Protection, ResolvedSettings } from '../protections/protection.js';

export interface ActiveProtection {
  readonly protection: Protection<unknown>;
  readonly action: Exclude<Action, 'off'>;
  readonly settings: ResolvedSettings;
  /** Addresses or prefixes of the servers it holds for; null for all. */
  readonly servers: readonly string[] | null;
}

/** What the policy says about the administrator's own networks; every list may be empty. */
export interface Networks {
  readonly own: readonly string[];
  readonly mailServers: readonly string[];
  readonly relays: readonly string[];
  readonly exchangeServers: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly ownDomains: readonly string[];
}

/** A validated, complete policy; immutable. */
export interface EffectivePolicy {
  /** Name of the profile, or of the file it was read from. */
  readonly name: string;
  readonly active: readonly ActiveProtection[];
  /** Protections in the catalogue. */
  readonly catalogueSize: number;
  readonly limits: Limits;
  /** Addresses and prefixes; `ownDomains` are names in lower case. */
  readonly networks: Networks;
}

/** `--decode-as tcp.port==2526,smtp`. */
export type DecodeAs = ReadonlyMap<number, MailProtocol | 'tls'>;
