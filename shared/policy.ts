/** A policy as it crosses processes: the document that people edit, and what it amounts to. Plain data. */
import type { Problem } from './inspection.js';
import type { SettingValue } from './protection.js';
import type { Action } from './violation.js';

/** What a policy says about one protection; what is absent comes from the profile. */
export interface PolicyEntry {
  readonly action?: Action;
  readonly settings?: Readonly<Record<string, SettingValue>>;
  /** Addresses or prefixes of the servers it holds for; absent for all. */
  readonly servers?: readonly string[];
}

/** The administrator's own networks; every list may be empty. */
export interface PolicyNetworks {
  readonly own: readonly string[];
  readonly mailServers: readonly string[];
  readonly relays: readonly string[];
  readonly exchangeServers: readonly string[];
  readonly trustedProxies: readonly string[];
  /** Domain names. */
  readonly ownDomains: readonly string[];
}

/** A policy file's content (INTERFACES, "Policy file"). */
export interface PolicyDocument {
  readonly schema: 1;
  readonly profile?: string;
  readonly networks?: Partial<PolicyNetworks>;
  readonly protections?: Readonly<Record<string, PolicyEntry>>;
  /** Lines of a named extended access list. */
  readonly perimeter?: readonly string[];
  readonly limits?: Readonly<Record<string, number>>;
}

/** One protection under a policy. */
export interface EffectiveProtection {
  readonly id: string;
  readonly action: Action;
  readonly settings: Readonly<Record<string, SettingValue>>;
  /** Null for all servers. */
  readonly servers: readonly string[] | null;
}

/** What a policy amounts to: every protection of the catalogue, the inactive ones too. */
export interface PolicyDescription {
  readonly name: string;
  readonly profile: string;
  readonly active: number;
  readonly total: number;
  readonly protections: readonly EffectiveProtection[];
  readonly networks: PolicyNetworks;
  /** Lines of the access list in force, the default one included; null when the perimeter is not judged. */
  readonly perimeter: readonly string[] | null;
  readonly limits: Readonly<Record<string, number>>;
}

/** What is wrong with one line of an access list. */
export interface PerimeterProblem {
  /** From 0: index into the policy's `perimeter`. */
  readonly index: number;
  /** From 1. */
  readonly column: number;
  readonly found: string;
  readonly allowed: string;
}

/** What is wrong with a policy. */
export interface PolicyProblem extends Problem {
  /** Where in the document: `protections.smtp-max-recipients.settings.limit`. */
  readonly path: string;
  /** From 1; 0 when unknown. */
  readonly line: number;
  readonly column: number;
  readonly found: string;
  readonly allowed: string;
}

/** The answer to "is this document a policy?". */
export interface PolicyCheck {
  /** The first thing that is wrong; null when nothing is. */
  readonly problem: PolicyProblem | null;
  /** Every access-list line that is wrong. */
  readonly perimeter: readonly PerimeterProblem[];
  /** Null when there is a problem. */
  readonly description: PolicyDescription | null;
}

/** The policy that the app applies to the captures it opens, and how it relates to the one that is open. */
export interface PolicyState {
  readonly document: PolicyDocument;
  readonly description: PolicyDescription;
  /** File with exactly this document: it was imported from there or exported to it; null for none. */
  readonly path: string | null;
  /** The open capture was inspected with exactly this policy; false when none is open. */
  readonly isInForce: boolean;
  /** Why the policy that was saved last time could not be used; null when it could, and once another was applied. */
  readonly problem: Problem | null;
}

/** A policy file's content, not applied yet. */
export interface ImportedPolicy {
  readonly document: PolicyDocument;
  readonly path: string;
}
