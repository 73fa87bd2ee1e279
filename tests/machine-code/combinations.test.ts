/**
 * Features together: what reaches the score, what does not, and how the kind of
 * the octets changes that. Shapes only; every payload is cut short or made up.
 */
import { describe, expect, it } from 'vitest';
import { CRITICAL_SCORE, isMachineCode } from '../../engine/machine-code/index.js';
import { inWords, namesIn, octets, verdictOn } from './octets.js';

const STRIDE = '(f5 f8 fd 40 41 99 42 98 43 91 45 46)*8';
const CIPHER = '(9d c3 17 e1 5a f4 08 bb)*3';

const FIRING = [
  {
    what: 'sled, jump to call to pop, system call, shell: the example of the catalogue',
    octets: "'FROM:<' 90*32 eb 0c 5e 31 c0 b0 0b cd 80 41 41 41 41 41 e8 ef ff ff ff '/bin/sh>'",
    found: 'F1, F3, F7',
    score: 150,
  },
  { what: 'a sled so long that it is one for every offset as well', octets: '90*96', found: 'F1, F2', score: 75 },
  {
    what: 'the classic stub that pushes a shell',
    octets: '31 c0 50 68 2f 2f 73 68 68 2f 62 69 6e b0 0b cd 80',
    found: 'F7',
    score: 70,
  },
  { what: 'the same in 64-bit mode', octets: "48 31 f6 56 '/bin//sh' 6a 3b 58 0f 05", found: 'F7', score: 70 },
  {
    what: 'FNSTENV with a decoder whose branch is itself encoded',
    octets: 'da c1 d9 74 24 f4 5b 31 c9 b1 0a 31 43 12 83 c3 04 03 43',
    found: 'F4, F6',
    score: 100,
  },
  {
    what: 'jump, call, pop and a loop',
    octets: 'eb 0b 5e 31 c9 b1 1e 80 36 aa 46 e2 fa e8 f0 ff ff ff',
    found: 'F3, F6',
    score: 85,
  },
  {
    what: 'a call to find the place, the environment block of Windows, a loop over hashes',
    octets: 'e8 00 00 00 00 5d 31 d2 64 8b 52 30 8b 52 0c 01 06 46 e2 fb',
    found: 'F3, F5, F6',
    score: 145,
  },
  {
    what: 'an exception record between addresses',
    octets: "(f4 e1 ff bf)*6 eb 06 90 90 'abcd'",
    found: 'F10, F11',
    score: 95,
  },
  { what: 'an egg hunter', octets: '66 81 ca ff 0f 42 52 6a 02 58 cd 2e 3c 05 5a 74 ef', found: 'F7, F11', score: 110 },
  { what: 'an alphanumeric decoder as a host name', octets: "'mail.PYIIIIIIIIIIIIIIII7QZAkA'", found: 'F8', score: 80 },
  { what: 'a sled for every offset before a system call', octets: `${STRIDE} b0 0b cd 80`, found: 'F2, F7', score: 80 },
  {
    what: 'a sled, addresses, and a loop',
    octets: '90*20 80 36 aa 46 e2 fa (f4 e1 ff bf)*6',
    found: 'F1, F6, F10',
    score: 100,
  },
];

describe('together', () => {
  it.each(FIRING)('$what: $score', ({ octets: text, found, score }) => {
    const verdict = verdictOn(octets(text))!;
    expect({ found: namesIn(verdict), score: verdict.score, fires: isMachineCode(verdict) }).toEqual({
      found,
      score,
      fires: true,
    });
    expect(verdict.confidence).toBe(Math.min(99, score));
  });

  it.each(FIRING)('$what: the same as a decoded response when the score is 100', ({ octets: text, score }) => {
    const verdict = verdictOn(octets(text), 'decoded-auth');
    const isEnough = verdict !== null && verdict.score >= Math.max(70, verdict.threshold);
    expect(verdict !== null && isMachineCode(verdict)).toBe(isEnough);
    if (score >= 120) expect(isEnough).toBe(true);
  });

  it('reaches the critical score with the whole shape only', () => {
    const critical = FIRING.filter(({ octets: text }) => (verdictOn(octets(text))?.score ?? 0) >= CRITICAL_SCORE);
    expect(critical.map(({ found }) => found)).toEqual([
      'F1, F3, F7',
      'F4, F6',
      'F3, F5, F6',
      'F10, F11',
      'F7, F11',
      'F1, F6, F10',
    ]);
  });

  it('spans all features, wherever the octets lie', () => {
    const text = octets("'xx' 90*16 41*10 b0 0b cd 80 'yy'");
    const moved = new Uint8Array(1000).fill(0xe8);
    moved.set(text, 300);
    const here = verdictOn(text)!;
    expect([here.start, here.end]).toEqual([2, 32]);
    expect(inWords(here)).toBe('F1 35 2-18, F7 40 28-32');
  });
});

describe('not enough', () => {
  it.each([
    ['a sled alone', '90*95'],
    ['a sled for every offset alone, which is a long chain too', '(01 d8 f8 01 c8 f9)*40'],
    ['a call and pop alone', 'e8 00 00 00 00 5b'],
    ['FNSTENV alone', 'd9 ee d9 74 24 f4 5b'],
    ['the environment block alone', '64 a1 30 00 00 00'],
    ['a loop and a row of addresses', '80 36 aa 46 e2 fa (f4 e1 ff bf)*6'],
  ])('is %s', (_, text) => {
    const verdict = verdictOn(octets(text))!;
    expect({ score: verdict.score, fires: isMachineCode(verdict) }).toEqual({ score: verdict.score, fires: false });
    expect(verdict.score).toBeLessThan(70);
  });

  it('is one feature below 60 alone, however low the score is set', () => {
    expect(isMachineCode(verdictOn(octets('90*16'))!, 10)).toBe(false);
    expect(isMachineCode(verdictOn(octets('d9 ee d9 74 24 f4 5b'))!, 10)).toBe(true);
    expect(isMachineCode(verdictOn(octets('90*16 b0 0b cd 80'))!, 10)).toBe(true);
  });
});

describe('the kind of the octets', () => {
  it('asks for 100 in a decoded response when chance could have made a feature', () => {
    const weak = octets(`${CIPHER} b0 0b cd 80 80 36 aa 46 e2 fa`);
    expect(verdictOn(weak, 'argument')).toMatchObject({ score: 80, threshold: 0 });
    expect(verdictOn(weak, 'decoded-auth')).toMatchObject({ score: 80, threshold: 100 });
    expect(isMachineCode(verdictOn(weak, 'argument')!)).toBe(true);
    expect(isMachineCode(verdictOn(weak, 'decoded-auth')!)).toBe(false);
    expect(isMachineCode(verdictOn(octets('90*32 b0 0b cd 80 80 36 aa 46 e2 fa'), 'decoded-auth')!)).toBe(true);
  });

  it('leaves the score as it is in a decoded response when nothing is there by chance', () => {
    const verdict = verdictOn(octets("eb 06 90 90 'abcd'"), 'decoded-auth')!;
    expect(verdict).toMatchObject({ score: 70, threshold: 0 });
    expect(isMachineCode(verdict)).toBe(true);
  });

  it('has no sleds for every offset and no chains in a decoded response', () => {
    const long = octets('(01 d8 f8 01 c8 f9)*40');
    expect(namesIn(verdictOn(long, 'argument'))).toBe('F2, F9');
    expect(verdictOn(long, 'decoded-auth')).toBeNull();
  });

  it('has no sleds, chains and rows in UTF-8, with or without SMTPUTF8', () => {
    const text = Uint8Array.from(Buffer.from('аб'.repeat(80)));
    expect(verdictOn(text, 'utf8-argument')).toBeNull();
    expect(verdictOn(text, 'argument')).toBeNull();
    // One octet that is no UTF-8, and it is no text any more: F10 counts, unless SMTPUTF8 is in force.
    const damaged = Uint8Array.from([...text, 0xff]);
    expect(namesIn(verdictOn(damaged, 'argument'))).toContain('F10');
    expect(verdictOn(damaged, 'utf8-argument')).toBeNull();
  });

  it('still finds the other features in UTF-8', () => {
    const text = Uint8Array.from([...Buffer.from('Größe '), ...octets("'PYIIIIIIIIII'")]);
    expect(inWords(verdictOn(text, 'utf8-argument'))).toBe('F8 80 8-20');
  });
});
