/** The transcript of a conversation: masking, marking, folding, pauses, bounds. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import type { Occurrence } from '../../engine/protections/record.js';
import { TO_CLIENT, TO_SERVER } from '../../engine/protocols/events.js';
import { TranscriptBuilder, type PageRequest } from '../../engine/session/transcript.js';
import type { TranscriptItem, TranscriptLine, TranscriptPage } from '../../shared/transcript.js';
import { START_US, WireTalk } from './wire-talk.js';

function pageOf(builder: TranscriptBuilder, request: Partial<PageRequest> = {}): TranscriptPage {
  const all = {
    sessionId: 7,
    startUs: START_US,
    reveal: false,
    expand: [],
    from: 0,
    count: 1000,
    occurrences: [],
    violations: [],
  };
  return builder.page({ ...all, ...request });
}

/** One line of text per item, for comparing whole transcripts at a glance. */
function drawn(items: readonly TranscriptItem[]): readonly string[] {
  return items.map((item) => {
    switch (item.kind) {
      case 'line':
        return `${item.number} ${item.direction === 'to_server' ? '->' : '<-'} ${drawnRuns(item)}`;
      case 'fold':
        return `fold ${item.id} ${item.what} ${item.lines} lines ${item.lengthBytes} bytes${item.expanded ? ' open' : ''}`;
      case 'gap':
        return `gap ${item.direction} ${item.lengthBytes}`;
      case 'pause':
        return `pause ${item.seconds}`;
      case 'note':
        return `note ${item.text}`;
    }
  });
}

function drawnRuns({ runs }: TranscriptLine): string {
  return runs
    .map((run) => {
      const text = {
        text: () => (run.kind === 'text' ? run.text : ''),
        octet: () => (run.kind === 'octet' ? `<${run.hex}>` : ''),
        masked: () => (run.kind === 'masked' ? `(${run.label} ${run.lengthBytes})` : ''),
        omitted: () => (run.kind === 'omitted' ? `(… ${run.lengthBytes})` : ''),
      }[run.kind]();
      return run.mark === null ? text : `{${run.mark}:${text}}`;
    })
    .join('');
}

function occurrence(builder: Partial<Occurrence>): Occurrence {
  return { protection: 'smtp-x', severity: 'high', line: 1, direction: TO_SERVER, offset: 0, length: 1, ...builder };
}

describe('a transcript', () => {
  it('shows both sides in order, with everything about each line', () => {
    const builder = new TranscriptBuilder();
    new WireTalk(builder).server('220 ready', { role: 'greeting' }).client('QUIT', { terminator: 'lf', after: 0.5 });
    expect(pageOf(builder)).toEqual({
      sessionId: 7,
      items: [
        {
          kind: 'line',
          number: 1,
          timeUs: START_US,
          packet: 1,
          direction: 'to_client',
          secure: false,
          role: 'greeting',
          runs: [{ kind: 'text', text: '220 ready', mark: null }],
          lengthBytes: 11,
          omittedBytes: 0,
          terminator: 'crlf',
          severity: null,
          findings: [],
        },
        {
          kind: 'line',
          number: 2,
          timeUs: START_US + 500_000,
          packet: 2,
          direction: 'to_server',
          secure: false,
          role: 'command',
          runs: [{ kind: 'text', text: 'QUIT', mark: null }],
          lengthBytes: 5,
          omittedBytes: 0,
          terminator: 'lf',
          severity: null,
          findings: [],
        },
      ],
      from: 0,
      total: 2,
      startUs: START_US,
      revealed: false,
      masked: 0,
      warnings: [],
    });
  });

  it('masks secrets until they are revealed, and counts them', () => {
    const builder = new TranscriptBuilder();
    const talk = new WireTalk(builder);
    talk
      .client('PASS hunter2', { secret: 'hunter2' })
      .client('A LOGIN kim {6}')
      .blob(TO_SERVER, 'literal', ['sec', 'ret'], 'password');
    const hidden = pageOf(builder);
    expect([drawn(hidden.items), hidden.masked]).toEqual([
      ['1 -> PASS (password 7)', '2 -> A LOGIN kim {6}', '3 -> (password 6)'],
      2,
    ]);
    const shown = pageOf(builder, { reveal: true });
    expect([drawn(shown.items), shown.masked]).toEqual([
      ['1 -> PASS hunter2', '2 -> A LOGIN kim {6}', '3 -> secret'],
      0,
    ]);
  });

  it('masks the whole of a secret that is longer than what is held', () => {
    const builder = new TranscriptBuilder();
    new WireTalk(builder).client('AAAA', { secret: 'AAAA', secretLabel: 'response', omittedBytes: 90_000 });
    expect(drawn(pageOf(builder).items)).toEqual(['1 -> (response 90004)']);
    expect(drawn(pageOf(builder, { reveal: true }).items)).toEqual(['1 -> AAAA(… 90000)']);
  });

  it('marks exactly the offending octets, the worst severity winning, and names the findings', () => {
    const builder = new TranscriptBuilder();
    new WireTalk(builder).client('EHLO a').client(Uint8Array.from([0x52, 0x90, 0x41, 0xc3, 0xa9]));
    const occurrences = [
      occurrence({ protection: 'smtp-a', severity: 'medium', line: 2, offset: 8, length: 3 }),
      occurrence({ protection: 'smtp-b', severity: 'critical', line: 2, offset: 9, length: 1 }),
      // The second octet of é: a mark never splits a character.
      occurrence({ protection: 'smtp-c', severity: 'low', line: 2, offset: 12, length: 1 }),
    ];
    const violations = [
      { id: 5, protection: 'smtp-b' },
      { id: 3, protection: 'smtp-a' },
      { id: 9, protection: 'smtp-other' },
    ];
    const [, line] = pageOf(builder, { occurrences, violations }).items;
    expect(line).toMatchObject({ severity: 'critical', findings: [3, 5] });
    expect(drawn(line === undefined ? [] : [line])).toEqual(['2 -> {medium:R}{critical:<90>}{medium:A}{low:é}']);
  });

  it('keeps the mark of a masked secret', () => {
    const builder = new TranscriptBuilder();
    new WireTalk(builder).client('PASS 12345', { secret: '12345' });
    const occurrences = [occurrence({ severity: 'medium', offset: 6, length: 2 })];
    expect(drawn(pageOf(builder, { occurrences }).items)).toEqual(['1 -> PASS {medium:(password 5)}']);
  });

  it('does not mark the other direction at the same offset', () => {
    const builder = new TranscriptBuilder();
    new WireTalk(builder).client('HELO').server('250 a');
    expect(
      drawn(pageOf(builder, { occurrences: [occurrence({ direction: TO_CLIENT, line: 2, length: 3 })] }).items),
    ).toEqual(['1 -> HELO', '2 <- {high:250} a']);
  });

  it('says where somebody was silent for two seconds or more', () => {
    const builder = new TranscriptBuilder();
    new WireTalk(builder).client('NOOP').server('250 a', { after: 1.999 }).client('NOOP', { after: 42.0714 });
    expect(drawn(pageOf(builder).items)).toEqual(['1 -> NOOP', '2 <- 250 a', 'pause 42.071', '3 -> NOOP']);
  });

  it('says what is missing and where TLS begins', () => {
    const builder = new TranscriptBuilder();
    const talk = new WireTalk(builder)
      .client('STARTTLS')
      .server('220 go')
      .gap(TO_CLIENT, 1460)
      .tls(TO_SERVER)
      .tls(TO_CLIENT);
    const streamBytes = [talk.offsetOf(TO_SERVER) + 18_000, talk.offsetOf(TO_CLIENT) + 45_040] as const;
    expect(drawn(pageOf(builder, { tlsVersion: 'TLS 1.2', streamBytes }).items)).toEqual([
      '1 -> STARTTLS',
      '2 <- 220 go',
      'gap to_client 1460',
      'note TLS 1.2 from here on: 18.0 kB to the server, 45.0 kB to the client, not decrypted',
    ]);
  });

  it('gives only the asked stretch, and how many items there are', () => {
    const builder = new TranscriptBuilder();
    const talk = new WireTalk(builder);
    for (let i = 0; i < 10; i++) talk.client(`NOOP ${i}`);
    const page = pageOf(builder, { from: 4, count: 2 });
    expect([drawn(page.items), page.from, page.total]).toEqual([['5 -> NOOP 4', '6 -> NOOP 5'], 4, 10]);
    expect(pageOf(builder, { from: 99, count: 5 })).toMatchObject({ items: [], from: 10, total: 10 });
  });
});

describe('the body of a message', () => {
  function mail(lines: number): TranscriptBuilder {
    const builder = new TranscriptBuilder();
    const talk = new WireTalk(builder).client('DATA').client('Subject: x', { role: 'header' });
    for (let i = 1; i <= lines; i++) talk.client(`text ${i}`, { role: 'body' });
    talk.client('.').server('250 ok');
    return builder;
  }

  it('is folded behind its headers and unfolds by the id of the fold', () => {
    const builder = mail(3);
    const headers = ['1 -> DATA', '2 -> Subject: x'];
    const rest = ['6 -> .', '7 <- 250 ok'];
    expect(drawn(pageOf(builder).items)).toEqual([...headers, 'fold 1 body 3 lines 24 bytes', ...rest]);
    expect(drawn(pageOf(builder, { expand: [1] }).items)).toEqual([
      ...headers,
      'fold 1 body 3 lines 24 bytes open',
      '3 -> text 1',
      '4 -> text 2',
      '5 -> text 3',
      ...rest,
    ]);
  });

  it('shows a line with a finding, and its neighbours, outside of the folds', () => {
    const builder = mail(9);
    // "DATA", "Subject: x" and four lines stand before "text 5".
    const occurrences = [occurrence({ line: 7, offset: 6 + 12 + 4 * 8, length: 4 })];
    const items = drawn(pageOf(builder, { occurrences }).items);
    expect(items.slice(2, 7)).toEqual([
      'fold 1 body 3 lines 24 bytes',
      '6 -> text 4',
      '7 -> {high:text} 5',
      '8 -> text 6',
      'fold 7 body 3 lines 24 bytes',
    ]);
    expect(drawn(pageOf(builder, { occurrences, expand: [7] }).items).slice(6, 10)).toEqual([
      'fold 7 body 3 lines 24 bytes open',
      '9 -> text 7',
      '10 -> text 8',
      '11 -> text 9',
    ]);
  });

  it('finds the item of a line for jumping to it, and says when it is folded away', () => {
    const builder = mail(9);
    expect(builder.indexOfLine(12, { occurrences: [], expand: [] })).toBe(3);
    expect(builder.indexOfLine(7, { occurrences: [], expand: [] })).toBe(-1);
    expect(builder.indexOfLine(7, { occurrences: [], expand: [1] })).toBe(7);
  });

  it('of one line is not folded', () => {
    expect(drawn(pageOf(mail(1)).items).slice(1, 4)).toEqual(['2 -> Subject: x', '3 -> text 1', '4 -> .']);
  });

  it('of the next message is a fold of its own', () => {
    const builder = new TranscriptBuilder();
    const talk = new WireTalk(builder);
    for (const message of [0, 0, 1, 1]) talk.client('a', { role: 'body', message });
    expect(drawn(pageOf(builder).items)).toEqual(['fold 1 body 2 lines 6 bytes', 'fold 3 body 2 lines 6 bytes']);
  });
});

describe('a chunk or literal', () => {
  it('is folded as lines of text, however it was cut, with its unfinished last line', () => {
    for (const pieces of [['To: x\r\n\r\nhi'], ['To: ', 'x\r', '\n\r\nh', 'i']]) {
      const builder = new TranscriptBuilder();
      new WireTalk(builder).client('BDAT 11 LAST').blob(TO_SERVER, 'chunk', pieces).server('250 ok');
      expect(drawn(pageOf(builder, { expand: [1] }).items)).toEqual([
        '1 -> BDAT 11 LAST',
        'fold 1 chunk 3 lines 11 bytes open',
        '2 -> To: x',
        '2 -> ',
        '2 -> hi',
        '3 <- 250 ok',
      ]);
    }
  });

  it('that was cut off by a gap keeps what came before', () => {
    const builder = new TranscriptBuilder();
    const talk = new WireTalk(builder).client('BDAT 99');
    builder.blob(TO_SERVER, 'chunk', 2, Uint8Array.from([0x61, 0x0a, 0x62, 0x0a, 0x63]), 0, 5, 9, false, '');
    talk.gap(TO_SERVER, 94);
    expect(drawn(pageOf(builder).items)).toEqual(['1 -> BDAT 99', 'fold 1 chunk 3 lines 5 bytes', 'gap to_server 94']);
  });
});

describe('a very long line', () => {
  it('shows its beginning and the marked octets behind it', () => {
    const builder = new TranscriptBuilder();
    new WireTalk(builder).client('x'.repeat(5000) + 'EVIL' + 'y'.repeat(1000));
    const [line] = pageOf(builder, { occurrences: [occurrence({ offset: 5000, length: 4 })] }).items;
    expect(line === undefined ? [] : drawn([line])).toEqual([
      `1 -> ${'x'.repeat(2048)}(… 2928)${'x'.repeat(24)}{high:EVIL}${'y'.repeat(24)}(… 976)`,
    ]);
    expect(line).toMatchObject({ omittedBytes: 3904, lengthBytes: 6006 });
  });
});

describe('the bounds of a transcript', () => {
  it('count message text beyond them in the fold and say so, and keep lines with findings', () => {
    const limits = { ...DEFAULT_LIMITS, transcriptBodyBytes: 20 };
    const builder = new TranscriptBuilder({ limits, keepLines: new Set([6]) });
    const talk = new WireTalk(builder);
    for (let i = 1; i <= 8; i++) talk.client(`body line ${i}`.slice(0, 10), { role: 'body' });
    const occurrences = [occurrence({ line: 6, offset: 5 * 12, length: 4 })];
    const page = pageOf(builder, { occurrences, expand: [1] });
    expect(drawn(page.items)).toEqual([
      'fold 1 body 5 lines 60 bytes open',
      '1 -> body line ',
      '2 -> body line ',
      'note 3 lines not kept for viewing',
      '6 -> {high:body} line ',
      'fold 7 body 2 lines 24 bytes',
    ]);
    expect(page.warnings).toEqual(['Message text not kept for viewing: 5 lines, 60 bytes.']);
  });

  it('name findings in lines that could not be kept on their fold', () => {
    const builder = new TranscriptBuilder({ limits: { ...DEFAULT_LIMITS, transcriptBodyBytes: 2 } });
    const talk = new WireTalk(builder);
    for (let i = 1; i <= 4; i++) talk.client('ab', { role: 'body' });
    const request = { occurrences: [occurrence({ offset: 9 })], violations: [{ id: 4, protection: 'smtp-x' }] };
    expect(pageOf(builder, request).items).toMatchObject([{ kind: 'fold', lines: 4, findings: [4] }]);
  });

  it('end the transcript after so many items and say how many are left out', () => {
    const builder = new TranscriptBuilder({ limits: { ...DEFAULT_LIMITS, transcriptItems: 3 } });
    const talk = new WireTalk(builder);
    for (let i = 0; i < 5; i++) talk.client('NOOP');
    expect(pageOf(builder)).toMatchObject({
      total: 3,
      warnings: ['The transcript ends after 3 items; left out: 2 more.'],
    });
  });

  it('show lines without their text when the session is too large', () => {
    const builder = new TranscriptBuilder({ limits: { ...DEFAULT_LIMITS, transcriptBytes: 4 } });
    new WireTalk(builder).client('NOOP').client('PASS x', { secret: 'x' });
    const page = pageOf(builder);
    expect(drawn(page.items)).toEqual(['1 -> NOOP', '2 -> (… 6)']);
    expect(page.warnings).toEqual(['Shown without text, because the session is too large: 1 line.']);
  });
});
