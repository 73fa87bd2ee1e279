/**
 * A policy as plain data for screens and the command line, and the question
 * whether a text is a policy. Nothing here throws for a bad policy.
 */
import type { EffectiveProtection, PolicyCheck, PolicyDescription, PolicyProblem } from '../../shared/policy.js';
import type { SettingDeclaration, SettingValue } from '../../shared/protection.js';
import type { Action } from '../../shared/violation.js';
import { CATALOGUE } from '../protections/catalogue.js';
import type { ResolvedSettings } from '../protections/protection.js';
import { accessListLines } from './access-list/access-list.js';
import { parsePolicy } from './parse.js';
import { PerimeterError, perimeterErrorOf } from './perimeter.js';
import type { EffectivePolicy, InactiveProtection } from './policy.js';
import { PolicyError } from './policy-error.js';

/** Every protection of the catalogue in its order, with the settings that hold or would hold. */
export function describePolicy(policy: EffectivePolicy): PolicyDescription {
  const byId = new Map<string, EffectiveProtection>();
  for (const one of policy.active) byId.set(one.protection.id, describeOne(one, one.action));
  for (const one of policy.inactive) byId.set(one.protection.id, describeOne(one, 'off'));
  return {
    name: policy.name,
    profile: policy.profile,
    active: policy.active.length,
    total: policy.catalogueSize,
    protections: CATALOGUE.flatMap(({ id }) => byId.get(id) ?? []),
    networks: policy.networks,
    perimeter: policy.perimeter === null ? null : accessListLines(policy.perimeter),
    limits: policy.limits,
  };
}

/** Is this text a policy? All that is wrong with its access list is told, of the rest the first thing. */
export function checkPolicy(text: string, name: string): PolicyCheck {
  try {
    return { problem: null, perimeter: [], description: describePolicy(parsePolicy(text, name)) };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return {
      problem: plainProblem(error),
      perimeter: listErrorOf(error, text, name)?.problems ?? [],
      description: null,
    };
  }
}

/** All that `checkPolicy` tells, each with its place in the text; empty for a policy. */
export function policyProblems(text: string, name: string): PolicyProblem[] {
  try {
    parsePolicy(text, name);
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const lines = listErrorOf(error, text, name)?.all ?? [];
    return (error instanceof PerimeterError ? lines : [error, ...lines]).map(plainProblem);
  }
}

/** A policy that fails elsewhere may have wrong lines too. */
function listErrorOf(error: PolicyError, text: string, name: string): PerimeterError | null {
  return error instanceof PerimeterError ? error : perimeterErrorOf(text, name);
}

function plainProblem({ code, message, hint, path, line, column, found, allowed }: PolicyError): PolicyProblem {
  return { code, message, hint, path, line, column, found, allowed };
}

function describeOne({ protection, settings, servers }: InactiveProtection, action: Action): EffectiveProtection {
  const values = protection.settings.map((one) => [one.name, settingValue(one, settings)] as const);
  return { id: protection.id, action, settings: Object.fromEntries(values), servers };
}

function settingValue({ kind, name }: SettingDeclaration, settings: ResolvedSettings): SettingValue {
  switch (kind) {
    case 'number':
      return settings.number(name);
    case 'choice':
      return settings.choice(name);
    case 'flag':
      return settings.flag(name);
    case 'list':
      return [...settings.set(name)];
  }
}
