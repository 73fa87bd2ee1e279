import { describe, expect, it } from 'vitest';
import { describePolicy } from '../../engine/policy/describe.js';
import { PolicyError } from '../../engine/policy/policy-error.js';
import { PROFILES } from '../../engine/policy/profile-name.js';
import { profileEntries, profilePolicy } from '../../engine/policy/profiles.js';
import { checkSetting } from '../../engine/policy/settings.js';
import { CATALOGUE, findProtection } from '../../engine/protections/catalogue.js';

describe.each(PROFILES)('the profile %s', (name) => {
  it('names only protections and settings that exist, with values that they allow', () => {
    const faults = [...profileEntries(name)].flatMap(([id, { settings = {} }]) => {
      const protection = findProtection(id);
      if (protection === undefined) return [`no protection ${id}`];
      return Object.entries(settings).flatMap(([setting, value]) => {
        const declaration = protection.settings.find((one) => one.name === setting);
        if (declaration === undefined) return [`${id} has no setting ${setting}`];
        const problem = checkSetting(declaration, value);
        return problem === null ? [] : [`${id}.${setting}: found ${problem.found}, allowed is ${problem.allowed}`];
      });
    });
    expect(faults).toEqual([]);
  });

  it('says nothing that the protection says itself', () => {
    const idle = [...profileEntries(name)].filter(([id, { action, settings = {} }]) => {
      const protection = findProtection(id);
      const isSame = Object.entries(settings).every(
        ([setting, value]) =>
          JSON.stringify(protection?.settings.find((one) => one.name === setting)?.default) === JSON.stringify(value),
      );
      return isSame && (action === undefined || action === protection?.defaultAction);
    });
    expect(idle).toEqual([]);
  });

  it('covers the catalogue, in its order', () => {
    const { protections, active, total } = describePolicy(profilePolicy(name));
    expect(protections.map(({ id }) => id)).toEqual(CATALOGUE.map(({ id }) => id));
    expect([active, total]).toEqual([protections.filter(({ action }) => action !== 'off').length, CATALOGUE.length]);
  });
});

it('is refused by any other name', () => {
  expect(() => profilePolicy('hard')).toThrowError(PolicyError);
  expect(() => profilePolicy('constructor')).toThrowError(/one of modern, checkpoint, mailguard, strict/);
});

describe('the profiles differ', () => {
  /** What a profile changes, `id action setting=value ...`. */
  function changes(name: string): string[] {
    const { protections } = describePolicy(profilePolicy(name));
    return protections.flatMap(({ id, action, settings }) => {
      const protection = findProtection(id)!;
      const words = protection.settings.flatMap((declaration) => {
        const value = settings[declaration.name];
        return JSON.stringify(value) === JSON.stringify(declaration.default)
          ? []
          : [`${declaration.name}=${String(value)}`];
      });
      const all = action === protection.defaultAction ? words : [action, ...words];
      return all.length === 0 ? [] : [[id, ...all].join(' ')];
    });
  }

  it('from what the protections declare only where their source does', () => {
    expect(Object.fromEntries(PROFILES.map((name) => [name, changes(name)]))).toEqual({
      modern: [],
      checkpoint: [
        'smtp-bad-greeting refusal=alert',
        'smtp-address-special-chars off',
        'smtp-starttls-policy detect',
        'smtp-auth-not-allowed detect',
        'smtp-mailguard-banner off',
        'starttls-command-injection off',
      ],
      mailguard: [
        'smtp-command-line-too-long increments=none',
        'smtp-mailguard-command detect',
        'smtp-mailguard-truncated detect',
        'smtp-mailguard-termination detect',
        'smtp-mailguard-transition detect',
      ],
      strict: [
        'smtp-command-line-too-long auth_ir_limit=1000 verb_limits=ATRN=255,BDAT=255,DATA=246,DEBUG=255,EHLO=500,' +
          'ETRN=500,EXPN=255,HELO=500,HELP=500,NOOP=255,QUIT=246,RSET=255,STARTTLS=246,VRFY=255,X-LINK2STATE=246,' +
          'XEXCH50=246',
      ],
    });
  });

  it('by the rules against TLS, authentication and extensions, which today only a document asks for', () => {
    const rules = ['smtp-starttls-policy', 'smtp-auth-not-allowed', 'smtp-command-blocked', 'smtp-mailguard-command'];
    const actions = (name: string): string[] => {
      const { protections } = describePolicy(profilePolicy(name));
      return rules.map((id) => protections.find((one) => one.id === id)!.action);
    };
    expect(Object.fromEntries(PROFILES.map((name) => [name, actions(name)]))).toEqual({
      modern: ['off', 'off', 'off', 'off'],
      checkpoint: ['detect', 'detect', 'off', 'off'],
      mailguard: ['off', 'off', 'off', 'detect'],
      strict: ['off', 'off', 'off', 'off'],
    });
  });
});
