import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellWidth } from '../../renderer/session/transcript/cell-width.js';
import { frameWidths, layoutItems } from '../../renderer/session/transcript/transcript-layout.js';
import type { LayoutFrame } from '../../renderer/session/transcript/transcript-layout.js';
import type { TextRun } from '../../shared/transcript.js';
import type { TranscriptRow } from '../../renderer/session/transcript/transcript-row.js';
import { fakeFindings, fakeSession, fakeTranscript, octet, text } from './fake-sessions.js';

const SESSION = fakeSession(1);
const FINDINGS = fakeFindings(SESSION);

function frame(columns: number): LayoutFrame {
  const severityOf = (id: number) => FINDINGS.find((finding) => finding.id === id)?.severity ?? null;
  return {
    columns,
    startUs: SESSION.startUs,
    severityOf,
    ...frameWidths(70, SESSION.startUs, SESSION.startUs + 42_501_000),
  };
}

function words(row: TranscriptRow): string {
  return row.spans
    .map((span) => span.text)
    .join('')
    .trimEnd();
}

function widthOf(row: TranscriptRow): number {
  return [...row.spans.map((span) => span.text).join('')].reduce((sum, character) => sum + cellWidth(character), 0);
}

describe('the layout of a transcript', () => {
  it('reads as mail administrators know it: marks, numbers, times that changed, arrows', () => {
    const rows = layoutItems(fakeTranscript(SESSION, false, []), 0, frame(90)).map(words);
    expect(rows.slice(0, 14)).toEqual([
      '     1 0.000   <- 220 mx1.corp.example ESMTP ready',
      '     2 0.021   -> EHLO gw7.partner.example',
      '     3 0.022   <- 250-mx1.corp.example',
      '     4         <- 250-SIZE 52428800',
      '     5         <- 250-AUTH CRAM-MD5 PLAIN LOGIN',
      '     6         <- 250 STARTTLS',
      '**   7 0.048   -> VRFY root',
      '     8 0.049   <- 252 2.0.0 cannot verify',
      '                  --- 42.0 s ---',
      '     9 42.071  -> AUTH CRAM-MD5',
      '    10 42.072  <- 334 •••••••• challenge, 28 bytes',
      '**  11 42.090  -> •••••••• response, 1,400 bytes',
      '    12 42.110  <- 535 5.7.8 authentication failed',
      '**  13 42.131  -> MAIL FROM:<jo9090CC@partner.example>',
    ]);
  });

  it('shows gaps, folds, notes and TLS in their own words', () => {
    const rows = layoutItems(fakeTranscript(SESSION, false, []), 0, frame(200)).map(words);
    expect(rows.slice(-8)).toEqual([
      '               -> [body: 42 lines, 2.9 kB] expand',
      '    66 42.300  -> .',
      '                  --- 1,460 bytes missing from the server ---',
      '    67 42.400  -> STARTTLS',
      '    68 42.401  <- 220 2.0.0 Ready to start TLS',
      '                  TLS 1.3 from here on; 18.0 kB that cannot be read',
      '    69 42.500  ~> EHLO gw7.partner.example',
      '    70 42.501  <~ 250 mx1.corp.example',
    ]);
  });

  it('never makes a row wider than the terminal, and loses no character in breaking', () => {
    const content = fc.string({ unit: fc.constantFrom(...'ab <>注文é') });
    fc.assert(
      fc.property(content, fc.integer({ min: 40, max: 120 }), (long, columns) => {
        const base = fakeTranscript(SESSION, false, [])[0];
        if (base?.kind !== 'line') throw new Error('The transcript begins with a line.');
        const rows = layoutItems([{ ...base, runs: [text(long), octet('00', null), text(long)] }], 0, frame(columns));
        expect(Math.max(...rows.map(widthOf))).toBeLessThanOrEqual(columns);
        const joined = rows
          .map((row, at) =>
            row.spans
              .map((span) => span.text)
              .join('')
              .slice(at === 0 ? 18 : 20),
          )
          .join('');
        expect(joined).toBe(`${long}00${long}`);
      }),
    );
  });

  it('boxes neighbouring octets together, at the cells where they stand', () => {
    const rows = layoutItems(fakeTranscript(SESSION, false, []), 0, frame(90));
    const binary = rows.find((row) => words(row).includes('MAIL FROM:<jo9090CC'));
    expect(binary?.boxes).toEqual([{ column: 31, labels: ['90', '90', 'CC'], mark: 'high' }]);
  });

  it('indents by leading tabs, as folded header fields have them, and boxes every other tab', () => {
    const base = fakeTranscript(SESSION, false, [])[0];
    if (base?.kind !== 'line') throw new Error('The transcript begins with a line.');
    const tab = octet('09', null);
    const layout = (runs: readonly TextRun[]) => layoutItems([{ ...base, runs }], 0, frame(90))[0];
    const folded = layout([tab, text('by mx'), tab]);
    expect([folded && words(folded), folded?.boxes]).toEqual([
      '     1 0.000   <-     by mx09',
      [{ column: 27, labels: ['09'], mark: null }],
    ]);
    expect(layout([octet('09', 'high'), text('x')])?.boxes).toHaveLength(1);
  });

  it('tints every row of an offending line and marks its first', () => {
    const rows = layoutItems(fakeTranscript(SESSION, true, []), 0, frame(60)).filter((row) => row.tint === 'critical');
    expect(rows.map((row) => row.mark)).toEqual(['critical', ...rows.slice(1).map(() => null)]);
    expect(rows.length).toBeGreaterThan(10);
  });

  it('marks a fold by the worst finding that it hides', () => {
    const [medium, critical] = FINDINGS;
    const fold = {
      kind: 'fold',
      id: 9,
      direction: 'to_server',
      lines: 3,
      lengthBytes: 90,
      what: 'body',
      findings: [medium!.id, critical!.id],
      expanded: false,
    } as const;
    expect(layoutItems([fold], 0, frame(80)).map((row) => row.mark)).toEqual(['critical']);
  });
});
