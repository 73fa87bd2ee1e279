/** What governs an inspection: which protections are on, how they are set, and the networks. */
import type { PolicyNetworks } from '../../shared/policy.js';
import type { MailProtocol } from '../../shared/session.js';
import type { Action } from '../../shared/violation.js';
import type { Limits } from '../limits.js';
import type { Protection, ResolvedSettings } from '../protections/protection.js';
import type { AccessList } from './access-list/access-list.js';
import type { ProfileName } from './profile-name.js';

export interface ActiveProtection {
  readonly protection: Protection<unknown>;
  readonly action: Exclude<Action, 'off'>;
  readonly settings: ResolvedSettings;
  /** Addresses or prefixes of the servers it holds for; null for all. */
  readonly servers: readonly string[] | null;
}

/** A protection that is off, with what would hold if it were on. */
export type InactiveProtection = Omit<ActiveProtection, 'action'>;

/** What the policy says about the administrator's own networks; every list may be empty. */
export type Networks = PolicyNetworks;

/** A validated, complete policy; immutable. */
export interface EffectivePolicy {
  /** Name of the profile, or of the file it was read from. */
  readonly name: string;
  /** The profile that it builds on. */
  readonly profile: ProfileName;
  readonly active: readonly ActiveProtection[];
  /** The rest of the catalogue; like `active` in the catalogue's order. */
  readonly inactive: readonly InactiveProtection[];
  /** Protections in the catalogue. */
  readonly catalogueSize: number;
  readonly limits: Limits;
  /** Addresses and prefixes; `ownDomains` are names in lower case. */
  readonly networks: Networks;
  /** The policy's own list, else the default one of its networks; null when the perimeter is not judged. */
  readonly perimeter: AccessList | null;
}

/** `--decode-as tcp.port==2526,smtp`. */
export type DecodeAs = ReadonlyMap<number, MailProtocol | 'tls'>;
