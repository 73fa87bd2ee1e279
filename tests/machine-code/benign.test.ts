/**
 * No false alarm: arguments and responses without code never reach the score.
 * Some thousands in all, the same in every run; `MAILSCOPE_CODE_CASES=250000`
 * asks for so many, which takes minutes.
 */
import { describe, expect, it } from 'vitest';
import { isMachineCode, type CodeKind } from '../../engine/machine-code/index.js';
import {
  doubleOctetName,
  internationalAddress,
  oldName,
  plainText,
  repeatedLetter,
  type Benign,
} from './benign-text.js';
import { ciphertext, kerberosToken, ntlmToken, textToken, wrapToken } from './benign-tokens.js';
import { Chance } from './chance.js';
import { inWords, octets, verdictOn } from './octets.js';

const CASES = Number(process.env['MAILSCOPE_CODE_CASES'] ?? 6000);
const SEED = 0x5eed_c0de;

interface Corpus {
  readonly name: string;
  readonly make: (chance: Chance) => Benign;
  readonly kinds: readonly CodeKind[];
}

const ADDRESS: readonly CodeKind[] = ['argument', 'utf8-argument'];
const RESPONSE: readonly CodeKind[] = ['decoded-auth'];
const CORPORA: readonly Corpus[] = [
  { name: 'addresses in many scripts', make: internationalAddress, kinds: ADDRESS },
  { name: 'a letter many times', make: repeatedLetter, kinds: ADDRESS },
  { name: 'names in character sets of one octet', make: oldName, kinds: ['argument'] },
  { name: 'names in character sets of two octets', make: doubleOctetName, kinds: ['argument'] },
  { name: 'VERP, SRS, base64, padding', make: plainText, kinds: [...ADDRESS, 'decoded-auth'] },
  { name: 'Kerberos', make: kerberosToken, kinds: RESPONSE },
  { name: 'GSSAPI wrap tokens', make: wrapToken, kinds: RESPONSE },
  { name: 'NTLM', make: ntlmToken, kinds: RESPONSE },
  { name: 'SCRAM, DIGEST-MD5, PLAIN', make: textToken, kinds: RESPONSE },
  { name: 'ciphertext', make: ciphertext, kinds: RESPONSE },
];

/** What was taken for code. */
function alarmsIn({ make, kinds }: Corpus, cases: number): readonly string[] {
  const chance = new Chance(SEED);
  const alarms: string[] = [];
  for (let i = 0; i < cases; i++) {
    const { what, content } = make(chance);
    for (const kind of kinds) {
      const verdict = verdictOn(content, kind);
      if (verdict === null || !isMachineCode(verdict)) continue;
      alarms.push(`${kind} ${what}: ${inWords(verdict)} in ${Buffer.from(content).toString('hex')}`);
    }
  }
  return alarms;
}

describe('no code is seen in', () => {
  it.each(CORPORA)(
    '$name',
    (corpus) => {
      expect(alarmsIn(corpus, Math.ceil(CASES / CORPORA.length))).toEqual([]);
    },
    600_000,
  );

  it('ciphertext of every length', () => {
    const chance = new Chance(SEED);
    for (let length = 24; length < 600; length++) {
      const verdict = verdictOn(Uint8Array.from(chance.octets(length)), 'decoded-auth');
      expect(verdict !== null && isMachineCode(verdict)).toBe(false);
    }
  });
});

describe('the corpora are worth something', () => {
  it('because code put into them is found', () => {
    const stub = octets("eb 0b 5e 31 c9 b1 1e 80 36 aa 46 e2 fa e8 f0 ff ff ff '/bin/sh' b0 0b cd 80");
    for (const { make, kinds } of CORPORA) {
      const chance = new Chance(SEED);
      for (let i = 0; i < 20; i++) {
        const { content } = make(chance);
        const infected = Uint8Array.from([...content.subarray(0, 3900), ...stub]);
        for (const kind of kinds) expect(isMachineCode(verdictOn(infected, kind)!)).toBe(true);
      }
    }
  });

  it('because chance alone makes features', () => {
    const chance = new Chance(SEED);
    const scores = Array.from({ length: 200 }, () => verdictOn(ciphertext(chance).content, 'decoded-auth')?.score ?? 0);
    expect(scores.filter((score) => score > 0).length).toBeGreaterThan(10);
  });
});
