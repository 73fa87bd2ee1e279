/** Files that are cut short or whose octets were changed: everything before the damage is delivered, nothing throws. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectOctets, unevenSizes } from './inspect-octets.js';
import { captureNames, capturePath, readCapture } from './real-captures.js';

const SAMPLES = join(import.meta.dirname, '../../assets/samples');
const CLASSIC_HEADER = 24;
const RECORD_HEADER = 16;
/** The shortest section header block of a pcapng file; less may not be known for one. */
const SECTION_HEADER = 28;
const LARGEST_DAMAGED_CAPTURE = 12_000;

const classic = readFileSync(join(SAMPLES, 'small.pcap'));
const bundled = ['small.pcap', 'small.pcapng'].map((name) => readFileSync(join(SAMPLES, name)));
const small = captureNames('mail')
  .map((name) => readCapture(capturePath('mail', name)))
  .filter(({ length }) => length <= LARGEST_DAMAGED_CAPTURE);

/** Where the last whole record of a classic little-endian capture ends, at or before `cut`. */
function lastWholeRecord(octets: Buffer, cut: number): number {
  let end = CLASSIC_HEADER;
  while (end + RECORD_HEADER <= cut) {
    const next = end + RECORD_HEADER + octets.readUInt32LE(end + 8);
    if (next > cut) break;
    end = next;
  }
  return end;
}

describe('a capture that is cut short', () => {
  it('delivers what the same capture without its last, broken record delivers, and names the byte', () => {
    for (let cut = CLASSIC_HEADER + 1; cut < classic.length; cut += 61) {
      const whole = lastWholeRecord(classic, cut);
      const expected = inspectOctets(classic.subarray(0, whole));
      const actual = inspectOctets(classic.subarray(0, cut));
      expect(actual.sessions).toEqual(expected.sessions);
      expect(actual.violations).toEqual(expected.violations);
      const problem = cut === whole ? null : { code: 'capture-cut-short', names: true };
      const { problem: found } = actual;
      expect(found && { code: found.code, names: found.message.includes(`byte ${cut}`) }).toEqual(problem);
    }
  });

  it('names the byte in a pcapng file too, wherever it is cut', () => {
    const pcapng = bundled[1] as Buffer;
    for (let cut = SECTION_HEADER; cut < pcapng.length; cut += 101) {
      const { problem } = inspectOctets(pcapng.subarray(0, cut));
      if (problem === null) continue; // cut between two blocks
      expect([problem.code, /byte \d+/i.test(problem.message)]).toEqual(['capture-cut-short', true]);
    }
  });
});

/** Octets of one of the captures with some of them changed and the end cut off. */
const damaged = fc
  .record({
    original: fc.constantFrom(...bundled, ...small),
    edits: fc.array(fc.record({ at: fc.nat(), octet: fc.nat(255) }), { maxLength: 24 }),
    keep: fc.integer({ min: 1, max: 1000 }),
  })
  .map(({ original, edits, keep }) => {
    const octets = Buffer.from(original.subarray(0, Math.ceil((original.length * keep) / 1000)));
    for (const { at, octet } of edits) octets[at % octets.length] = octet;
    return octets;
  });

describe('a capture with changed octets', () => {
  it('never throws, closes every session it opened, and says the same in chunks', () => {
    fc.assert(
      fc.property(damaged, (octets) => {
        const whole = inspectOctets(octets);
        expect(whole.sessions.length + whole.totals.discardedSessions).toBe(whole.totals.sessions);
        expect(inspectOctets(octets, unevenSizes(512))).toEqual(whole);
      }),
      { numRuns: 400 },
    );
  }, 60_000);
});
