/**
 * Settings of one protection: what it declares, and what a policy says instead.
 * In: declarations and raw values. Out: `ResolvedSettings`, or what is wrong
 * with a value. A check that asks for a setting it did not declare is our fault.
 */
import type { SettingDeclaration, SettingValue } from '../../shared/protection.js';
import type { ResolvedSettings } from '../protections/protection.js';
import { parsePrefix } from './networks.js';

/** What is wrong with a value. */
export interface ValueProblem {
  readonly code: 'policy-type' | 'policy-value' | 'policy-out-of-range' | 'policy-network';
  readonly found: string;
  readonly allowed: string;
  /** Of a list whose other entries may be right: which one is wrong, from 0. */
  readonly index?: number;
}

/** The declared defaults with `overrides` in their place; these must have passed `checkSetting`. */
export function resolveSettings(
  declarations: readonly SettingDeclaration[],
  overrides: Readonly<Record<string, SettingValue>> = {},
): ResolvedSettings {
  const numbers = new Map<string, number>();
  const flags = new Map<string, boolean>();
  const choices = new Map<string, string>();
  const sets = new Map<string, ReadonlySet<string>>();
  for (const declaration of declarations) {
    const { name } = declaration;
    const value = Object.hasOwn(overrides, name) ? (overrides[name] as SettingValue) : declaration.default;
    const problem = checkSetting(declaration, value);
    if (problem !== null) throw new Error(`setting ${name}: found ${problem.found}, allowed is ${problem.allowed}`);
    if (typeof value === 'number') numbers.set(name, value);
    else if (typeof value === 'boolean') flags.set(name, value);
    else if (typeof value === 'string') choices.set(name, value);
    else sets.set(name, new Set(value.map((entry) => normalized(declaration, entry))));
  }
  return {
    number: (name) => declared(numbers, name),
    flag: (name) => declared(flags, name),
    choice: (name) => declared(choices, name),
    set: (name) => declared(sets, name),
  };
}

/** What is wrong with `value` for this setting; null when nothing is. */
export function checkSetting(declaration: SettingDeclaration, value: unknown): ValueProblem | null {
  switch (declaration.kind) {
    case 'number':
      return checkNumber(declaration.minimum, declaration.maximum, declaration.unit, value);
    case 'choice':
      if (typeof value === 'string' && declaration.choices.includes(value)) return null;
      return { code: 'policy-value', found: shown(value), allowed: `one of ${declaration.choices.join(', ')}` };
    case 'flag':
      return typeof value === 'boolean' ? null : { code: 'policy-type', found: shown(value), allowed: 'true or false' };
    case 'list':
      return checkList(declaration.of, value);
  }
}

/** Whole numbers from `minimum` to `maximum`. */
export function checkNumber(minimum: number, maximum: number, unit: string, value: unknown): ValueProblem | null {
  const allowed = `a whole number from ${minimum} to ${maximum}${unit === '' ? '' : ` (${unit})`}`;
  if (typeof value !== 'number') return { code: 'policy-type', found: shown(value), allowed };
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return null;
  return { code: 'policy-out-of-range', found: shown(value), allowed };
}

/** A value from a policy file as it is shown in a message: short, on one line. */
export function shown(value: unknown): string {
  // JSON has no word for a number that is too large for it.
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

interface EntryRule {
  readonly allowed: string;
  readonly code: ValueProblem['code'];
  readonly accepts: (entry: string) => boolean;
}
/** What an entry of a list must be, by the declaration's `of`. */
const ENTRY_RULES: Readonly<Record<string, EntryRule>> = {
  verb: pattern('verbs such as "NOOP"', /^[A-Za-z][A-Za-z0-9-]{0,31}$/),
  mechanism: pattern('SASL mechanisms such as "XOAUTH2"', /^[A-Za-z0-9_-]{1,20}$/),
  code: pattern('reply codes from "500" to "599"', /^5\d\d$/),
  octet: pattern('octets as two hexadecimal digits, such as "09"', /^[0-7][0-9A-Fa-f]$/),
  'verb-limit': pattern('entries such as "HELO=500"', /^[A-Za-z][A-Za-z0-9-]{0,31}=[1-9]\d{0,4}$/),
  port: pattern(
    'ports from "1" to "65535"',
    /^(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$/,
  ),
  word: pattern('words without blanks, such as "postmaster"', /^[!-~]{1,64}$/),
  'feature F1..F11': pattern('features from "F1" to "F11"', /^F(?:[1-9]|1[01])$/),
  architecture: pattern('"x86-32" and "x86-64"', /^x86-(?:32|64)$/),
  'POP3 verb without effect': pattern('NOOP, RSET, CAPA, STAT and LIST', /^(?:NOOP|RSET|CAPA|STAT|LIST)$/),
  'rule w1..w9': pattern('rules from "w1" to "w9"', /^w[1-9]$/),
  network: {
    allowed: 'addresses or prefixes such as "10.0.0.0/8"',
    code: 'policy-network',
    accepts: (entry) => parsePrefix(entry) !== null,
  },
};

function checkList(of: string, value: unknown): ValueProblem | null {
  const rule = ENTRY_RULES[of];
  if (rule === undefined) throw new Error(`no rule for lists of ${of}`);
  if (!Array.isArray(value)) return { code: 'policy-type', found: shown(value), allowed: `a list of ${rule.allowed}` };
  const entries: readonly unknown[] = value;
  const index = entries.findIndex((entry) => typeof entry !== 'string' || !rule.accepts(entry));
  if (index === -1) return null;
  const wrong = entries[index];
  const code = typeof wrong === 'string' ? rule.code : 'policy-type';
  return { code, found: shown(wrong), allowed: rule.allowed, index };
}

function pattern(allowed: string, expression: RegExp): EntryRule {
  return { allowed, code: 'policy-value', accepts: (entry) => expression.test(entry) };
}

/** Verbs and mechanisms are compared in upper case. */
function normalized(declaration: SettingDeclaration, entry: string): string {
  const isName = declaration.kind === 'list' && ['verb', 'mechanism', 'verb-limit'].includes(declaration.of);
  return isName ? entry.toUpperCase() : entry;
}

function declared<T>(values: ReadonlyMap<string, T>, name: string): T {
  const value = values.get(name);
  if (value === undefined) throw new Error(`no such setting: ${name}`);
  return value;
}
