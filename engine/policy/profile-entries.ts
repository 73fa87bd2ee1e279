/** What each profile says about protections, where that is not what the protection declares itself. */
import type { PolicyEntry } from '../../shared/policy.js';
import type { ProfileName } from './profile-name.js';

/**
 * Snort's alt_max_command_line_len. Without MAIL and RCPT, which extensions lengthen, and AUTH, which has a
 * bound of its own.
 */
const SNORT_VERB_LIMITS = [
  'ATRN=255',
  'BDAT=255',
  'DATA=246',
  'DEBUG=255',
  'EHLO=500',
  'ETRN=500',
  'EXPN=255',
  'HELO=500',
  'HELP=500',
  'NOOP=255',
  'QUIT=246',
  'RSET=255',
  'STARTTLS=246',
  'VRFY=255',
  'X-LINK2STATE=246',
  'XEXCH50=246',
];

type Entries = Readonly<Record<string, PolicyEntry>>;

/** What the protections declare themselves is this profile: rules against today's practice are off by themselves. */
const MODERN: Entries = {};

/** What the documents name, as they describe it, and no more (SBP-2010-06, CPAI-2007-103, SBP-2006-18). */
const CHECKPOINT: Entries = {
  // Any greeting but 220.
  'smtp-bad-greeting': { settings: { refusal: 'alert' } },
  'smtp-starttls-policy': { action: 'detect' },
  'smtp-auth-not-allowed': { action: 'detect' },
  'smtp-mailguard-banner': { action: 'off' },
  'smtp-address-special-chars': { action: 'off' },
  'starttls-command-injection': { action: 'off' },
};

/** A firewall with Mail Guard: seven commands; without EHLO no extension is granted. */
const MAIL_GUARD: Entries = {
  'smtp-command-line-too-long': { settings: { increments: 'none' } },
  'smtp-mailguard-command': { action: 'detect' },
  'smtp-mailguard-truncated': { action: 'detect' },
  'smtp-mailguard-termination': { action: 'detect' },
  'smtp-mailguard-transition': { action: 'detect' },
};

/** The narrower numbers of other products. */
const STRICT: Entries = {
  // Snort's bounds, of AUTH lines 1000.
  'smtp-command-line-too-long': { settings: { auth_ir_limit: 1000, verb_limits: SNORT_VERB_LIMITS } },
};

/** By profile and id; every id is one of the catalogue, every setting one of the protection's. */
export const PROFILE_ENTRIES: Readonly<Record<ProfileName, Entries>> = {
  modern: MODERN,
  checkpoint: CHECKPOINT,
  mailguard: MAIL_GUARD,
  strict: STRICT,
};
