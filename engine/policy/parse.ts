/**
 * Reads a policy file (INTERFACES, "Policy file"). In: its text. Out: a whole
 * `EffectivePolicy`, or a `PolicyError` about the first thing that is wrong:
 * nothing is applied by halves, nothing unknown is ignored.
 */
import type { SettingValue } from '../../shared/protection.js';
import type { Action } from '../../shared/violation.js';
import { DEFAULT_LIMITS, type LimitName, type Limits } from '../limits.js';
import { CATALOGUE, findProtection } from '../protections/catalogue.js';
import type { Protection } from '../protections/protection.js';
import { JsonTextError, parseJsonText, type JsonNode } from './json-text.js';
import { defaultAccessList } from './access-list/default-access-list.js';
import { effectiveProtections, type ProtectionEntry } from './effective-protections.js';
import { limitRange } from './limit-ranges.js';
import { parsePrefix } from './networks.js';
import { readPerimeter } from './perimeter.js';
import type { EffectivePolicy, Networks } from './policy.js';
import { PolicyError } from './policy-error.js';
import { itemAt, PolicyReader, plainValue, type At } from './policy-reader.js';
import { DEFAULT_PROFILE, PROFILES } from './profile-name.js';
import { NO_NETWORKS, profileEntries } from './profiles.js';
import { checkNumber, checkSetting } from './settings.js';

const SCHEMA = 1;
const ACTIONS: readonly Action[] = ['off', 'detect', 'prevent'];
const KEYS = ['schema', 'profile', 'networks', 'protections', 'perimeter', 'limits'];
const NETWORK_KEYS = Object.keys(NO_NETWORKS) as (keyof Networks)[];
const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** `name` is what the policy is called in messages and in the result: the file's name. */
export function parsePolicy(text: string, name: string): EffectivePolicy {
  const reader = new PolicyReader(name);
  const members = reader.object({ node: readTree(text, name), path: '' }, KEYS);
  readSchema(reader, members.get('schema'));
  const profileAt = members.get('profile');
  const profile =
    profileAt === undefined ? DEFAULT_PROFILE : reader.choice(profileAt, PROFILES, 'policy-unknown-profile');
  const entries = readProtections(reader, members.get('protections'));
  const limits = readLimits(reader, members.get('limits'));
  const networks = readNetworks(reader, members.get('networks'));
  const own = readPerimeter(reader, members.get('perimeter'), text);
  return {
    name,
    profile,
    ...effectiveProtections(profileEntries(profile), entries),
    catalogueSize: CATALOGUE.length,
    limits,
    networks,
    perimeter: own ?? defaultAccessList(networks),
  };
}

function readTree(text: string, name: string): JsonNode {
  try {
    return parseJsonText(text);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    const code = error.isDuplicate ? 'policy-duplicate-key' : 'policy-syntax';
    const { found, allowed, place } = error;
    const hint = error.isDuplicate
      ? 'Remove one of the two: which of them holds would be a guess.'
      : 'The file is JSON; comments are allowed, a comma behind the last entry is not.';
    throw new PolicyError(name, { code, path: '', ...place, found, allowed, hint });
  }
}

function readSchema(reader: PolicyReader, at: At | undefined): void {
  if (at === undefined) return;
  if (at.node.kind !== 'number' || at.node.value !== SCHEMA) {
    throw reader.refuse(at, 'policy-schema', JSON.stringify(plainValue(at.node)), String(SCHEMA));
  }
}

function readProtections(reader: PolicyReader, at: At | undefined): ReadonlyMap<string, ProtectionEntry> {
  const entries = new Map<string, ProtectionEntry>();
  if (at === undefined) return entries;
  for (const [id, entryAt] of reader.object(at, null)) {
    const protection = findProtection(id);
    if (protection === undefined) {
      throw reader.refuse(entryAt, 'policy-unknown-protection', JSON.stringify(id), 'the id of a protection');
    }
    entries.set(id, readEntry(reader, entryAt, protection));
  }
  return entries;
}

function readEntry(reader: PolicyReader, at: At, protection: Protection<unknown>): ProtectionEntry {
  const members = reader.object(at, ['action', 'settings', 'servers']);
  const actionAt = members.get('action');
  const settingsAt = members.get('settings');
  const serversAt = members.get('servers');
  return {
    ...(actionAt !== undefined && { action: reader.choice(actionAt, ACTIONS) }),
    ...(settingsAt !== undefined && { settings: readSettings(reader, settingsAt, protection) }),
    ...(serversAt !== undefined && { servers: readPrefixes(reader, serversAt) }),
  };
}

function readSettings(reader: PolicyReader, at: At, protection: Protection<unknown>): Record<string, SettingValue> {
  const values: Record<string, SettingValue> = {};
  for (const [name, valueAt] of reader.object(at, null)) {
    const declaration = protection.settings.find((one) => one.name === name);
    if (declaration === undefined) {
      const names = protection.settings.map((one) => one.name);
      const allowed = names.length === 0 ? `no settings: ${protection.id} has none` : `one of ${names.join(', ')}`;
      throw reader.refuse(valueAt, 'policy-unknown-setting', JSON.stringify(name), allowed);
    }
    const value = plainValue(valueAt.node);
    const problem = checkSetting(declaration, value);
    if (problem !== null) {
      throw reader.refuse(itemAt(valueAt, problem.index), problem.code, problem.found, problem.allowed);
    }
    values[name] = value as SettingValue;
  }
  return values;
}

function readLimits(reader: PolicyReader, at: At | undefined): Limits {
  if (at === undefined) return DEFAULT_LIMITS;
  const limits: Record<LimitName, number> = { ...DEFAULT_LIMITS };
  const names = Object.keys(DEFAULT_LIMITS) as LimitName[];
  for (const [name, valueAt] of reader.object(at, names)) {
    const limit = name as LimitName;
    const value = plainValue(valueAt.node);
    const { minimum, maximum } = limitRange(limit);
    const problem = checkNumber(minimum, maximum, '', value);
    if (problem !== null) throw reader.refuse(valueAt, problem.code, problem.found, problem.allowed);
    limits[limit] = value as number;
  }
  return limits;
}

function readNetworks(reader: PolicyReader, at: At | undefined): Networks {
  if (at === undefined) return NO_NETWORKS;
  const networks: Record<keyof Networks, readonly string[]> = { ...NO_NETWORKS };
  for (const [key, listAt] of reader.object(at, NETWORK_KEYS)) {
    networks[key as keyof Networks] =
      key === 'ownDomains'
        ? reader
            .strings(listAt, (entry) => DOMAIN.test(entry), 'policy-value', 'domain names')
            .map((one) => one.toLowerCase())
        : readPrefixes(reader, listAt);
  }
  return networks;
}

function readPrefixes(reader: PolicyReader, at: At): string[] {
  return reader.strings(
    at,
    (entry) => parsePrefix(entry) !== null,
    'policy-network',
    'addresses or prefixes such as "10.0.0.0/8"',
  );
}
