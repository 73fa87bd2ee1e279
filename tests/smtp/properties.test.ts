import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TO_CLIENT, TO_SERVER, type Direction } from '../../engine/protocols/events.js';
import { createSmtpDialogue } from '../../engine/protocols/smtp/index.js';
import { replay, someCut, unescapeOctets, type Step, type Transcript } from '../transcripts/harness.js';

const CLIENT_WORDS = [
  'EHLO c\\r\\n',
  'LHLO c\\r\\n',
  'HELO {700*x}\\r\\n',
  'MAIL FROM:<a@b> SMTPUTF8\\r\\n',
  'RCPT TO:<c@d>\\r\\n',
  'DATA\\r\\n',
  'DATA\\n',
  'Subject: x\\r\\n\\r\\n',
  '.\\r\\n',
  '.\\n',
  '..dot\\r\\n',
  '{1100*l}\\r\\n',
  'BDAT 9\\r\\n',
  'BDAT 4 LAST\\r\\n',
  'BDAT 0 LAST\\r\\n',
  'BDAT x\\r\\n',
  'AUTH LOGIN\\r\\n',
  'AUTH PLAIN AHRpbQB0YW5zdGFhZg==\\r\\n',
  'dGltIGI5\\r\\n',
  '*\\r\\n',
  'STARTTLS\\r\\n',
  '\\x16\\x03\\x01\\x00\\x05hello',
  'XEXCH50 7 2\\r\\n',
  'TURN\\r\\n',
  'XCLIENT ADDR=1\\r\\n',
  'RSET\\r\\n',
  'NOOP\\r\\n',
  'QUIT\\r\\n',
  '\\r\\n',
  'PROXY TCP4 1 2 3 4\\r\\n',
  '\\r\\n\\r\\n\\x00\\r\\nQUIT\\n\\x21\\x11\\x00\\x02ab',
  'no line end',
];
const SERVER_WORDS = [
  '220 mx\\r\\n',
  '220-mx\\r\\n',
  '250 ok\\r\\n',
  '250-mx\\r\\n250-STARTTLS\\r\\n250 SIZE 1\\r\\n',
  '354 go\\r\\n',
  '334 VXNlcg==\\r\\n',
  '235 in\\r\\n',
  '550 no\\r\\n',
  '503 no\\r\\n',
  '421 bye\\r\\n',
  '221 bye\\r\\n',
  '353 each\\r\\n',
  'not a reply\\r\\n',
  '250',
];

const words = (direction: Direction, texts: readonly string[]): fc.Arbitrary<Step> =>
  fc.constantFrom(...texts).map((text) => ({ kind: 'data' as const, direction, octets: unescapeOctets(text) }));
const someDirection = fc.constantFrom<Direction>(TO_SERVER, TO_CLIENT);
const noise: fc.Arbitrary<Step> = fc
  .tuple(someDirection, fc.uint8Array({ minLength: 1, maxLength: 40 }))
  .map(([direction, octets]) => ({ kind: 'data', direction, octets }));
const gap: fc.Arbitrary<Step> = fc
  .tuple(someDirection, fc.integer({ min: 1, max: 60 }))
  .map(([direction, lengthBytes]) => ({ kind: 'gap', direction, lengthBytes }));

const someTranscript: fc.Arbitrary<Transcript> = fc.record({
  name: fc.constant('random'),
  protocol: fc.constant('smtp' as const),
  steps: fc.array(
    fc.oneof(
      { weight: 12, arbitrary: words(TO_SERVER, CLIENT_WORDS) },
      { weight: 8, arbitrary: words(TO_CLIENT, SERVER_WORDS) },
      { weight: 1, arbitrary: noise },
      { weight: 1, arbitrary: gap },
    ),
    { minLength: 1, maxLength: 30 },
  ),
  fromStart: fc.boolean(),
  missing: fc.constantFrom<readonly [boolean, boolean]>([false, false], [false, false], [false, true], [true, false]),
  events: fc.constant(null),
  blocks: fc.constant(new Map<string, string>()),
});

describe('the SMTP dialogue, whatever it is given', () => {
  it('says the same for every cut of the stream', () => {
    fc.assert(
      fc.property(someTranscript, someCut, (transcript, cut) => {
        const whole = replay(transcript, 'whole', createSmtpDialogue, { wire: true });
        expect(replay(transcript, cut, createSmtpDialogue, { wire: true })).toEqual(whole);
      }),
      { numRuns: 400 },
    );
  });

  it('says the same whether somebody looks or not', () => {
    fc.assert(
      fc.property(someTranscript, (transcript) => {
        const looked = replay(transcript, 'whole', createSmtpDialogue, { wire: true });
        expect(replay(transcript, 'whole', createSmtpDialogue).events).toEqual(looked.events);
      }),
      { numRuns: 200 },
    );
  });

  it('ends with one end event, and opens no message that it does not end', () => {
    fc.assert(
      fc.property(someTranscript, (transcript) => {
        const { events, facts } = replay(transcript, 'bytes', createSmtpDialogue);
        const texts = events.map((event) => event.text.split(' ')[1]);
        expect(texts.indexOf('end')).toBe(texts.length - 1);
        expect(texts.filter((kind) => kind === 'messageEnd')).toHaveLength(facts.messages);
      }),
      { numRuns: 200 },
    );
  });

  it('shows every line in the order of first octets', () => {
    fc.assert(
      fc.property(someTranscript, (transcript) => {
        const { wire } = replay(transcript, 'bytes', createSmtpDialogue, { wire: true });
        const numbers = wire.map((line) => Number.parseInt(line, 10)).filter((number) => !Number.isNaN(number));
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      }),
      { numRuns: 200 },
    );
  });
});
