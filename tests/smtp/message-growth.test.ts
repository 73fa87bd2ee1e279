/** A message says each time it has passed a multiple of MESSAGE_STEP_BYTES, and where: the same for every cut. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import {
  EVENT,
  MESSAGE_STEP_BYTES as STEP,
  TO_CLIENT,
  TO_SERVER,
  type MessageEndEvent,
  type MessageGrowthEvent,
} from '../../engine/protocols/events.js';
import { ConnectionFacts } from '../../engine/protocols/facts.js';
import { createSmtpDialogue } from '../../engine/protocols/smtp/index.js';

interface Told {
  readonly kind: 'growth' | 'end';
  readonly line: number;
  readonly offset: number;
  readonly bytes: number;
}

const ENVELOPE = 'EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<b@b.example>\r\n';

/** Plays a client's octets in pieces of these sizes, used in turn, with everything accepted beforehand. */
function played(client: Uint8Array, sizes: readonly number[], listen = false): Told[] {
  const told: Told[] = [];
  const tell = (
    kind: Told['kind'],
    { line, offset, lengthBytes, start, end }: MessageEndEvent | MessageGrowthEvent,
  ) => {
    expect(end).toBe(start);
    told.push({ kind, line, offset, bytes: lengthBytes });
  };
  const dialogue = createSmtpDialogue({
    limits: DEFAULT_LIMITS,
    facts: new ConnectionFacts('smtp'),
    events: {
      emit(event) {
        if (event.kind === EVENT.messageGrowth) tell('growth', event);
        if (event.kind === EVENT.messageEnd) tell('end', event);
      },
    },
    wire: listen
      ? {
          line: () => undefined,
          blob: () => undefined,
          gap: () => undefined,
          tls: () => undefined,
          note: () => undefined,
        }
      : null,
    position: { timeUs: 0, packet: 0 },
    transaction: () => undefined,
    fromStart: true,
    isMissing: (direction) => direction === TO_CLIENT,
  });
  for (let at = 0, turn = 0; at < client.length; turn++) {
    const after = Math.min(client.length, at + (sizes[turn % sizes.length] as number));
    dialogue.data(TO_SERVER, client, at, after, at);
    at = after;
  }
  dialogue.end();
  return told;
}

/** Lines of 1024 octets with CRLF: so many fill a step exactly. */
const LINE = `${'x'.repeat(1022)}\r\n`;
const LINES_PER_STEP = STEP / LINE.length;

function asOctets(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

describe('a message behind DATA', () => {
  const head = `${ENVELOPE}DATA\r\n`;
  const body = (lines: number, more = ''): Uint8Array => asOctets(`${head}${LINE.repeat(lines)}${more}.\r\nQUIT\r\n`);

  it('has not grown by a step with exactly as many octets', () => {
    expect(played(body(LINES_PER_STEP), [1 << 20])).toEqual([
      { kind: 'end', line: 5 + LINES_PER_STEP, offset: head.length + STEP, bytes: STEP },
    ]);
  });

  it('says so at the end of the line that passes the step', () => {
    expect(played(body(LINES_PER_STEP, 'y\r\n'), [1 << 20])).toEqual([
      { kind: 'growth', line: 5 + LINES_PER_STEP, offset: head.length + STEP + 3, bytes: STEP + 3 },
      { kind: 'end', line: 6 + LINES_PER_STEP, offset: head.length + STEP + 3, bytes: STEP + 3 },
    ]);
  });

  it('says so once for a line that passes several steps', () => {
    const long = asOctets(`${head}${'z'.repeat(3 * STEP)}\r\nz\r\n.\r\n`);
    expect(played(long, [1 << 20])).toEqual([
      { kind: 'growth', line: 5, offset: head.length + 3 * STEP + 2, bytes: 3 * STEP + 2 },
      { kind: 'end', line: 7, offset: head.length + 3 * STEP + 5, bytes: 3 * STEP + 5 },
    ]);
  });

  it('does not count the stuffed dots', () => {
    const stuffed = asOctets(`${head}${`..${'x'.repeat(1021)}\r\n`.repeat(LINES_PER_STEP)}.\r\n`);
    expect(played(stuffed, [1 << 20]).map(({ kind }) => kind)).toEqual(['end']);
  });

  it('says the same for every cut, looked at or not', () => {
    const client = body(2 * LINES_PER_STEP, 'y\r\n');
    const whole = played(client, [client.length]);
    expect(whole.map(({ kind }) => kind)).toEqual(['growth', 'growth', 'end']);
    expect(played(client, [client.length], true)).toEqual(whole);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 500, max: 70_000 }), { minLength: 1, maxLength: 6 }), (sizes) => {
        expect(played(client, sizes)).toEqual(whole);
      }),
      { numRuns: 10 },
    );
  });

  it('ends where the connection ends', () => {
    const cut = asOctets(`${head}abc\r\ndef`);
    expect(played(cut, [3])).toEqual([{ kind: 'end', line: 6, offset: cut.length, bytes: 8 }]);
  });
});

describe('a message in chunks', () => {
  const chunk = (bytes: number, last = ''): string => `BDAT ${bytes}${last}\r\n${'x'.repeat(bytes)}`;

  it('says so at the very octet, wherever chunks and packets begin', () => {
    const client = asOctets(`${ENVELOPE}${chunk(STEP)}${chunk(1)}${chunk(STEP, ' LAST')}QUIT\r\n`);
    const second = ENVELOPE.length + `BDAT ${STEP}\r\n`.length + STEP + 'BDAT 1\r\n'.length;
    const third = second + 1 + `BDAT ${STEP} LAST\r\n`.length;
    const expected = [
      { kind: 'growth', line: 7, offset: second + 1, bytes: STEP + 1 },
      { kind: 'growth', line: 9, offset: third + STEP, bytes: 2 * STEP + 1 },
      { kind: 'end', line: 9, offset: third + STEP, bytes: 2 * STEP + 1 },
    ];
    expect(played(client, [client.length])).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 500, max: 70_000 }), { minLength: 1, maxLength: 6 }), (sizes) => {
        expect(played(client, sizes)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  it('ends behind the command when there is nothing in the last one', () => {
    const client = asOctets(`${ENVELOPE}BDAT 0 LAST\r\nQUIT\r\n`);
    expect(played(client, [4])).toEqual([
      { kind: 'end', line: 4, offset: ENVELOPE.length + 'BDAT 0 LAST\r\n'.length, bytes: 0 },
    ]);
  });

  it('ends behind the octets that came when it is given up', () => {
    const client = asOctets(`${ENVELOPE}${chunk(5)}RSET\r\n`);
    expect(played(client, [client.length])).toEqual([
      { kind: 'end', line: 6, offset: client.length - 'RSET\r\n'.length, bytes: 5 },
    ]);
  });
});
