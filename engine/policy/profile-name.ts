/** The names of the profiles (PROTECTIONS section 18); what they say stands in `profile-entries.ts`. */
export const PROFILES = ['modern', 'checkpoint', 'mailguard', 'strict'] as const;
export type ProfileName = (typeof PROFILES)[number];
export const DEFAULT_PROFILE: ProfileName = 'modern';

/** True for the name of a profile. */
export function isProfileName(name: string): name is ProfileName {
  return (PROFILES as readonly string[]).includes(name);
}
