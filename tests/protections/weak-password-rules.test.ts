import { describe, expect, it } from 'vitest';
import { WEAK_PASSWORD_RULES, weakPasswordRule } from '../../engine/protections/weak-password-rules.js';
import { octets } from './made-events.js';

const ALL: ReadonlySet<string> = new Set(WEAK_PASSWORD_RULES);

function ruleOf(user: string, password: string): string | null {
  return weakPasswordRule(octets(password), octets(user), ALL, 8);
}

describe('why a password is weak', () => {
  it.each([
    ['bob', '', 'w1'],
    ['robertson', 'RobertSon', 'w2'],
    ['robertson', 'nostrebor', 'w2'],
    ['bob.smith@example.org', 'bob.smith', 'w2'],
    ['bob@wonderland.example', 'dnalrednow', 'w2'],
    ['CORP\\robertson', 'robertson', 'w2'],
    ['robertson', 'robertson1234', 'w3'],
    ['bob@example.org', 'bob!', 'w3'],
    ['bob', 'password', 'w5'],
    ['bob', 'PassW0rd', 'w5'],
    ['bob', '1nt3rn3t', 'w5'],
    ['bob', 'adm1n1$7ra7or', 'w5'],
    ['bob', 'zzzzzzzzz', 'w6'],
    ['bob', 'qwertyuio', 'w6'],
    ['bob', '987654321', 'w6'],
    ['bob', 'ijklmnopq', 'w6'],
    ['bob', 'dragon2024', 'w7'],
    ['bob', 'monkey99!', 'w7'],
    ['bob', 'monkey!99', 'w7'],
    ['bob', 'sunshine!', 'w7'],
    ['bob', 'October24', 'w8'],
    ['bob', 'february1999', 'w8'],
    ['bob', '24121985', 'w9'],
    ['bob', '19851224', 'w9'],
    ['bob', '311299', 'w9'],
    ['bob', 'xK7!vq2', 'w4'],
  ])('user %j, password %j: %s', (user, password, rule) => {
    expect(ruleOf(user, password)).toBe(rule);
  });

  it.each([
    ['bob', 'tr8-Mokk.vul'],
    ['robertson', 'robertson12345'],
    ['robertson', 'robertson!!'],
    ['bob', 'dragon20245x'],
    ['bob', 'dragon!?2024'],
    ['bob', 'october-and-more'],
    ['bob', 'february1850'],
    ['bob', '99999999x'],
    ['bob', '19851324'],
    ['', 'tr8-Mokk.vul'],
    ['bob', 'x'.repeat(200) + 'y'],
  ])('user %j, password %j: none', (user, password) => {
    expect(ruleOf(user, password)).toBeNull();
  });

  it('leaves out the rules that are not asked for', () => {
    expect(weakPasswordRule(octets('bob'), octets('bob'), new Set(['w4']), 3)).toBeNull();
    expect(weakPasswordRule(octets('bob'), octets('bob'), new Set(['w4']), 4)).toBe('w4');
  });

  it('counts characters, not octets, and survives octets that are no UTF-8', () => {
    const umlauts = new TextEncoder().encode('äöüßäöü');
    expect(weakPasswordRule(umlauts, null, ALL, 8)).toBe('w4');
    expect(weakPasswordRule(Uint8Array.of(0xff, 0xfe, 0x80, 0xc1, 0xf5, 0x90, 0xa0, 0xb0), null, ALL, 8)).toBeNull();
  });
});
