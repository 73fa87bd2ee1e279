/**
 * The draft of a policy: the document as it is typed, blank lines and wrong
 * numbers included, so that leaving the screen loses nothing. In: a document
 * and a change. Out: another document; entries that say what the profile says
 * anyway are left out, so that a document holds differences only.
 */
import type { EffectiveProtection, PolicyDocument, PolicyEntry, PolicyNetworks } from '../../shared/policy.js';
import type { SettingValue } from '../../shared/protection.js';
import type { Action } from '../../shared/violation.js';

export const DEFAULT_PROFILE = 'modern';

/** With another profile; the user's own entries stay. */
export function withProfile(draft: PolicyDocument, profile: string): PolicyDocument {
  return { ...draft, profile };
}

/** `base` is the protection under the profile alone. */
export function withAction(draft: PolicyDocument, base: EffectiveProtection, action: Action): PolicyDocument {
  const rest = without(entryOf(draft, base.id), 'action');
  return withEntry(draft, base.id, action === base.action ? rest : { ...rest, action });
}

/** A number that cannot be read stays the text that was typed; the check refuses it. */
export function withSetting(
  draft: PolicyDocument,
  base: EffectiveProtection,
  name: string,
  value: SettingValue,
): PolicyDocument {
  const entry = entryOf(draft, base.id);
  const others = without(entry.settings ?? {}, name);
  const isOfProfile = isSameValue(cleanValue(value), base.settings[name]);
  return withEntry(draft, base.id, { ...entry, settings: isOfProfile ? others : { ...others, [name]: value } });
}

/** Lines as typed; nothing at all means every server. */
export function withServers(draft: PolicyDocument, id: string, lines: readonly string[]): PolicyDocument {
  const rest = without(entryOf(draft, id), 'servers');
  return withEntry(draft, id, isEmptyText(lines) ? rest : { ...rest, servers: lines });
}

/** The protection as the profile has it. */
export function withoutEntry(draft: PolicyDocument, id: string): PolicyDocument {
  return withEntry(draft, id, {});
}

export function withNetwork(
  draft: PolicyDocument,
  key: keyof PolicyNetworks,
  lines: readonly string[],
): PolicyDocument {
  const others = without(draft.networks ?? {}, key);
  return { ...draft, networks: isEmptyText(lines) ? others : { ...others, [key]: lines } };
}

export function withPerimeter(draft: PolicyDocument, lines: readonly string[]): PolicyDocument {
  const rest = without(draft, 'perimeter');
  return isEmptyText(lines) ? rest : { ...rest, perimeter: lines };
}

/** The document that is judged, applied and written: without blank lines and empty parts. */
export function cleanDocument(draft: PolicyDocument): PolicyDocument {
  const { networks, protections, perimeter, ...rest } = draft;
  const cleanNetworks = nonEmpty(mapValues(networks ?? {}, cleanLines), (lines) => lines.length > 0);
  const cleanEntries = nonEmpty(mapValues(protections ?? {}, cleanEntry), (entry) => Object.keys(entry).length > 0);
  const lines = withoutBlankEnd(perimeter ?? []);
  return {
    ...rest,
    ...(cleanNetworks !== null && { networks: cleanNetworks }),
    ...(cleanEntries !== null && { protections: cleanEntries }),
    ...(lines.length > 0 && { perimeter: lines }),
  };
}

/** True when both say the same, in whatever order and with whatever blank lines. */
export function isSameDocument(one: PolicyDocument, other: PolicyDocument): boolean {
  return canonical(cleanDocument(one)) === canonical(cleanDocument(other));
}

/** Text of a field with one entry a line. */
export function textOfLines(lines: readonly string[]): string {
  return lines.join('\n');
}

export function linesOfText(text: string): readonly string[] {
  return text.split('\n');
}

/** Entries of lines as typed: trimmed, without blank ones. */
export function cleanLines(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

/** The lines of an access list that permit or deny, or are wrong: without its name, remarks and comments. */
export function accessEntries(lines: readonly string[] = []): readonly string[] {
  return cleanLines(lines).filter((line) => !/^(!|ip access-list\b|(access-list \d+ |\d+ )?remark\b)/i.test(line));
}

/** Both as they would be written. */
export function isSameValue(one: SettingValue | undefined, other: SettingValue | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function entryOf(draft: PolicyDocument, id: string): PolicyEntry {
  return draft.protections?.[id] ?? {};
}

function withEntry(draft: PolicyDocument, id: string, entry: PolicyEntry): PolicyDocument {
  const others = without(draft.protections ?? {}, id);
  const { settings, ...rest } = entry;
  const next = settings === undefined || Object.keys(settings).length === 0 ? rest : entry;
  return { ...draft, protections: Object.keys(next).length === 0 ? others : { ...others, [id]: next } };
}

function without<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const rest = { ...value };
  delete rest[key];
  return rest;
}

function cleanEntry({ action, settings, servers }: PolicyEntry): PolicyEntry {
  const values = nonEmpty(mapValues(settings ?? {}, cleanValue), () => true);
  return {
    ...(action !== undefined && { action }),
    ...(values !== null && { settings: values }),
    ...(servers !== undefined && !isBlank(servers) && { servers: cleanLines(servers) }),
  };
}

function cleanValue(value: SettingValue): SettingValue {
  return typeof value === 'object' ? cleanLines(value) : value;
}

function isEmptyText(lines: readonly string[]): boolean {
  return lines.every((line) => line === '') && lines.length <= 1;
}

/** Lines were typed, but nothing on them; an empty list that somebody wrote into a file is something else. */
function isBlank(lines: readonly string[]): boolean {
  return lines.length > 0 && cleanLines(lines).length === 0;
}

function withoutBlankEnd(lines: readonly string[]): readonly string[] {
  let end = lines.length;
  while (end > 0 && lines[end - 1]?.trim() === '') end--;
  return lines.slice(0, end);
}

function mapValues<T, U>(values: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}

/** Null when nothing is left. */
function nonEmpty<T>(values: Record<string, T>, keep: (value: T) => boolean): Record<string, T> | null {
  const kept = Object.entries(values).filter(([, value]) => keep(value));
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
