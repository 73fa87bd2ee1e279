import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import type { DialogueContext } from '../../engine/protocols/dialogue.js';
import { EVENT, TO_CLIENT, TO_SERVER, type ProtocolEvent } from '../../engine/protocols/events.js';
import { ConnectionFacts } from '../../engine/protocols/facts.js';
import { createSmtpDialogue } from '../../engine/protocols/smtp/index.js';
import { parseTranscript, replay, unescapeOctets } from '../transcripts/harness.js';

function conversation(text: string): ReturnType<typeof parseTranscript> {
  return parseTranscript(`# SMTP: test\n\`\`\`transcript\n${text}\n\`\`\`\n`);
}

function context(emit: (event: ProtocolEvent) => void): DialogueContext {
  return {
    limits: DEFAULT_LIMITS,
    facts: new ConnectionFacts('smtp'),
    events: { emit },
    wire: null,
    position: { timeUs: 0, packet: 0 },
    transaction: () => undefined,
    fromStart: true,
    isMissing: () => false,
  };
}

describe('transactions', () => {
  it('tells envelope, message and reply when the end of data is answered', () => {
    const { transactions } = replay(
      conversation(
        [
          'S: 220 mx',
          'C: EHLO client.example',
          'S: 250 mx',
          'C: MAIL FROM:<"a b"@example.org> SIZE=9',
          'S: 250 ok',
          'C: RCPT TO:<one@example.net>',
          'C: RCPT TO: two@example.net NOTIFY=NEVER',
          'S: 250 ok',
          'S: 550 no',
          'C: DATA',
          'S: 354 go',
          'C: From: A <a@example.org>',
          'C: To: one@example.net',
          'C: Subject: evil \\x1b[31m',
          'C: ',
          'C: .',
          'S: 250 queued as 7',
        ].join('\n'),
      ),
      'bytes',
      createSmtpDialogue,
    );
    expect(transactions).toEqual([
      {
        txId: 0,
        sessionId: 0,
        timeUs: 1_700_000_000_004_000,
        packet: 4,
        helo: 'client.example',
        mailFrom: '"a b"@example.org',
        rcptTo: ['one@example.net', 'two@example.net'],
        rcptCount: 2,
        rcptAccepted: 1,
        email: {
          from: 'A <a@example.org>',
          to: ['one@example.net'],
          cc: [],
          subject: 'evil \\x1B[31m',
          messageId: '',
          date: '',
          attachment: [],
          status: 'complete',
        },
        reply: '250 queued as 7',
        bytes: 69,
        authUser: '',
        tls: false,
      },
    ]);
  });

  it('does not tell a transaction whose MAIL was refused', () => {
    const text = 'S: 220 mx\nC: HELO c\nS: 250 mx\nC: MAIL FROM:<a@b>\nS: 550 no\nC: QUIT\nS: 221 bye';
    expect(replay(conversation(text), 'whole', createSmtpDialogue).transactions).toEqual([]);
  });
});

describe('positions', () => {
  it('gives a line the number, time and packet of its first octet', () => {
    const seen: (readonly number[])[] = [];
    const position = { timeUs: 0, packet: 0 };
    const dialogue = createSmtpDialogue({
      ...context((event) => {
        if ('offset' in event) seen.push([event.line, event.timeUs, event.packet, event.offset, event.lengthBytes]);
      }),
      position,
    });
    const say = (packet: number, direction: 0 | 1, text: string, offset: number): void => {
      position.packet = packet;
      position.timeUs = packet * 10;
      const octets = unescapeOctets(text);
      dialogue.data(direction, octets, 0, octets.length, offset);
    };
    say(1, TO_CLIENT, '220 mx\\r\\n', 0);
    say(2, TO_SERVER, 'NO', 0);
    say(3, TO_CLIENT, '421 slow', 8);
    say(4, TO_SERVER, 'OP\\r\\nQUIT\\r\\n', 2);
    say(5, TO_CLIENT, '\\r\\n', 16);
    expect(seen).toEqual([
      [1, 10, 1, 0, 8],
      [2, 20, 2, 0, 6],
      [4, 40, 4, 6, 6],
      [3, 30, 3, 8, 10],
    ]);
  });
});

describe('facts', () => {
  const factsOf = (...lines: readonly string[]) =>
    replay(conversation(lines.join('\n')), 'bytes', createSmtpDialogue).facts;

  it.each([
    ['S: 250-mx\nS: 250-SIZE 52428800\nS: 250 PIPELINING', 52_428_800],
    ['S: 250-mx\nS: 250 size 1000', 1000],
    ['S: 250-mx\nS: 250 SIZE 0', 0],
    ['S: 250-mx\nS: 250 SIZE', -1],
    ['S: 250-mx\nS: 250-SIZEOF 7\nS: 250 SIZE 8', 8],
    ['S: 250-mx\nS: 250 SIZE 99999999999999999999', Infinity],
    ['S: 250-mx\nS: 250 SIZE many', -1],
    ['S: 250-SIZE 77\nS: 250 HELP', -1],
  ])('reads what SIZE of the EHLO answer allows: %s', (answer, limit) => {
    expect(factsOf('S: 220 mx', 'C: EHLO c', answer).sizeLimit).toBe(limit);
  });

  it('forgets the size limit with the keywords of an earlier answer', () => {
    const again = factsOf(
      'S: 220 mx',
      'C: EHLO c',
      'S: 250-mx',
      'S: 250 SIZE 9',
      'C: EHLO c',
      'S: 250-mx',
      'S: 250 HELP',
    );
    expect([again.sizeLimit, again.capabilities]).toEqual([-1, new Set(['HELP'])]);
  });

  it.each([
    ['a TLS record', ['C: \\x16\\x03\\x01\\', 'S: \\x16\\x03\\x03\\'], 0x16],
    ['text', ['C: \\x16\\x03\\x01\\', 'S: 454 no'], 0x34],
    ['nothing', ['C: \\x16\\x03\\x01\\'], -1],
    ['something behind a gap', ['GAP S 5', 'S: 454 no'], -1],
  ])('remembers how the server began behind its go-ahead: %s', (_, lines, octet) => {
    expect(
      factsOf('S: 220 mx', 'C: EHLO c', 'S: 250 STARTTLS', 'C: STARTTLS', 'S: 220 go', ...lines).tlsServerOctet,
    ).toBe(octet);
  });
});

describe('bounds', () => {
  it('forgets the oldest of too many commands that wait for a reply', () => {
    const answered: number[] = [];
    const dialogue = createSmtpDialogue(
      context((event) => {
        if (event.kind === EVENT.reply) answered.push(event.answersLine);
      }),
    );
    const noops = unescapeOctets('{5000*NOOP\\r\\n}');
    dialogue.data(TO_SERVER, noops, 0, noops.length, 0);
    const reply = unescapeOctets('250 ok\\r\\n');
    dialogue.data(TO_CLIENT, reply, 0, reply.length, 0);
    expect(answered).toEqual([5000 - DEFAULT_LIMITS.pendingCommands + 1]);
  });

  it('decides for message text when too much stands before the reply to DATA', () => {
    const kinds: number[] = [];
    const dialogue = createSmtpDialogue(context((event) => void kinds.push(event.kind)));
    const octets = unescapeOctets('DATA\\r\\n{900*{100*a}\\r\\n}.\\r\\n');
    dialogue.data(TO_SERVER, octets, 0, octets.length, 0);
    dialogue.end();
    expect(kinds).toContain(EVENT.messageEnd);
  });

  it('holds no more of an endless line than the limit', () => {
    let held = 0;
    const dialogue = createSmtpDialogue(
      context((event) => {
        if (event.kind === EVENT.partialCommand) held = Math.max(held, event.buffer.length);
      }),
    );
    const octets = new Uint8Array(100_000).fill(0x41);
    for (let i = 0; i < 20; i++) dialogue.data(TO_SERVER, octets, 0, octets.length, i * octets.length);
    expect(held).toBe(DEFAULT_LIMITS.lineBytes);
  });
});
