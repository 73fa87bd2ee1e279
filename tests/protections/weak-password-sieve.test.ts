import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMON_PASSWORDS, KEY_RUNS, SEASONS_AND_MONTHS } from '../../engine/protections/weak-password-list.js';
import { WEAK_PASSWORD_RULES, weakPasswordRule } from '../../engine/protections/weak-password-rules.js';
import { isSurelyStrong } from '../../engine/protections/weak-password-sieve.js';
import { octets } from './made-events.js';

const ALL = new Set<string>(WEAK_PASSWORD_RULES);

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9.]{0,9}$/);
const user = fc.oneof(
  name,
  fc.tuple(name, name).map(([local, label]) => `${local}@${label}.example`),
  fc.tuple(name, name).map(([domain, local]) => `${domain}\\${local}`),
  fc.tuple(name, name, name).map(([domain, local, label]) => `${domain}\\${local}@${label}`),
);
const word = fc.constantFrom(...COMMON_PASSWORDS, ...SEASONS_AND_MONTHS, ...KEY_RUNS);
const decoration = fc.stringMatching(/^(?:[!.?@#]?\d{0,5}|\d{0,5}[!.?@#]?)$/);

function substituted(text: string, seed: number): string {
  const forms: Readonly<Record<string, string>> = { o: '0', e: '3', a: '4@', s: '5$', t: '7', l: '1', i: '1' };
  return [...text]
    .map((letter, i) => {
      const form = forms[letter];
      if (((seed >> (i % 16)) & 1) === 0) return letter;
      return form === undefined ? letter.toUpperCase() : (form[seed % form.length] as string);
    })
    .join('');
}

function backwards(text: string): string {
  return [...text].reverse().join('');
}

const decorated = fc
  .tuple(word, fc.nat(65_535), decoration)
  .map(([text, seed, behind]) => substituted(text, seed) + behind);
const chance = fc.oneof(
  fc.string({ maxLength: 20, unit: 'binary-ascii' }),
  fc.stringMatching(/^\d{4,10}$/),
  fc.tuple(fc.stringMatching(/^[a-zA-Z!]$/), fc.integer({ min: 6, max: 14 })).map(([letter, n]) => letter.repeat(n)),
  word.chain((text) => fc.tuple(fc.nat(text.length), fc.nat(text.length)).map(([a, b]) => text.slice(a, a + b))),
);

function parts(of: string): string[] {
  const at = of.lastIndexOf('@');
  const local = at === -1 ? of : of.slice(0, at);
  return [of, local, of.slice(at + 1).split('.')[0] ?? '', local.slice(local.lastIndexOf('\\') + 1)];
}

const login = fc.tuple(user, fc.oneof(decorated, chance), decoration, fc.nat(7)).map(([of, password, behind, form]) => {
  const part = parts(of)[form % 4] as string;
  const ofName = form < 4 ? part + behind : backwards(part);
  return { user: of, passwords: [password, ofName, ofName.toUpperCase(), backwards(password)] };
});

describe('a password that is surely strong', () => {
  it('breaks no rule', () => {
    fc.assert(
      fc.property(login, fc.integer({ min: 1, max: 20 }), ({ user: of, passwords }, least) => {
        for (const password of passwords) {
          const [secret, owner] = [octets(password), octets(of)];
          if (isSurelyStrong(secret, owner, least)) expect(weakPasswordRule(secret, owner, ALL, least)).toBeNull();
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('is told from a weak one without its rules, as most are', () => {
    const strong = ['vex0-quilt-Harbour', 'Lumpen-Zirkel.41', 'kT9#wwQz', 'correct horse battery staple'];
    expect(strong.map((password) => isSurelyStrong(octets(password), octets('ida@b.example'), 8))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it.each(['passw0rd2024', 'Summer24', 'qwertyuiop', 'aaaaaaaa', '31121999', 'ida@b.example1', 'short', 'pässwörter'])(
    'is not %s',
    (password) => {
      expect(isSurelyStrong(octets(password), octets('ida@b.example'), 8)).toBe(false);
    },
  );
});
