/**
 * The four profiles (PROTECTIONS section 18): what is on, and how it is set,
 * where a profile differs from what the protections declare themselves.
 */
import type { SettingValue } from '../../shared/protection.js';
import type { Action } from '../../shared/violation.js';
import { DEFAULT_LIMITS } from '../limits.js';
import { CATALOGUE } from '../protections/catalogue.js';
import type { ActiveProtection, EffectivePolicy, Networks } from './policy.js';
import { PolicyError } from './policy-error.js';
import { resolveSettings, shown } from './settings.js';

export const PROFILES = ['modern', 'checkpoint', 'mailguard', 'strict'] as const;
export type ProfileName = (typeof PROFILES)[number];
export const DEFAULT_PROFILE: ProfileName = 'modern';

/** What one profile says about one protection; what is absent comes from the protection. */
export interface ProfileEntry {
  readonly action?: Action;
  readonly settings?: Readonly<Record<string, SettingValue>>;
}

/** Only these pass a PIX with Mail Guard. */
const MAIL_GUARD_VERBS = ['HELO', 'MAIL', 'RCPT', 'DATA', 'RSET', 'NOOP', 'QUIT'];

const ENTRIES: Readonly<Record<ProfileName, Readonly<Record<string, ProfileEntry>>>> = {
  modern: {},
  // What the documents name, and no more.
  checkpoint: { 'starttls-command-injection': { action: 'off' } },
  // Without EHLO no extension is granted.
  mailguard: {
    'smtp-unknown-command': { settings: { known_verbs: MAIL_GUARD_VERBS } },
    'smtp-command-line-too-long': { settings: { increments: 'none' } },
  },
  // Snort's bound for AUTH lines.
  strict: { 'smtp-command-line-too-long': { settings: { auth_ir_limit: 1000 } } },
};

export const NO_NETWORKS: Networks = {
  own: [],
  mailServers: [],
  relays: [],
  exchangeServers: [],
  trustedProxies: [],
  ownDomains: [],
};

/** True for the name of a profile. */
export function isProfileName(name: string): name is ProfileName {
  return (PROFILES as readonly string[]).includes(name);
}

/** What a profile says about a protection, with its declared action where the profile says nothing. */
export function profileEntry(profile: ProfileName, protectionId: string): ProfileEntry {
  return ENTRIES[profile][protectionId] ?? {};
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
  const active: ActiveProtection[] = [];
  for (const protection of CATALOGUE) {
    const { action = protection.defaultAction, settings } = profileEntry(name, protection.id);
    if (action === 'off') continue;
    active.push({ protection, action, settings: resolveSettings(protection.settings, settings), servers: null });
  }
  return { name, active, catalogueSize: CATALOGUE.length, limits: DEFAULT_LIMITS, networks: NO_NETWORKS };
}
