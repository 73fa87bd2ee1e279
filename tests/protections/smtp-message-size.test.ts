/** smtp-email-too-large while a message grows: found early, told once, with the final number. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import { profilePolicy } from '../../engine/policy/profiles.js';
import { ProtectionRunner } from '../../engine/protections/run.js';
import { TO_SERVER } from '../../engine/protocols/events.js';
import { createSmtpDialogue } from '../../engine/protocols/smtp/index.js';
import { connectionView, octets } from './made-events.js';

const LIMIT = 52_428_800;
const ENVELOPE = 'EHLO c\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<b@b.example>\r\n';
const PIECE_LINES = 4096;
const PIECE = octets(`${'x'.repeat(254)}\r\n`.repeat(PIECE_LINES));

/** A client whose server was not captured. */
class Client {
  private readonly judged;
  private readonly dialogue;
  private offset = 0;

  constructor() {
    const view = connectionView('smtp');
    this.judged = new ProtectionRunner(profilePolicy('modern')).open(view);
    this.dialogue = createSmtpDialogue({
      limits: DEFAULT_LIMITS,
      facts: view.facts,
      events: this.judged,
      wire: null,
      position: { timeUs: 0, packet: 0 },
      transaction: () => undefined,
      fromStart: true,
      isMissing: (direction) => direction !== TO_SERVER,
    });
  }

  say(text: string): this {
    return this.send(octets(text));
  }

  send(piece: Uint8Array): this {
    this.dialogue.data(TO_SERVER, piece, 0, piece.length, this.offset);
    this.offset += piece.length;
    return this;
  }

  end(): this {
    this.dialogue.end();
    return this;
  }

  get found() {
    return this.judged
      .records()
      .filter(({ protection }) => protection === 'smtp-email-too-large')
      .map(({ line, count, measured, limit, offset }) => ({ line, count, measured, limit, offset }));
  }
}

/** 50 MiB of text behind DATA, exactly the limit. */
function fullMessage(): Client {
  const client = new Client().say(`${ENVELOPE}DATA\r\n`);
  for (let bytes = 0; bytes < LIMIT; bytes += PIECE.length) client.send(PIECE);
  return client;
}

const HEAD = ENVELOPE.length + 'DATA\r\n'.length;
const LINES = (LIMIT / PIECE.length) * PIECE_LINES;

describe('a message behind DATA', () => {
  it('is not too large with exactly as many octets as are allowed', () => {
    expect(fullMessage().say('.\r\nQUIT\r\n').end().found).toEqual([]);
  });

  it('is found with the line that passes the limit, while it goes on, and told once with its size in the end', () => {
    const client = fullMessage().say('y\r\n');
    const place = { line: 5 + LINES, count: 1, limit: LIMIT, offset: HEAD + LIMIT + 3 };
    expect(client.found).toEqual([{ ...place, measured: LIMIT + 3 }]);
    for (let i = 0; i < 3; i++) client.send(PIECE);
    expect(client.found).toEqual([{ ...place, measured: LIMIT + 3 }]);
    client.say('.\r\nQUIT\r\n').end();
    expect(client.found).toEqual([{ ...place, measured: LIMIT + 3 + 3 * PIECE.length }]);
  });
});

describe('a message in chunks', () => {
  it('is found with the command that announces the first octet beyond the limit', () => {
    const half = LIMIT / 2;
    const chunk = (bytes: number): Client => {
      const client = new Client().say(`${ENVELOPE}BDAT ${half}\r\n`);
      for (let sent = 0; sent < half; sent += PIECE.length) client.send(PIECE);
      return client.say(`BDAT ${bytes} LAST\r\n`);
    };
    expect(chunk(half).found).toEqual([]);
    expect(chunk(half + 1).found).toEqual([
      { line: 6, count: 1, measured: LIMIT + 1, limit: LIMIT, offset: `${ENVELOPE}BDAT ${half}\r\n`.length + half },
    ]);
  });
});
