/** What is known of a delivery before it is looked at changes nothing of what is said about it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DialogueContext } from '../../engine/protocols/dialogue.js';
import { TO_CLIENT, TO_SERVER, type Direction } from '../../engine/protocols/events.js';
import { createImapDialogue } from '../../engine/protocols/imap/index.js';
import { createPop3Dialogue } from '../../engine/protocols/pop3/index.js';
import { createSmtpDialogue } from '../../engine/protocols/smtp/index.js';
import {
  countDeliveredLineFeeds,
  DELIVERED_TEXT,
  NO_TEXT_FACTS,
  textFacts,
} from '../../engine/protocols/text-facts.js';
import { replay, type DialogueFactory, type Step, type Transcript } from '../transcripts/harness.js';

const octetsOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** A dialogue that is told the facts of everything that is delivered; `known` counts where there are any. */
function knowing(create: DialogueFactory, known: { deliveries: number }): DialogueFactory {
  return (context: DialogueContext) => {
    const dialogue = create(context);
    return {
      data(direction, buffer, start, end, offset) {
        const facts = textFacts(buffer, start, end);
        if (facts !== NO_TEXT_FACTS) known.deliveries++;
        DELIVERED_TEXT.tell(buffer, start, end, facts);
        dialogue.data(direction, buffer, start, end, offset);
        DELIVERED_TEXT.forget();
      },
      gap: (direction, offset, lengthBytes) => dialogue.gap(direction, offset, lengthBytes),
      end: () => dialogue.end(),
    };
  };
}

/** Lines as they are in attachments, and now and then one that needs a closer look. */
const someLine = fc.oneof(
  { weight: 250, arbitrary: fc.integer({ min: 0, max: 76 }).map((length) => `${'A'.repeat(length)}\r\n`) },
  { weight: 3, arbitrary: fc.integer({ min: 100, max: 600 }).map((length) => `${'x'.repeat(length)}\r\n`) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '..stuffed\r\n',
      '--part\r\n',
      '--part--\r\n',
      '-- \r\n',
      'LF alone\n',
      '.\n',
      '\r\r\n',
      'CR\rCR\r\n',
    ),
  },
);
const someBody = fc.array(someLine, { minLength: 20, maxLength: 150 }).map((lines) => lines.join(''));
const someSizes = fc
  .array(fc.oneof(fc.integer({ min: 250, max: 1500 }), fc.constant(312)), { minLength: 1, maxLength: 6 })
  .map((sizes) => ({ sizes }));
const HEADER = 'Subject: x\r\nContent-Type: multipart/mixed; boundary="part"\r\n\r\n';

const spoken = (direction: Direction, text: string): Step => ({ kind: 'data', direction, octets: octetsOf(text) });
const lost = (direction: Direction, lengthBytes: number): Step => ({ kind: 'gap', direction, lengthBytes });

function transcript(protocol: Transcript['protocol'], steps: readonly Step[]): Transcript {
  return { name: 'text', protocol, steps, fromStart: true, missing: [false, false], events: null, blocks: new Map() };
}

const CREATE = { smtp: createSmtpDialogue, pop3: createPop3Dialogue, imap: createImapDialogue } as const;
type Mail = keyof typeof CREATE;

const conversations: Readonly<Record<Mail, (body: string, rest: string, gap: boolean) => readonly Step[]>> = {
  smtp: (body, rest, gap) => [
    spoken(TO_CLIENT, '220 mx\r\n'),
    spoken(TO_SERVER, 'MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n'),
    spoken(TO_CLIENT, '250 ok\r\n250 ok\r\n354 go\r\n'),
    spoken(TO_SERVER, HEADER + body),
    ...(gap ? [lost(TO_SERVER, 40)] : []),
    spoken(TO_SERVER, `${rest}\r\n.\r\nQUIT\r\n`),
    spoken(TO_CLIENT, '250 taken\r\n'),
  ],
  pop3: (body, rest, gap) => [
    spoken(TO_CLIENT, '+OK\r\n'),
    spoken(TO_SERVER, 'RETR 1\r\n'),
    spoken(TO_CLIENT, `+OK\r\n${HEADER}${body}`),
    ...(gap ? [lost(TO_CLIENT, 40)] : []),
    spoken(TO_CLIENT, `${rest}\r\n.\r\n`),
  ],
  imap: (body, rest, gap) => [
    spoken(TO_CLIENT, '* OK\r\n'),
    spoken(TO_SERVER, `a APPEND x {${body.length + rest.length}}\r\n`),
    spoken(TO_CLIENT, '+ go\r\n'),
    spoken(TO_SERVER, body),
    ...(gap ? [lost(TO_SERVER, Math.min(40, rest.length))] : []),
    spoken(TO_SERVER, `${gap ? rest.slice(40) : rest}\r\nb NOOP\r\n`),
    spoken(TO_CLIENT, `a OK\r\n* 1 FETCH (BODY[] {${body.length}}\r\n${body})\r\nb OK\r\n`),
  ],
};

describe('the facts of a delivery', () => {
  it.each(['smtp', 'pop3', 'imap'] as const)('change nothing of what is said of a conversation in %s', (protocol) => {
    const known = { deliveries: 0 };
    fc.assert(
      fc.property(someBody, someBody, fc.boolean(), someSizes, (body, rest, gap, sizes) => {
        const given = transcript(protocol, conversations[protocol](body, rest, gap));
        const create = CREATE[protocol];
        const expected = replay(given, sizes, create);
        expect(replay(given, sizes, knowing(create, known))).toEqual(expected);
      }),
      { numRuns: 400 },
    );
    expect(known.deliveries).toBeGreaterThan(200);
  });

  it('say how many lines end there, where, and what stands at both ends', () => {
    const line = `${'A'.repeat(76)}\r\n`;
    const buffer = octetsOf(`.${line.repeat(4)}tail\r`);
    DELIVERED_TEXT.tell(buffer, 0, buffer.length, textFacts(buffer, 0, buffer.length));
    const { lines, behindLines, firstMark, endsInCr } = DELIVERED_TEXT;
    expect({ lines, behindLines, firstMark, endsInCr }).toEqual({
      lines: 4,
      behindLines: 1 + 4 * 78,
      firstMark: '.'.charCodeAt(0),
      endsInCr: true,
    });
    DELIVERED_TEXT.forget();
  });

  it('are those of no other octets', () => {
    const buffer = octetsOf('short\r\n'.repeat(50));
    DELIVERED_TEXT.tell(buffer, 0, buffer.length, textFacts(buffer, 0, buffer.length));
    expect(DELIVERED_TEXT.isOf(buffer, 0, buffer.length)).toBe(true);
    expect(DELIVERED_TEXT.isOf(buffer, 1, buffer.length)).toBe(false);
    expect(DELIVERED_TEXT.isOf(Uint8Array.from(buffer), 0, buffer.length)).toBe(false);
    expect(countDeliveredLineFeeds(buffer, 7, buffer.length)).toBe(49);
    DELIVERED_TEXT.forget();
    expect(DELIVERED_TEXT.isOf(buffer, 0, buffer.length)).toBe(false);
  });

  it.each([
    ['is short', 'short\r\n'.repeat(10)],
    ['is longer than a number can tell', 'short\r\n'.repeat(3000)],
    ['has a line that ends in LF alone', `${'short\r\n'.repeat(50)}\nmore`],
    ['has a line that begins with a dot', `${'short\r\n'.repeat(50)}.more`],
    ['has a line that begins with a dash', `${'short\r\n'.repeat(50)}-more`],
    ['has a long line', `${'x'.repeat(300)}\r\n`],
    ['begins with the end of a line', `\n${'short\r\n'.repeat(50)}`],
  ])('are not known when it %s', (_what, text) => {
    const buffer = octetsOf(text);
    expect(textFacts(buffer, 0, buffer.length)).toBe(NO_TEXT_FACTS);
  });
});
