/**
 * The length decoder: what it says of instructions written down here, and
 * that it says of any octets what iced-x86 says, apart from the differences
 * that are explained.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODE, decodeInstruction } from '../../engine/machine-code/length-decoder.js';
import { branchTarget, canRun, flowOf } from '../../engine/machine-code/listing.js';
import { FLOW } from '../../engine/machine-code/opcode-tables.js';
import { DIFFERENCES, exampleOf } from './differences.js';
import { disagreements, SLOT } from './iced.js';
import { octets } from './octets.js';

const decode = (text: string, wide = false): number => {
  const content = octets(text);
  return decodeInstruction(content, 0, content.length, wide);
};
const lengths = (text: string): readonly number[] => [decode(text) & 15, decode(text, true) & 15];

describe('the length', () => {
  it.each([
    ['90', 1, 1],
    ['66 b8 34 12', 4, 4],
    ['b8 78 56 34 12', 5, 5],
    ['48 b8 01 02 03 04 05 06 07 08', 1, 10],
    ['a1 01 02 03 04 05 06 07 08', 5, 9],
    ['67 a1 01 02 03 04', 4, 6],
    ['8b 44 24 04', 4, 4],
    ['8b 04 25 60 00 00 00', 7, 7],
    ['67 8b 06 34 12', 5, 3],
    ['80 74 0e ff aa', 5, 5],
    ['f7 05 01 02 03 04 05 06 07 08', 10, 10],
    ['f7 15 01 02 03 04', 6, 6],
    ['66 e8 01 02 03 04', 4, 6],
    ['c8 10 00 01', 4, 4],
    ['0f 3a 0f c1 08', 5, 5],
    ['9a 01 02 03 04 05 06', 7, 0],
  ])('of %s is %i in 32-bit and %i in 64-bit mode', (text, narrow, wide) => {
    expect(lengths(text)).toEqual([narrow, wide]);
  });

  it('is never above 15', () => {
    expect(decode('66*14 90') & 15).toBe(15);
    expect(decode('66*15 90')).toBe(CODE.undefined);
  });

  it('is none when the octets end inside the instruction', () => {
    for (const text of ['66', '0f', '0f 38', '8b', '8b 44', '8b 44 24', 'e8 01 02 03', 'b8 01']) {
      expect({ text, code: decode(text) }).toEqual({ text, code: CODE.cutOff });
    }
  });
});

describe('what an instruction is good for', () => {
  it('knows what a process cannot run', () => {
    for (const text of ['f4', 'fa', 'ec', '0f 30', '0f 01 16', 'cc', 'f1', '0f 0b', 'ff ff', 'f0 90']) {
      expect({ text, canRun: canRun(decode(text)) }).toEqual({ text, canRun: false });
    }
  });

  it('knows where branches go', () => {
    const target = (text: string): number => branchTarget(octets(text), 0, decode(text));
    expect([target('eb 05'), target('e2 fa'), target('e8 ef ff ff ff'), target('0f 84 10 00 00 00')]).toEqual([
      7, -4, -12, 22,
    ]);
    expect([target('c3'), target('ff e4'), target('90')]).toEqual([-1, -1, -1]);
  });

  it('knows what leaves for good', () => {
    expect(['c3', 'c2 04 00', 'cb', 'ff e4', 'ff 10', 'cf'].map((text) => flowOf(decode(text)))).toEqual(
      Array(6).fill(FLOW.leaves),
    );
    expect(['90', 'ff c0', 'ff 30', 'cd 80'].map((text) => flowOf(decode(text)))).toEqual(Array(4).fill(FLOW.on));
  });
});

/** Slots that begin with these octets and go on with chance. */
function slots(beginnings: readonly (readonly number[])[], chance: Uint8Array): Uint8Array {
  const content = new Uint8Array(beginnings.length * SLOT);
  for (let i = 0; i < content.length; i++) content[i] = chance[i % chance.length] as number;
  beginnings.forEach((beginning, index) => content.set(beginning, index * SLOT));
  return content;
}

const OPCODES = Array.from({ length: 256 }, (_, opcode) => opcode);
const LEADS = [[], [0x66], [0xf3], [0xf2], [0xf0], [0x48], [0x66, 0x4f], [0x67]];
const MAPS = [[], [0x0f], [0x0f, 0x38], [0x0f, 0x3a]];
/** Every opcode of every map behind every kind of prefix. */
const EVERY_OPCODE = MAPS.flatMap((map) => LEADS.flatMap((lead) => OPCODES.map((opcode) => [...lead, ...map, opcode])));
/** A prime number of octets, so that each slot sees others. */
const chanceOctets = fc.uint8Array({ minLength: 4099, maxLength: 4099 });

const unexplained = (content: Uint8Array): readonly unknown[] =>
  [false, true].flatMap((wide) =>
    disagreements(content, wide).filter((found) => !DIFFERENCES.some(({ covers }) => covers(found))),
  );

describe('a second opinion', () => {
  it('agrees on every opcode of every map, whatever follows', () => {
    const runs = Number(process.env['MAILSCOPE_RUNS'] ?? 12);
    fc.assert(
      fc.property(chanceOctets, (chance) => {
        expect(unexplained(slots(EVERY_OPCODE, chance))).toEqual([]);
      }),
      { numRuns: runs, seed: 1985, endOnFailure: true },
    );
  });

  it('agrees on every ModRM octet of every opcode of the first two maps', () => {
    const every = [[], [0x66], [0xf3], [0xf2]].flatMap((lead) =>
      [[], [0x0f]].flatMap((map) =>
        OPCODES.flatMap((opcode) => OPCODES.map((modRm) => [...lead, ...map, opcode, modRm])),
      ),
    );
    expect(unexplained(slots(every, octets('24 7e 05 81 c3 15 f6')))).toEqual([]);
  });

  it('agrees on random octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16_384, maxLength: 16_384 }), (chance) => {
        expect(unexplained(chance)).toEqual([]);
      }),
      { numRuns: 20, seed: 1978, endOnFailure: true },
    );
  });

  it.each(DIFFERENCES)('differs on $name', (difference) => {
    const { content, wide } = exampleOf(difference);
    const found = disagreements(content, wide);
    expect(found.map((one) => difference.covers(one))).toEqual([true]);
    expect(difference.reason).not.toBe('');
  });
});
