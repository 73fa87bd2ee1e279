import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowsText } from '../../renderer/session/transcript/row-text.js';
import { guardHex, guardText } from '../../renderer/session/transcript/terminal-guard.js';
import { layoutItems } from '../../renderer/session/transcript/transcript-layout.js';
import type { LayoutFrame } from '../../renderer/session/transcript/transcript-layout.js';
import { SEVERITIES } from '../../shared/severity.js';
import type { TextRun, TranscriptLine } from '../../shared/transcript.js';

const FRAME: LayoutFrame = { columns: 80, startUs: 0, numberWidth: 4, timeWidth: 6, severityOf: () => null };

/** Any string, control characters and lone surrogates far more often than by chance. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCharCode(code))).map((list) => list.join('')),
  fc
    .array(fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code)))
    .map((list) => list.join('')),
  fc.constantFrom('\x1b]0;title\x07', '\x1b[2J', '\x9b31m', '\r\nfaked line', '\u202Eevil', '\x1bP+q544e\x1b\\'),
);
const mark = fc.option(fc.constantFrom(...SEVERITIES), { nil: null });
const run: fc.Arbitrary<TextRun> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: hostile, mark }),
  fc.record({ kind: fc.constant('octet' as const), hex: hostile, mark }),
  fc.record({ kind: fc.constant('masked' as const), label: hostile, lengthBytes: fc.nat(), mark }),
);

function line(runs: readonly TextRun[], severity: TranscriptLine['severity']): TranscriptLine {
  return {
    kind: 'line',
    number: 1,
    timeUs: 0,
    packet: 1,
    direction: 'to_server',
    secure: false,
    role: 'command',
    runs,
    lengthBytes: 0,
    omittedBytes: 0,
    terminator: 'crlf',
    severity,
    findings: [],
  };
}

/** What is left of terminal output when the sequences that `row-text.ts` makes are taken away. */
function withoutOwnSequences(output: string): string {
  return output.replace(/\x1b\[[0-9;]*m|\x1b\[2K|\r\n/g, '');
}

describe('the guard before the terminal', () => {
  it('lets no control character, lone surrogate or direction control through, whatever it is given', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(guardText(text)).not.toMatch(/[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves printable text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aZ0 ~<>@.äß注文é') }), (text) => {
        expect(guardText(text)).toBe(text);
      }),
    );
  });

  it('takes only two upper-case hex digits as an octet', () => {
    expect(['90', 'CC', 'cc', '9', '\x1b[', '123'].map(guardHex)).toEqual(['90', 'CC', '??', '??', '??', '??']);
  });

  it('holds for whole rows: nothing but our own sequences ever reaches the terminal', () => {
    fc.assert(
      fc.property(fc.array(run, { maxLength: 6 }), mark, (runs, severity) => {
        const output = rowsText(layoutItems([line(runs, severity), { kind: 'note', text: '\x1b[31m\x07' }], 0, FRAME));
        expect(withoutOwnSequences(output)).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 300 },
    );
  });
});
