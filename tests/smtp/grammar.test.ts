import { describe, expect, it } from 'vitest';
import {
  chunkArgument,
  findPath,
  isCompleteCommand,
  replyCode,
  splitCommand,
  type CommandParts,
} from '../../engine/protocols/smtp/grammar.js';
import { VERB, findVerb, verbName } from '../../engine/protocols/smtp/verbs.js';
import { unescapeOctets } from '../transcripts/harness.js';

describe('verbs', () => {
  it('finds every verb of the table in any case, and nothing beside', () => {
    for (const [name, number] of Object.entries(VERB)) {
      if (number === VERB.none) continue;
      const octets = unescapeOctets(` ${name.toLowerCase()}x`);
      expect([name, findVerb(octets, 1, octets.length - 1)]).toEqual([name, number]);
      expect(verbName(number)).toBe(name);
      expect(findVerb(octets, 1, octets.length)).toBe(VERB.none);
    }
  });
});

describe('command lines', () => {
  it.each([
    ['MAIL FROM:<a@b>', true],
    ['Mail from the office', false],
    ['DATA', true],
    ['Data follows below', false],
    ['HELP me', false],
    ['QUIT ', true],
    ['BDAT 10 LAST', true],
    ['BDAT ten', false],
    ['AUTH PLAIN AHRpbQ==', true],
    ['Auth is a hard thing', false],
    ['EHLO client.example', true],
    ['ehlo to you all', false],
  ])('knows whether %j is beyond doubt a command', (text, expected) => {
    const octets = unescapeOctets(text);
    const parts: CommandParts = { verb: 0, verbStart: 0, verbEnd: 0, argumentStart: 0 };
    splitCommand(octets, 0, octets.length, parts);
    expect(isCompleteCommand(octets, parts, octets.length)).toBe(expected);
  });

  it.each([
    ['FROM:<a@b> SIZE=1', 'a@b'],
    ['from: <"x>y"@b>', '"x>y"@b'],
    ['FROM:a@b SIZE=1', 'a@b'],
    ['FROM:<>', ''],
    ['FROM:<cut', 'cut'],
    ['TO:<a@b>', null],
  ])('finds the path in %j', (text, expected) => {
    const octets = unescapeOctets(text);
    const range = { start: 0, end: 0 };
    const found = findPath(octets, 0, octets.length, 'FROM:', range);
    expect(found ? Buffer.from(octets.subarray(range.start, range.end)).toString() : null).toBe(expected);
  });

  it.each([
    ['0 LAST', 0, true],
    ['12', 12, false],
    ['99999999999999999999', Infinity, false],
    ['123456789012345678901', -1, false],
    ['-1', -1, false],
    ['1 LAST x', -1, false],
    ['', -1, false],
  ])('reads the BDAT argument %j', (text, bytes, last) => {
    const octets = unescapeOctets(text);
    const chunk = chunkArgument(octets, 0, octets.length);
    expect([chunk.bytes, chunk.verb !== VERB.BDAT]).toEqual([bytes, last]);
  });
});

describe('reply lines', () => {
  it.each([
    ['220 mx', 220],
    ['250-more', 250],
    ['250', 250],
    ['2500 ok', 0],
    ['25', 0],
    ['050 x', 0],
    ['+OK', 0],
  ])('reads the code of %j', (text, code) => {
    const octets = unescapeOctets(text);
    expect(replyCode(octets, 0, octets.length)).toBe(code);
  });
});
