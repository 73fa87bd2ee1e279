/** The four profiles (PROTECTIONS section 18) as policies; what they say stands in `profile-entries.ts`. */
import { DEFAULT_LIMITS } from '../limits.js';
import { CATALOGUE } from '../protections/catalogue.js';
import { effectiveProtections, type ProtectionEntry } from './effective-protections.js';
import type { EffectivePolicy, Networks } from './policy.js';
import { PolicyError } from './policy-error.js';
import { PROFILE_ENTRIES } from './profile-entries.js';
import { isProfileName, PROFILES, type ProfileName } from './profile-name.js';
import { shown } from './settings.js';

export const NO_NETWORKS: Networks = {
  own: [],
  mailServers: [],
  relays: [],
  exchangeServers: [],
  trustedProxies: [],
  ownDomains: [],
};

/** What a profile says about protections, by id; of any other nothing. */
export function profileEntries(profile: ProfileName): ReadonlyMap<string, ProtectionEntry> {
  return new Map(Object.entries(PROFILE_ENTRIES[profile]));
}

/** The policy that a profile alone makes; throws `PolicyError` for any other name. */
export function profilePolicy(name: string): EffectivePolicy {
  if (!isProfileName(name)) {
    throw new PolicyError(shown(name), {
      code: 'policy-unknown-profile',
      path: '',
      line: 0,
      column: 0,
      found: shown(name),
      allowed: `one of ${PROFILES.join(', ')}`,
      hint: 'Name a profile, or give the path of a policy file.',
    });
  }
  return {
    name,
    profile: name,
    ...effectiveProtections(profileEntries(name)),
    catalogueSize: CATALOGUE.length,
    limits: DEFAULT_LIMITS,
    networks: NO_NETWORKS,
    perimeter: null,
  };
}
