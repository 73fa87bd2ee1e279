import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createImapDialogue } from '../../engine/protocols/imap/index.js';
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
testTranscripts(readTranscripts(folder), createImapDialogue);

const conversation = (text: string): Transcript => parseTranscript(`# IMAP: x\n\n\`\`\`transcript\n${text}\n\`\`\`\n`);
const text = (octets: Uint8Array | null): string | null =>
  octets === null ? null : Buffer.from(octets).toString('latin1');

const clientPiece = fc.constantFrom(
  'a LOGIN x y',
  'a LOGIN ',
  'b APPEND s ',
  'a STARTTLS',
  'b IDLE',
  'DONE',
  'a AUTHENTICATE PLAIN',
  ' dGltIGI5',
  '*',
  'c COMPRESS DEFLATE',
  'b FETCH 1 RFC822',
  '"q{3}"',
  ' {3}\r\n',
  ' {4+}\r\n',
  '{2}\r\n',
  ' {0}\r\n',
  '\r\n',
  '\r\n',
  '\r\n',
  '\n',
  ' ',
  'x',
  '\\x16\\x03\\x01',
  '\\x00',
  '{1100*B}',
);
const serverPiece = fc.constantFrom(
  '* OK',
  'a OK',
  'a NO',
  'b OK',
  'b BAD',
  'c OK',
  '+ ',
  '+',
  '* 1 FETCH (BODY[] {5}\r\n',
  '* 1 FETCH (RFC822 {70}\r\n',
  '* BYE',
  '* CAPABILITY STARTTLS',
  ')',
  '\r\n',
  '\r\n',
  '\r\n',
  '\n',
  '\r',
  ' text',
  '\\xff',
  '\\x16\\x03\\x03',
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
  .map((parts) => ({ name: '', protocol: 'imap', events: null, blocks: new Map(), ...parts }));

describe('an IMAP dialogue', () => {
  it('says the same at every cut, and with or without somebody looking at the wire', () => {
    fc.assert(
      fc.property(anyTranscript, someCut, (transcript, cut) => {
        const whole = replay(transcript, 'whole', createImapDialogue, { wire: true });
        const cutUp = replay(transcript, cut, createImapDialogue, { wire: true });
        expect(cutUp).toEqual(whole);
        const unseen = replay(transcript, cut, createImapDialogue);
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
          protocol: 'imap',
          events: null,
          blocks: new Map(),
          steps,
          fromStart: true,
          missing: [false, false],
        };
        expect(replay(transcript, 'whole', createImapDialogue).events.at(-1)?.text).toMatch(/ end /);
      }),
    );
  });

  it('fills the facts of the connection', () => {
    const lines = [
      'S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hi',
      'C: a LOGIN eve x',
      'S: a NO',
      'C: b LOGIN tim y',
      'S: b OK [CAPABILITY IMAP4rev1 Idle] in',
      'C: c FETCH 1 RFC822',
      'S: * 1 FETCH (RFC822 {3}',
      'S: abc)',
      'S: c OK done',
    ];
    const { facts } = replay(conversation(lines.join('\n')), 'whole', createImapDialogue);
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
      greeting: '* OK [CAPABILITY IMAP4rev1 STARTTLS] hi',
      user: 'tim',
      authenticated: 'yes',
      mechanism: 'LOGIN',
      failedLogins: 1,
      capabilities: ['IMAP4REV1', 'IDLE'],
      tls: 'offered',
      messages: 1,
      commands: 3,
      lines: 10,
      lastReply: 'c OK done',
    });
  });

  it('holds a bounded part of endless lines, literals and what waits for an answer', () => {
    const block = new Uint8Array(1_000_000).fill(0x41);
    for (const lead of [
      '',
      'a STARTTLS\r\n',
      'a LOGIN {999999}\r\n',
      'a LOGIN {999999+}\r\n',
      'a COMPRESS DEFLATE\r\n',
    ]) {
      const steps: Step[] = [
        ...conversation('S: * OK').steps,
        { kind: 'data', direction: 0, octets: Uint8Array.from([...Buffer.from(lead), ...block]) },
      ];
      const replayed = replay({ ...conversation('S: * OK'), steps }, { sizes: [1460] }, createImapDialogue);
      const held = replayed.events.map((event) => (event.fields['octets'] as string | undefined)?.length ?? 0);
      expect(Math.max(...held)).toBeLessThanOrEqual(65_536);
    }
  });

  it('measures credentials beyond what it keeps', () => {
    const transcript = conversation('S: * OK\nC: a LOGIN {20000+}\nC: {20000*A} "{70000*B}"\nS: a NO');
    const attempt = replay(transcript, 'whole', createImapDialogue).events.find((event) =>
      event.text.includes('login attempt'),
    );
    const fields = attempt?.fields ?? {};
    expect([fields['userBytes'], (fields['user'] as number[]).length, (fields['password'] as number[]).length]).toEqual(
      [20_000, 16_384, 16_384],
    );
    expect(fields['passwordBytes']).toBeGreaterThanOrEqual(70_000);
  });

  it('shows every line and literal to a listener, secrets marked', () => {
    const lines = [
      'S: * OK hi',
      'C: a LOGIN {3}',
      'S: + go',
      'C: tim {4+}',
      'C: hush',
      'S: a NO',
      'C: b LOGIN tim "hu sh"',
      'S: b NO',
      'C: c AUTHENTICATE LOGIN',
      'S: + VXNlcm5hbWU6',
      'C: dGlt',
      'S: c NO',
      'C: d LOGIN {3+}',
      'C: tim hush',
      'S: d OK',
      'C: e FETCH 1 RFC822',
      'S: * 1 FETCH (RFC822 {3}',
      'S: a\\r\\n)',
      'S: e OK',
    ];
    expect(replay(conversation(lines.join('\n')), { sizes: [2] }, createImapDialogue, { wire: true }).wire).toEqual([
      '1 <- greeting * OK hi',
      '2 -> command a LOGIN {3}',
      '3 <- reply + go',
      '4 literal 3',
      '5 -> command  {4+}',
      '6 literal 4',
      '7 -> command ',
      '8 <- reply a NO',
      '9 -> command b LOGIN tim "hu sh" <password 12..19>',
      '10 <- reply b NO',
      '11 -> command c AUTHENTICATE LOGIN',
      '12 <- auth + VXNlcm5hbWU6 <challenge 2..14>',
      '13 -> auth dGlt <response 0..4>',
      '14 <- reply c NO',
      '15 -> command d LOGIN {3+}',
      '16 literal 3',
      '17 -> command  hush <password 1..5>',
      '18 <- reply d OK',
      '19 -> command e FETCH 1 RFC822',
      '20 <- reply * 1 FETCH (RFC822 {3}',
      '21 literal 3',
      '22 <- reply )',
      '23 <- reply e OK',
    ]);
  });
});
