import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPop3Dialogue } from '../../engine/protocols/pop3/index.js';
import {
  parseTranscript,
  readTranscripts,
  replay,
  someCut,
  testTranscripts,
  unescapeOctets,
  type Step,
  type Transcript,
} from '../transcripts/harness.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
testTranscripts(readTranscripts(folder), createPop3Dialogue);

const conversation = (text: string): Transcript => parseTranscript(`# POP3: x\n\n\`\`\`transcript\n${text}\n\`\`\`\n`);
const text = (octets: Uint8Array | null): string | null =>
  octets === null ? null : Buffer.from(octets).toString('latin1');

const clientPiece = fc.constantFrom(
  'USER bob',
  'PASS x',
  'STLS',
  'AUTH PLAIN',
  'AUTH LOGIN dGlt',
  'dGltIGI5',
  '*',
  'CAPA',
  'RETR 1',
  'TOP 1 0',
  'LIST',
  'QUIT',
  'APOP a b',
  '\r\n',
  '\r\n',
  '\r\n',
  '\n',
  ' ',
  '\\x16\\x03\\x01',
  '\\x00',
  '{300*B}',
);
const serverPiece = fc.constantFrom(
  '+OK',
  '-ERR',
  '+ ',
  '+',
  '.',
  '..',
  '\r\n',
  '\r\n',
  '\r\n',
  '\r\n.\r\n',
  '\n',
  '\r',
  ' text',
  '\\xff',
  '\\x16\\x03\\x03',
  'Subject: x\r\n\r\n',
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(clientPiece, { minLength: 1, maxLength: 6 })
      .map((p) => ({ kind: 'data' as const, direction: 0 as const, octets: unescapeOctets(p.join('')) })),
  },
  {
    weight: 6,
    arbitrary: fc
      .array(serverPiece, { minLength: 1, maxLength: 8 })
      .map((p) => ({ kind: 'data' as const, direction: 1 as const, octets: unescapeOctets(p.join('')) })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { kind: 'gap' as const, direction: 0 as const, lengthBytes: 9 },
      { kind: 'gap' as const, direction: 1 as const, lengthBytes: 9 },
    ),
  },
);
const anyTranscript: fc.Arbitrary<Transcript> = fc
  .record({
    steps: fc.array(step, { maxLength: 14 }),
    fromStart: fc.boolean(),
    missing: fc.constantFrom(
      [false, false] as const,
      [false, false] as const,
      [true, false] as const,
      [false, true] as const,
    ),
  })
  .map((parts) => ({ name: '', protocol: 'pop3', events: null, blocks: new Map(), ...parts }));

describe('a POP3 dialogue', () => {
  it('says the same at every cut, and with or without somebody looking at the wire', () => {
    fc.assert(
      fc.property(anyTranscript, someCut, (transcript, cut) => {
        const whole = replay(transcript, 'whole', createPop3Dialogue, { wire: true });
        const cutUp = replay(transcript, cut, createPop3Dialogue, { wire: true });
        expect(cutUp).toEqual(whole);
        const unseen = replay(transcript, cut, createPop3Dialogue);
        expect({ events: unseen.events, facts: unseen.facts }).toEqual({ events: whole.events, facts: whole.facts });
      }),
      { numRuns: Number(process.env['MAILSCOPE_RUNS'] ?? 100) },
    );
  });

  it('never throws on random octets', () => {
    const random = fc.record({
      direction: fc.constantFrom(0 as const, 1 as const),
      octets: fc.uint8Array({ minLength: 1, maxLength: 80 }),
    });
    fc.assert(
      fc.property(fc.array(random, { maxLength: 8 }), (pieces) => {
        const steps = pieces.map((piece) => ({ kind: 'data' as const, ...piece }));
        const transcript: Transcript = {
          name: '',
          protocol: 'pop3',
          events: null,
          blocks: new Map(),
          steps,
          fromStart: true,
          missing: [false, false],
        };
        expect(replay(transcript, 'whole', createPop3Dialogue).events.at(-1)?.text).toMatch(/ end /);
      }),
    );
  });

  it('fills the facts of the connection', () => {
    const { facts } = replay(
      conversation(
        [
          'S: +OK hi',
          'C: CAPA',
          'S: +OK',
          'S: TOP',
          'S: STLS',
          'S: SASL PLAIN',
          'S: .',
          'C: AUTH PLAIN AGJvYgBwYXNz',
          'S: -ERR',
          'C: USER tim',
          'S: +OK',
          'C: PASS x',
          'S: +OK in',
          'C: RETR 1',
          'S: +OK',
          'S: a',
          'S: .',
        ].join('\n'),
      ),
      'whole',
      createPop3Dialogue,
    );
    expect({
      greeting: text(facts.greeting),
      user: text(facts.user),
      authenticated: facts.authenticated,
      mechanism: facts.authMechanism,
      failedLogins: facts.failedLogins,
      capabilities: [...(facts.capabilities ?? [])],
      tls: facts.tls,
      messages: facts.messages,
      commands: facts.commands,
      lines: facts.lines,
      lastReply: text((facts.lastReply ?? new Uint8Array(0)).subarray(0, facts.lastReplyBytes)),
    }).toEqual({
      greeting: '+OK hi',
      user: 'tim',
      authenticated: 'yes',
      mechanism: 'PASS',
      failedLogins: 1,
      capabilities: ['TOP', 'STLS', 'SASL'],
      tls: 'offered',
      messages: 1,
      commands: 5,
      lines: 17,
      lastReply: '+OK',
    });
  });

  it('holds a bounded part of a line that never ends and of what is sent behind STLS', () => {
    const block = new Uint8Array(1_000_000).fill(0x41);
    for (const lead of ['', 'STLS\r\n']) {
      const events: number[] = [];
      const transcript = conversation('S: +OK');
      const steps: Step[] = [
        ...transcript.steps,
        { kind: 'data', direction: 0, octets: Uint8Array.from([...Buffer.from(lead), ...block]) },
      ];
      const replayed = replay({ ...transcript, steps }, { sizes: [1460] }, createPop3Dialogue);
      for (const event of replayed.events) events.push((event.fields['octets'] as string | undefined)?.length ?? 0);
      expect(Math.max(...events)).toBeLessThanOrEqual(65_536);
    }
  });

  it('shows every line to a listener, secrets marked', () => {
    const transcript = conversation(
      [
        'S: +OK hi',
        'C: USER tim',
        'S: +OK',
        'C: PASS hush',
        'S: -ERR',
        'C: AUTH LOGIN',
        'S: + VXNlcm5hbWU6',
        'C: dGlt',
        'S: -ERR',
        'C: RETR 1',
        'S: +OK',
        'S: A: b',
        'S: ',
        'S: text',
        'S: .',
        'C: STLS',
        'S: +OK',
        'C: \\x16\\x03\\x01',
      ].join('\n'),
    );
    expect(replay(transcript, 'whole', createPop3Dialogue, { wire: true }).wire).toEqual([
      '1 <- greeting +OK hi',
      '2 -> command USER tim',
      '3 <- reply +OK',
      '4 -> command PASS hush <password 5..9>',
      '5 <- reply -ERR',
      '6 -> command AUTH LOGIN',
      '7 <- auth + VXNlcm5hbWU6 <challenge 2..14>',
      '8 -> auth dGlt <response 0..4>',
      '9 <- reply -ERR',
      '10 -> command RETR 1',
      '11 <- reply +OK',
      '12 <- header A: b',
      '13 <- header ',
      '14 <- body text',
      '15 <- body .',
      '16 -> command STLS',
      '17 <- reply +OK',
      'tls S 68',
      'tls C 53',
    ]);
  });
});
