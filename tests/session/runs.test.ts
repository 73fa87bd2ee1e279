/** Runs of text: nothing captured is shown unescaped, and nothing is lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineRuns, SHOWN_BYTES, type MarkSpan } from '../../engine/session/runs.js';
import { SEVERITIES } from '../../shared/severity.js';
import type { TextRun } from '../../shared/transcript.js';

const UNSHOWABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;

/** Arbitrary octets, mixed with UTF-8 text full of controls, overrides and invisible characters. */
const octets = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 8 }).map((text) => new TextEncoder().encode(text)),
      fc
        .constantFrom('\u001b[31m', '\u202e', '\u200b', '\u2066', 'é', '日本', '\u00a0', '\u009b', '\ufeff')
        .map((text) => new TextEncoder().encode(text)),
    ),
    { maxLength: 20 },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

const marks = fc.array(
  fc
    .record({ start: fc.nat(300), length: fc.nat(40), severity: fc.constantFrom(...SEVERITIES) })
    .map(({ start, length, severity }): MarkSpan => ({ start, end: start + length, severity })),
  { maxLength: 5 },
);

function decoded(runs: readonly TextRun[]): Uint8Array {
  return Uint8Array.from(
    runs.flatMap((run) => {
      if (run.kind === 'text') return [...new TextEncoder().encode(run.text)];
      if (run.kind === 'octet') return [Number.parseInt(run.hex, 16)];
      throw new Error(`a revealed line has a run of kind ${run.kind}`);
    }),
  );
}

describe('the runs of a line', () => {
  it('never contain a character that controls, hides or turns text', () => {
    fc.assert(
      fc.property(octets, marks, fc.nat(100), fc.nat(100), (line, marks, start, length) => {
        const secret = {
          start: Math.min(start, line.length),
          end: Math.min(start + length, line.length),
          label: 'password',
        };
        for (const hidden of [secret, null]) {
          for (const run of lineRuns({ octets: line, missingBytes: 0, secret: hidden, marks }).runs) {
            if (run.kind === 'text' && UNSHOWABLE.test(run.text)) return false;
            if (run.kind === 'octet' && !/^[0-9A-F]{2}$/.test(run.hex)) return false;
          }
        }
        return true;
      }),
      { numRuns: 500 },
    );
  });

  it('decode to the same octets when nothing is hidden', () => {
    fc.assert(
      fc.property(octets, marks, (line, marks) => {
        fc.pre(line.length <= SHOWN_BYTES);
        const { runs, omittedBytes } = lineRuns({ octets: line, missingBytes: 0, secret: null, marks });
        expect([omittedBytes, decoded(runs)]).toEqual([0, line]);
      }),
    );
  });

  it('never contain a masked secret, and account for every octet', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(30), fc.nat(4000), marks, (before, after, missingBytes, marks) => {
        const line = new TextEncoder().encode(`${'a'.repeat(before)}SECRET${'b'.repeat(after)}`);
        const secret = { start: before, end: before + 6, label: 'token' };
        const { runs, omittedBytes } = lineRuns({ octets: line, missingBytes, secret, marks });
        const text = runs.map((run) => (run.kind === 'text' ? run.text : '')).join('');
        const counted = runs.reduce(
          (sum, run) => sum + (run.kind === 'text' ? run.text.length : run.kind === 'octet' ? 1 : run.lengthBytes),
          0,
        );
        expect([/[A-Z]/.test(text), counted]).toEqual([false, line.length + missingBytes]);
        expect(omittedBytes).toBe(after === 0 ? 0 : missingBytes);
      }),
    );
  });

  it('of a long line show every marked octet of the first sixteen short marks', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60_000), { minLength: 1, maxLength: 16 }), (starts) => {
        const line = new Uint8Array(65_536).fill(0x61);
        const marks = starts.map((start): MarkSpan => ({ start, end: start + 8, severity: 'high' }));
        for (const mark of marks) line.fill(0x01, mark.start, mark.end);
        const { runs } = lineRuns({ octets: line, missingBytes: 0, secret: null, marks });
        const shown = runs.filter((run) => run.kind === 'octet' && run.mark === 'high').length;
        expect(shown).toBe(line.reduce((sum, octet) => sum + (octet === 1 ? 1 : 0), 0));
      }),
      { numRuns: 30 },
    );
  });

  it('do not tear a character apart where a long line is cut', () => {
    const line = new TextEncoder().encode(`x${'é'.repeat(2000)}`);
    const [first] = lineRuns({ octets: line, missingBytes: 0, secret: null, marks: [] }).runs;
    expect(first).toEqual({ kind: 'text', text: `x${'é'.repeat(1023)}`, mark: null });
  });
});
