/** Chunks are passed over line by line or many at once, as they are cut; what is said of them is the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TO_CLIENT, TO_SERVER } from '../../engine/protocols/events.js';
import { createSmtpDialogue } from '../../engine/protocols/smtp/index.js';
import { replay, someCut, unescapeOctets, type Step, type Transcript } from '../transcripts/harness.js';

const HEADER = 'Subject: x\\r\\nContent-Type: multipart/mixed; boundary=b\\r\\n\\r\\n';
const LINES = [
  '{76*t}\\r\\n',
  '{76*t}\\r\\n{76*u}\\r\\n{76*v}\\r\\n',
  'x\\r\\n',
  '\\r\\n',
  '.\\r\\n',
  '..dots\\r\\n',
  '--b\\r\\nContent-Disposition: attachment; filename=a.txt\\r\\n\\r\\n',
  '--b\\r\\n',
  '--b--\\r\\n',
  '-- no delimiter\\r\\n',
  'line feed only\\n',
  '\\n',
  'carriage return\\r in a line\\r\\n',
  '{996*l}\\r\\n',
  '{998*l}\\r\\n',
  '{999*l}\\r\\n',
  '{1500*l}\\r\\n',
  '\\x80\\xff\\r\\n',
];

const step = (direction: typeof TO_SERVER | typeof TO_CLIENT, text: string): Step => ({
  kind: 'data',
  direction,
  octets: unescapeOctets(text),
});

/** A message in chunks, the borders between them anywhere. */
const someChunks: fc.Arbitrary<Transcript> = fc
  .tuple(fc.array(fc.constantFrom(...LINES), { maxLength: 30 }), fc.array(fc.nat(4000), { maxLength: 2 }), fc.boolean())
  .map(([lines, borders, hasEnd]) => {
    const octets = unescapeOctets(`${HEADER}${lines.join('')}${hasEnd ? '' : 'no end'}`);
    const places = [0, ...borders.map((at) => Math.min(at, octets.length)).sort((a, b) => a - b), octets.length];
    const steps = [
      step(TO_CLIENT, '220 mx\\r\\n'),
      step(TO_SERVER, 'EHLO c\\r\\nMAIL FROM:<a@b>\\r\\nRCPT TO:<c@d>\\r\\n'),
    ];
    for (let i = 1; i < places.length; i++) {
      const chunk = octets.subarray(places[i - 1], places[i]);
      steps.push(step(TO_SERVER, `BDAT ${chunk.length}${i === places.length - 1 ? ' LAST' : ''}\\r\\n`));
      if (chunk.length > 0) steps.push({ kind: 'data', direction: TO_SERVER, octets: chunk });
    }
    return {
      name: 'chunks',
      protocol: 'smtp',
      steps: [...steps, step(TO_SERVER, 'QUIT\\r\\n')],
      fromStart: true,
      missing: [false, false],
      events: null,
      blocks: new Map<string, string>(),
    };
  });

describe('a message in chunks', () => {
  it('is the same message however it is cut', () => {
    fc.assert(
      fc.property(someChunks, someCut, (transcript, cut) => {
        const octetByOctet = replay(transcript, 'bytes', createSmtpDialogue);
        expect(replay(transcript, 'whole', createSmtpDialogue)).toEqual(octetByOctet);
        expect(replay(transcript, cut, createSmtpDialogue)).toEqual(octetByOctet);
      }),
      { numRuns: 300 },
    );
  });
});
