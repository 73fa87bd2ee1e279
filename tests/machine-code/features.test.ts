/**
 * Each feature where it is, and where it nearly is. The octets show shapes for
 * the detector: none of them does anything that could be used.
 */
import { describe, expect, it } from 'vitest';
import { inWords, octets, OPTIONS, verdictOn } from './octets.js';

/** A stretch of 96 octets that runs from every offset: eight one-octet instructions, then four that are text. */
const STRIDE = '(f5 f8 fd 40 41 99 42 98 43 91 45 46)*8';
/** Three instructions; entered in their middle they return, so there is no F2, and six octets are no row of addresses. */
const THREE = '(01 d8 29 c2 31 f6)';

interface Case {
  readonly what: string;
  readonly octets: string;
  readonly found: string;
}

function testCases(name: string, cases: readonly Case[]): void {
  describe(name, () => {
    it.each(cases)('$what', ({ octets: text, found }) => {
      expect(inWords(verdictOn(octets(text)))).toBe(found);
    });
  });
}

testCases('F1, a trivial sled', [
  { what: 'is 16 octets that do nothing', octets: "'HELO ' 90*16", found: 'F1 35 5-21' },
  { what: 'may mix its instructions', octets: "'x' (90 f8 99 9b)*4 'tail'", found: 'F1 35 1-17' },
  { what: 'is not found in 15 of them', octets: "'HELO ' 90*15 '.'", found: 'nothing' },
  { what: 'is not found in INC ECX, which is the letter A', octets: '41*200 ff', found: 'nothing' },
]);

testCases('F2, a sled for every offset', [
  { what: 'is 96 octets that run from each of them', octets: `cc ${STRIDE} cc`, found: 'F2 40 1-97' },
  {
    what: 'ends at a return',
    octets: `${STRIDE.replace('*8', '*4')} c3 ${STRIDE.replace('*8', '*4')}`,
    found: 'nothing',
  },
  {
    what: 'ends at a privileged instruction',
    octets: `${STRIDE.replace('*8', '*4')} f4 ${STRIDE.replace('*8', '*4')}`,
    found: 'nothing',
  },
  {
    what: 'is not found when three quarters of it are text',
    octets: "cc ('AAAAAAAAAAAA') f8 41*84 f8 cc",
    found: 'nothing',
  },
]);

testCases('F3, call and pop', [
  { what: 'is a call to the next instruction, which pops', octets: "'x' e8 00 00 00 00 5b", found: 'F3 45 1-7' },
  {
    what: 'is a call backward to a pop, the jump to it included',
    octets: "'x' eb 02 5e 46 e8 f9 ff ff ff",
    found: 'F3 45 1-10',
  },
  { what: 'is the call into its own last octet', octets: "'x' e8 ff ff ff ff c1 5e", found: 'F3 45 1-7' },
  { what: 'allows three instructions before the pop', octets: 'e8 00 00 00 00 f8 f9 fc 5b', found: 'F3 45 0-9' },
  { what: 'does not allow four', octets: 'e8 00 00 00 00 f8 f9 fc f8 5b', found: 'nothing' },
  { what: 'is no call out of the argument', octets: "'x' e8 20 00 00 00 5b", found: 'nothing' },
  { what: 'is no call farther than 512 octets', octets: 'e8 01 02 00 00 41*513 5b', found: 'nothing' },
  { what: 'is no jump forward to a call forward', octets: "eb 01 41 e8 01 00 00 00 'zz'", found: 'nothing' },
]);

testCases('F4, the x87 environment', [
  { what: 'is FNSTENV between an x87 instruction and a pop', octets: "'x' d9 ee d9 74 24 f4 5b", found: 'F4 60 1-8' },
  { what: 'allows instructions between', octets: 'da c1 31 c9 d9 74 24 f4 b1 56 58', found: 'F4 60 0-11' },
  { what: 'needs an x87 instruction before', octets: "'xxxx' d9 74 24 f4 5b", found: 'nothing' },
  { what: 'needs it within 40 octets', octets: 'd9 ee 41*39 d9 74 24 f4 5b', found: 'nothing' },
  { what: 'needs the pop within 12 octets', octets: 'd9 ee d9 74 24 f4 41*12 5b', found: 'nothing' },
]);

testCases('F5, the process environment block', [
  { what: 'is MOV EAX, fs:[30h]', octets: "'x' 64 a1 30 00 00 00", found: 'F5 60 1-7' },
  { what: 'is MOV of any register from fs:[30h]', octets: '64 8b 1d 30 00 00 00', found: 'F5 60 0-7' },
  { what: 'is fs:[register + 30h] behind its clearing', octets: '31 d2 41 64 8b 52 30', found: 'F5 60 0-7' },
  { what: 'is gs:[60h] in 64-bit mode', octets: '65 48 8b 04 25 60 00 00 00', found: 'F5 60 0-9' },
  { what: 'is gs:[register + 60h] behind its clearing', octets: '48 31 d2 65 48 8b 52 60', found: 'F5 60 1-8' },
  {
    what: 'is not another field of the thread block',
    octets: '64 a1 18 00 00 00 64 8b 1d 2c 00 00 00',
    found: 'nothing',
  },
  { what: 'is not found when another register was cleared', octets: '31 c9 41 64 8b 52 30', found: 'nothing' },
  { what: 'is not found when it was cleared 25 octets before', octets: '31 d2 41*23 64 8b 52 30', found: 'nothing' },
]);

testCases('F6, a decoder loop', [
  { what: 'is XOR of memory, and LOOP back to before it', octets: "'x' 80 36 aa 46 e2 fa", found: 'F6 40 1-7' },
  { what: 'may end in a conditional jump', octets: '30 06 46 49 75 fa', found: 'F6 40 0-6' },
  { what: 'is not found when registers only change', octets: '30 c6 46 49 75 fa', found: 'nothing' },
  { what: 'is not found when the branch leads behind the change', octets: '80 36 aa 46 e2 fd', found: 'nothing' },
  {
    what: 'is not found when the branch leads into an instruction',
    octets: '80 36 e8 46 41 42 e2 f9',
    found: 'nothing',
  },
  { what: 'is not longer than 48 octets', octets: '80 36 aa 41*44 e2 cf', found: 'nothing' },
  { what: 'may be 48 octets long', octets: '80 36 aa 41*43 e2 d0', found: 'F6 40 0-48' },
  {
    what: 'may hide its branch behind F4',
    octets: 'd9 ee d9 74 24 f4 5b 31 43 12 83 c3 04',
    found: 'F4 60 0-7, F6 40 7-13',
  },
  {
    what: 'hides nothing when another register moves',
    octets: 'd9 ee d9 74 24 f4 5b 31 43 12 83 c6 04',
    found: 'F4 60 0-7',
  },
]);

testCases('F7, a system call', [
  { what: 'is INT 80h behind the setting of AL', octets: "'x' b0 0b cd 80", found: 'F7 40 1-5' },
  { what: 'is SYSCALL behind PUSH and POP', octets: '6a 3b 58 99 0f 05', found: 'F7 40 0-6' },
  { what: 'is INT 2Eh behind the clearing of EAX', octets: '31 c0 40 cd 2e', found: 'F7 40 0-5' },
  { what: 'is SYSENTER', octets: 'b0 0b 0f 34', found: 'F7 40 0-4' },
  { what: 'weighs 70 beside a shell', octets: "'/bin/sh' b0 0b cd 80", found: 'F7 70 7-11' },
  { what: 'weighs 70 beside the pushing of a shell', octets: '68 2f 2f 73 68 b0 0b cd 80', found: 'F7 70 5-9' },
  { what: 'needs a setting of its number', octets: "'/bin/sh' 41 41 cd 80", found: 'nothing' },
  { what: 'needs it within 24 octets', octets: 'b0 0b 41*23 cd 80', found: 'nothing' },
  { what: 'needs the setting to lead to it', octets: "'x' b0 0b b8 41 42 43 cd 80", found: 'nothing' },
  { what: 'is no other interrupt', octets: 'b0 0b cd 21', found: 'nothing' },
]);

testCases('F8, an alphanumeric decoder', [
  { what: 'is found in text', octets: "'HELO xxPYIIIIIIIIIIIIII7QZ'", found: 'F8 80 7-19' },
  { what: 'is found in its second form', octets: "'TYIIIIIIIIII'", found: 'F8 80 0-12' },
  { what: 'is found in its Unicode form', octets: "'..PPYAIAIAIAIA'", found: 'F8 80 2-14' },
  { what: 'is found in its mixed-case form', octets: "'IIIIIII7QZjAXP0A0AkAAQ2AB'", found: 'F8 80 10-22' },
  {
    what: 'is found in the form for exception handlers',
    octets: "'VTX30VX4AP0A3HH0A00ABAABTAAQ2AB2BB0BBXP8ACJJI'",
    found: 'F8 80 0-45',
  },
  { what: 'is found among octets that are no text', octets: "ff 'TYIIIIIIIIII' ff", found: 'F8 80 1-13' },
  { what: 'is not found one letter short', octets: "'HELO xxPYIIIIIIIII7QZ'", found: 'nothing' },
  {
    what: 'is not found when only its window fits',
    octets: "'VTX30VX4AP0A3HH0A00ABAABTAAQ2AB2BB0BBXP8ACJJ.'",
    found: 'nothing',
  },
  { what: 'is not found in small letters', octets: "'tyiiiiiiiiiiiiii'", found: 'nothing' },
]);

testCases('F9, a long chain', [
  { what: 'is 60 instructions in a row', octets: `cc ${THREE}*20 cc`, found: 'F9 25 1-121' },
  { what: 'is not found in 59', octets: `cc ${THREE}*19 01 d8 29 c2 cc`, found: 'nothing' },
  { what: 'does not count instructions of text', octets: 'cc (01 d8 29 c2 41)*29 01 d8 cc', found: 'nothing' },
  { what: 'does not count instructions that do nothing', octets: 'cc (01 d8 29 c2 90)*29 01 d8 cc', found: 'nothing' },
  {
    what: 'follows a jump forward',
    octets: `cc ${THREE}*10 eb 02 cc cc ${THREE}*10 cc`,
    found: 'F9 25 1-125',
  },
]);

testCases('F10, a row of addresses', [
  { what: 'is six equal words', octets: "'x' (f4 e1 ff bf)*6 'y'", found: 'F10 25 1-25' },
  { what: 'may have words of eight octets', octets: "'x' (10 e4 ff ff 41 62 63 7f)*6", found: 'F10 25 1-49' },
  { what: 'may be of sprayed memory', octets: '0c*24', found: 'F10 25 0-24' },
  {
    what: 'may have the two NULs of a 64-bit address',
    octets: "'x' (10 e4 ff ff ff 7f 00 00)*6",
    found: 'F10 25 1-49',
  },
  { what: 'is not a name in UTF-16', octets: '(61 00 62 00)*12', found: 'nothing' },
  { what: 'is not five words', octets: "'x' (f4 e1 ff bf)*5 'y'", found: 'nothing' },
  { what: 'is not text', octets: "80 ('abcd')*20", found: 'nothing' },
  { what: 'is not padding with one octet', octets: 'ff*64 00*64', found: 'nothing' },
]);

testCases('F11, egg hunter and exception record', [
  { what: 'is the jump over a handler', octets: "'x' eb 06 90 90 'abcd'", found: 'F11 70 1-9' },
  { what: 'may jump over eight', octets: "eb 08 90 90 'abcd'", found: 'F11 70 0-8' },
  {
    what: 'is the walk through the pages',
    octets: '66 81 ca ff 0f 42 52 6a 02 58 cd 2e',
    found: 'F7 40 7-12, F11 70 0-12',
  },
  { what: 'is no jump by seven', octets: "eb 07 90 90 'abcd'", found: 'nothing' },
  { what: 'is not found without the handler', octets: "eb 06 90 90 'abc'", found: 'nothing' },
  { what: 'is not the walk with another step', octets: '66 81 ca ff 0e 42 52 6a 02 41 cd 2e', found: 'nothing' },
]);

describe('settings', () => {
  it('leave out the features that are not chosen', () => {
    const both = octets('90*16 b0 0b cd 80');
    expect(inWords(verdictOn(both))).toBe('F1 35 0-16, F7 40 16-20');
    expect(inWords(verdictOn(both, 'argument', { ...OPTIONS, features: new Set(['F7']) }))).toBe('F7 40 16-20');
    expect(verdictOn(both, 'argument', { ...OPTIONS, features: new Set() })).toBeNull();
    expect(verdictOn(octets("'PYIIIIIIIIII'"), 'argument', { ...OPTIONS, features: new Set(['F7']) })).toBeNull();
  });

  it('decode only for the processors that are chosen', () => {
    const narrow = { ...OPTIONS, arches: new Set(['x86-32']) };
    const wide = { ...OPTIONS, arches: new Set(['x86-64']) };
    expect(inWords(verdictOn(octets('b0 0b cd 80'), 'argument', narrow))).toBe('F7 40 0-4');
    expect(verdictOn(octets('b0 0b cd 80'), 'argument', wide)).toBeNull();
    expect(verdictOn(octets('6a 3b 58 0f 05'), 'argument', narrow)).toBeNull();
    expect(verdictOn(octets('64 a1 30 00 00 00'), 'argument', wide)).toBeNull();
    expect(verdictOn(octets('d9 ee d9 74 24 f4 5b'), 'argument', wide)).toBeNull();
  });

  it('end the scan after so many octets', () => {
    const late = octets('41*80 90*16');
    expect(inWords(verdictOn(late, 'argument', { ...OPTIONS, maxScan: 96 }))).toBe('F1 35 80-96');
    expect(verdictOn(late, 'argument', { ...OPTIONS, maxScan: 95 })).toBeNull();
  });
});
