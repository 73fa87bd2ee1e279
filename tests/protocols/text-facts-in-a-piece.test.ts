/**
 * Deliveries as they come out of a capture: one after the other in the same
 * memory, often at the same place, cut next to the dot that ends a text, and now
 * and then out of other memory, of which nothing is known.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import { TO_CLIENT, TO_SERVER, type Direction } from '../../engine/protocols/events.js';
import { ConnectionFacts } from '../../engine/protocols/facts.js';
import { createImapDialogue } from '../../engine/protocols/imap/index.js';
import { createPop3Dialogue } from '../../engine/protocols/pop3/index.js';
import { createSmtpDialogue } from '../../engine/protocols/smtp/index.js';
import { DELIVERED_TEXT, NO_TEXT_FACTS, textFacts } from '../../engine/protocols/text-facts.js';
import { copyEvent } from '../transcripts/describe-event.js';

const CREATE = { smtp: createSmtpDialogue, pop3: createPop3Dialogue, imap: createImapDialogue } as const;
type Mail = keyof typeof CREATE;
type Spoken = readonly [Direction, string];

interface Delivery {
  readonly direction: Direction;
  readonly octets: Buffer;
  readonly at: number;
  /** Of what lies elsewhere nothing is known. */
  readonly inPiece: boolean;
}

const PIECE_BYTES = 65_536;
const ORDINARY = `${'A'.repeat(76)}\r\n`;
const line = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 12 }).map((count) => ORDINARY.repeat(count)) },
  { weight: 1, arbitrary: fc.integer({ min: 120, max: 300 }).map((length) => `${'x'.repeat(length)}\r\n`) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '..x\r\n',
      '.x\r\n',
      '--part\r\n',
      '--part--\r\n',
      '-\r\n',
      '\r\n',
      '\n.\r\n',
      '\r\r\n',
      'x\n',
    ),
  },
);
/** Behind a last dot the conversation goes on, perhaps in the same delivery. */
const text = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('', `.\r\n+OK\r\n${ORDINARY.repeat(5)}.\r\n`))
  .map(([lines, more]) => lines.join('') + more);

const HEADER = 'Content-Type: multipart/mixed; boundary="part"\r\n\r\n';
const TALKS: Readonly<Record<Mail, (one: string, other: string) => readonly Spoken[]>> = {
  smtp: (one, other) => [
    [TO_CLIENT, '220 mx\r\n'],
    [TO_SERVER, 'MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n'],
    [TO_CLIENT, '250 ok\r\n250 ok\r\n354 go\r\n'],
    [TO_SERVER, `${HEADER}${one}\r\n.\r\nMAIL FROM:<e@f>\r\nRCPT TO:<g@h>\r\nDATA\r\n`],
    [TO_CLIENT, '250 taken\r\n250 ok\r\n250 ok\r\n354 go\r\n'],
    [TO_SERVER, `${other}\r\n.\r\nQUIT\r\n`],
    [TO_CLIENT, '250 taken\r\n221 bye\r\n'],
  ],
  pop3: (one, other) => [
    [TO_CLIENT, '+OK\r\n'],
    [TO_SERVER, 'RETR 1\r\nRETR 2\r\n'],
    [TO_CLIENT, `+OK\r\n${HEADER}${one}\r\n.\r\n+OK\r\n${other}\r\n.\r\n`],
    [TO_SERVER, 'QUIT\r\n'],
    [TO_CLIENT, '+OK\r\n'],
  ],
  imap: (one, other) => [
    [TO_CLIENT, '* OK\r\n'],
    [TO_SERVER, `a APPEND x {${one.length}+}\r\n${one}\r\nb NOOP\r\n`],
    [TO_CLIENT, `a OK\r\n* 1 FETCH (BODY[] {${other.length}}\r\n${other})\r\nb OK\r\n`],
  ],
};

/** How to cut: a size, how far from the end of a text to cut when one is near, the place, and whether in the piece. */
const cut = fc.record({
  size: fc.oneof(fc.integer({ min: 257, max: 1460 }), fc.integer({ min: 1, max: 60 })),
  beside: fc.option(fc.integer({ min: -1, max: 5 })),
  at: fc.constantFrom(64, 64, 64, 100),
  inPiece: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
});

type Cut = typeof cut extends fc.Arbitrary<infer Value> ? Value : never;

function deliveriesOf(talk: readonly Spoken[], cuts: readonly Cut[]): Delivery[] {
  const deliveries: Delivery[] = [];
  for (const [direction, said] of talk) {
    const all = Buffer.from(said, 'latin1');
    for (let from = 0; from < all.length;) {
      const { size, beside, at, inPiece } = cuts[deliveries.length % cuts.length] as Cut;
      const end = beside === null ? -1 : all.indexOf('\n.', from + 256);
      const to = Math.min(all.length, end === -1 || end > from + 3000 ? from + size : end + (beside ?? 0));
      deliveries.push({ direction, octets: all.subarray(from, to), at, inPiece });
      from = to;
    }
  }
  return deliveries;
}

/** Everything that is said of a conversation whose deliveries are told as they are. */
function told(protocol: Mail, deliveries: readonly Delivery[], factsOf: typeof textFacts): unknown {
  const facts = new ConnectionFacts(protocol);
  const position = { timeUs: 1e15, packet: 0 };
  const said: unknown[] = [];
  const dialogue = CREATE[protocol]({
    limits: DEFAULT_LIMITS,
    facts,
    position,
    events: { emit: (event) => void said.push(copyEvent(event)) },
    wire: null,
    transaction: (transaction) => void said.push(transaction.summary(0)),
    fromStart: true,
    isMissing: () => false,
  });
  const memories = [new Uint8Array(PIECE_BYTES), new Uint8Array(PIECE_BYTES)] as const;
  const offsets = [0, 0];
  for (const { direction, octets, at, inPiece } of deliveries) {
    const buffer = memories[inPiece ? 0 : 1];
    const end = at + octets.length;
    buffer.set(octets, at);
    position.packet++;
    DELIVERED_TEXT.tell(buffer, at, end, inPiece ? factsOf(buffer, at, end) : NO_TEXT_FACTS);
    dialogue.data(direction, buffer, at, end, offsets[direction] as number);
    offsets[direction] = (offsets[direction] as number) + octets.length;
  }
  dialogue.end();
  DELIVERED_TEXT.forget();
  return { said, facts };
}

it.each(['smtp', 'pop3', 'imap'] as const)('facts of one delivery are never those of another (%s)', (protocol) => {
  let known = 0;
  const counted = (buffer: Uint8Array, start: number, end: number): number => {
    const facts = textFacts(buffer, start, end);
    if (facts !== NO_TEXT_FACTS) known++;
    return facts;
  };
  fc.assert(
    fc.property(text, text, fc.array(cut, { minLength: 1, maxLength: 8 }), (one, other, cuts) => {
      const deliveries = deliveriesOf(TALKS[protocol](one, other), cuts);
      expect(told(protocol, deliveries, counted)).toEqual(told(protocol, deliveries, () => NO_TEXT_FACTS));
    }),
    { numRuns: 1500 },
  );
  expect(known).toBeGreaterThan(500);
});
