import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageScanner } from '../../engine/protocols/mime/message-scanner.js';

type Summary = ReturnType<MessageScanner['summary']>;
const EMPTY: Summary = { from: '', to: [], cc: [], subject: '', messageId: '', date: '', attachment: [] };

function octetsOf(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

function byLines(text: string, limit = 262_144): Summary {
  const scanner = new MessageScanner(limit);
  for (const line of text.split(/\r?\n/)) {
    // Neighbours that must not be read: the line stands in the middle of a buffer.
    const buffer = octetsOf(`--x${line}--x`);
    scanner.line(buffer, 3, buffer.length - 3);
  }
  return scanner.summary();
}

function byChunks(text: string, cuts: readonly number[] = [], limit = 262_144): Summary {
  const scanner = new MessageScanner(limit);
  const buffer = octetsOf(text);
  let from = 0;
  for (const cut of [...cuts.filter((c) => c < buffer.length).sort((a, b) => a - b), buffer.length]) {
    scanner.chunk(buffer, from, cut);
    from = cut;
  }
  return scanner.summary();
}

/** Same answer line by line and as raw octets. */
function summaryOf(text: string): Summary {
  const whole = byLines(text);
  expect(byChunks(text)).toEqual(whole);
  return whole;
}

const MIXED = [
  'Received: from x by y',
  'From: "Doe, Jane" <jane@example.org>',
  'To: bob@example.net, =?utf-8?q?J=C3=B6rg?= <joerg@example.net>,',
  '\tfriends: a@example.com, b@example.com;, (Carl) carl@example.com',
  'Cc: undisclosed-recipients:;',
  'Subject: =?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=',
  ' =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=',
  'Message-ID: <1@example.org>',
  'Date: Fri, 21 Nov 1997 09:55:06 -0600',
  'Content-Type: multipart/mixed; boundary="=_outer"',
  '',
  'preamble',
  '--=_outer',
  'Content-Type: multipart/alternative;',
  ' boundary=inner',
  '',
  '--inner',
  'Content-Type: text/plain; name=inner.txt',
  '',
  'Content-Disposition: attachment; filename=not-a-header.txt',
  '--inner--',
  '--=_outer  ',
  'Content-Type: application/pdf; name="old name.pdf"',
  'Content-Disposition: attachment; filename="invoice; \\"final\\".pdf"',
  'Content-Transfer-Encoding: base64',
  '',
  'JVBERi0xLjQ=',
  '--=_outer-not',
  '--=_outer',
  'Content-Type: message/rfc822',
  '',
  'Subject: the enclosed one',
  'Content-Type: multipart/mixed; boundary=deep',
  '',
  '--deep',
  "Content-Disposition: attachment; filename*=UTF-8''%e2%82%ac%20rates.txt",
  '',
  'x',
  '--=_outer--',
  'epilogue',
  '--=_outer',
  'Content-Disposition: attachment; filename=after-the-end.txt',
  '',
].join('\r\n');

describe('a message summary', () => {
  it('has addresses, decoded subject and the file names of nested parts', () => {
    expect(summaryOf(MIXED)).toEqual({
      from: 'Doe, Jane <jane@example.org>',
      to: ['bob@example.net', 'Jörg <joerg@example.net>', 'a@example.com', 'b@example.com', 'Carl <carl@example.com>'],
      cc: [],
      subject: 'If you can read this you understand the example.',
      messageId: '<1@example.org>',
      date: 'Fri, 21 Nov 1997 09:55:06 -0600',
      attachment: ['inner.txt', 'invoice; "final".pdf', '€ rates.txt'],
    });
  });

  it('is the same at every cut of the octets', () => {
    const whole = byChunks(MIXED);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: MIXED.length }), { maxLength: 40 }), (cuts) => {
        expect(byChunks(MIXED, cuts)).toEqual(whole);
      }),
    );
    expect(
      byChunks(
        MIXED,
        Array.from({ length: MIXED.length }, (_, i) => i),
      ),
    ).toEqual(whole);
  });

  it('is empty again after a reset, and reads the next message', () => {
    const scanner = new MessageScanner(262_144);
    scanner.chunk(octetsOf(MIXED), 0, MIXED.length);
    scanner.reset();
    expect(scanner.summary()).toEqual(EMPTY);
    scanner.reset();
    const next = octetsOf('Subject: next\n\nbody');
    scanner.chunk(next, 0, next.length);
    expect(scanner.summary()).toEqual({ ...EMPTY, subject: 'next' });
  });

  it('takes the first of repeated fields and ignores fields in the body', () => {
    expect(summaryOf('Subject: one\r\nSUBJECT : two\r\nNo field\r\n\r\nFrom: x@y\r\n')).toEqual({
      ...EMPTY,
      subject: 'one',
    });
  });

  it('reads a header without body and without last line end', () => {
    expect(summaryOf('Subject: cut off')).toEqual({ ...EMPTY, subject: 'cut off' });
  });

  it('shows control and hiding characters escaped, also when they were encoded', () => {
    expect(summaryOf('Subject: a\x1b[31m =?utf-8?q?b=1b=5b=0a=e2=80=ae?= \xff\r\nFrom: <\x07@x>\r\n\r\n')).toEqual({
      ...EMPTY,
      subject: 'a\\x1B[31m b\\x1B[\\x0A\\u{202e} \\xFF',
      from: '\\x07@x',
    });
  });

  it('reads header octets only up to its bound', () => {
    const text = `Subject: seen\r\nX-Long: ${'x'.repeat(200)}\r\nTo: unseen@example.org\r\n\r\n`;
    expect(byLines(text, 100)).toEqual({ ...EMPTY, subject: 'seen' });
    expect(byChunks(text, [], 100)).toEqual({ ...EMPTY, subject: 'seen' });
  });

  it('keeps at most a hundred addresses of a field and a hundred attachments', () => {
    const to = Array.from({ length: 300 }, (_, i) => `u${i}@x`);
    const parts = Array.from(
      { length: 300 },
      (_, i) => `--b\r\nContent-Disposition: attachment; filename=f${i}\r\n\r\nx\r\n`,
    );
    const found = byLines(`To: ${to.join(',')}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts.join('')}`);
    expect([found.to, found.attachment]).toEqual([to.slice(0, 100), Array.from({ length: 100 }, (_, i) => `f${i}`)]);
  });

  it('survives multiparts nested deeper than it follows', () => {
    const levels = Array.from(
      { length: 40 },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
    );
    const text = `${levels.join('')}Content-Disposition: attachment; filename=deep\r\n\r\n--b0\r\nContent-Disposition: attachment; filename=top\r\n\r\n`;
    expect(summaryOf(text).attachment).toEqual(['top']);
  });

  it('never throws, and agrees line by line, on random header-like text', () => {
    const piece = fc.constantFrom(
      'From:',
      'To:',
      'Subject:',
      'Content-Type: multipart/x; boundary=b',
      '--b',
      '--b--',
      '\r\n',
      '\r\n',
      ' ',
      ':',
      '<',
      '>',
      '"',
      '(',
      ')',
      '\\',
      ',',
      ';',
      '=?utf-8?q?',
      '?=',
      "name*0*=a''",
      'filename="',
      '%e2',
      '=',
      'x',
      '\xff',
      '\0',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }),
        fc.array(fc.nat({ max: 300 }), { maxLength: 6 }),
        (pieces, cuts) => {
          const text = pieces.join('');
          expect(byChunks(text, cuts)).toEqual(byLines(text));
        },
      ),
      { numRuns: 500 },
    );
  });
});
