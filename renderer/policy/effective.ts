/**
 * What a draft amounts to, at once, without asking: each protection of the
 * profile with the draft's entry over it. Values may be wrong; `policy:check`
 * judges them.
 */
import type { EffectiveProtection, PolicyDescription, PolicyDocument } from '../../shared/policy.js';
import type { SettingDeclaration, SettingValue } from '../../shared/protection.js';
import { isSameValue } from './draft.js';

/** One protection in the draft and as its profile has it. */
export interface DraftedProtection {
  readonly base: EffectiveProtection;
  readonly now: EffectiveProtection;
  /** Something differs from the profile. */
  readonly isChanged: boolean;
}

/** By id. */
export function draftedProtections(
  profile: PolicyDescription | undefined,
  draft: PolicyDocument,
): ReadonlyMap<string, DraftedProtection> {
  return new Map((profile?.protections ?? []).map((base) => [base.id, drafted(base, draft)]));
}

function drafted(base: EffectiveProtection, draft: PolicyDocument): DraftedProtection {
  const entry = draft.protections?.[base.id];
  if (entry === undefined) return { base, now: base, isChanged: false };
  const now: EffectiveProtection = {
    id: base.id,
    action: entry.action ?? base.action,
    settings: { ...base.settings, ...entry.settings },
    servers: entry.servers ?? base.servers,
  };
  const isChanged =
    now.action !== base.action ||
    entry.servers !== undefined ||
    Object.keys(now.settings).some((name) => !isSameValue(now.settings[name], base.settings[name]));
  return { base, now, isChanged };
}

export function activeCount(drafted: ReadonlyMap<string, DraftedProtection>): number {
  return [...drafted.values()].filter(({ now }) => now.action !== 'off').length;
}

/** False for a text that is no number and for a number out of range. */
export function isAllowedNumber(
  { minimum, maximum }: Extract<SettingDeclaration, { kind: 'number' }>,
  value: SettingValue | undefined,
): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum;
}

/** A whole number, or the text itself when it is none. */
export function numberOfText(text: string): number | string {
  const trimmed = text.trim();
  return /^-?\d{1,15}$/.test(trimmed) ? Number(trimmed) : text;
}
