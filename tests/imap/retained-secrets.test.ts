/** What serves one connection after the other holds nothing of the former: no password, no large buffer. */
import { describe, expect, it } from 'vitest';
import { ConnectionFacts } from '../../engine/protocols/facts.js';
import { CommandAssembly } from '../../engine/protocols/imap/assembly.js';
import { noteCapabilities } from '../../engine/protocols/imap/capabilities.js';
import { createImapDialogue } from '../../engine/protocols/imap/index.js';
import { Credential } from '../../engine/protocols/imap/login-arguments.js';
import { KeptLogin } from '../../engine/protocols/mailbox/kept-login.js';
import { borrowJoinedReply, returnJoinedReply } from '../../engine/protocols/smtp/joined-reply.js';
import { Line } from '../../engine/protocols/smtp/line.js';
import { TO_CLIENT } from '../../engine/protocols/events.js';
import { login } from '../protections/made-events.js';
import { parseTranscript, replay } from '../transcripts/harness.js';

const SECRET = 'hush-hush-hush';
/** The pool's bound, and what an object of it may keep. */
const POOLED = 64;
const RETAINED_BYTES = 4096;

/** Every array of octets that an object reaches. */
function octetsOf(object: object, seen = new Set<object>()): Uint8Array[] {
  if (seen.has(object)) return [];
  seen.add(object);
  if (object instanceof Uint8Array) return [object];
  return Object.values(object).flatMap((value: unknown) =>
    typeof value === 'object' && value !== null ? octetsOf(value, seen) : [],
  );
}

const isClear = (octets: Uint8Array): boolean => octets.every((octet) => octet === 0);
const octetsFrom = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

function play(lines: readonly string[]): void {
  replay(parseTranscript(`# IMAP: x\n\n\`\`\`transcript\n${lines.join('\n')}\n\`\`\`\n`), 'whole', createImapDialogue);
}

/** All octets of the pooled assemblies, which go back to their pool. */
function pooledOctets(): Uint8Array[] {
  const pooled = Array.from({ length: POOLED }, () => CommandAssembly.spare());
  for (const assembly of pooled) CommandAssembly.giveBack(assembly);
  return pooled.flatMap((assembly) => octetsOf(assembly));
}

describe('a command assembly that was given back', () => {
  it.each([
    ['its literal came', ['C: a LOGIN eve hush-hush-hush {3+}', 'C: xyz', 'S: a BAD']],
    ['the connection ended within it', ['C: a LOGIN eve hush-hush-hush {30}', 'S: + go', 'C: xyz']],
    ['the literal was refused', ['C: a LOGIN eve "hush-hush-hush" {30}', 'S: a NO', 'C: b NOOP']],
    ['the password was the literal', ['C: a LOGIN eve {14+}', 'C: hush-hush-hush', 'S: a OK']],
  ])('holds nothing of a password when %s', (_when, lines) => {
    play(['S: * OK', ...lines]);
    const held = pooledOctets();
    // A first line was copied into one of them.
    expect(held.some((octets) => octets.length === 256)).toBe(true);
    expect(held.every(isClear)).toBe(true);
  });

  it('holds no large buffer', () => {
    play(['S: * OK', 'C: a LOGIN eve {60000*A} {3+}', 'C: xyz', 'S: a BAD']);
    const held = pooledOctets();
    expect(Math.max(...held.map((octets) => octets.length))).toBeLessThanOrEqual(RETAINED_BYTES);
    expect(held.every(isClear)).toBe(true);
  });
});

describe('a login that was released', () => {
  it.each([SECRET, SECRET.repeat(50)])('holds nothing of its line and credentials (%s)', (password) => {
    const event = login('eve', password, 1);
    const kept = KeptLogin.of(event, 1, event.user, true);
    expect(octetsOf(kept).every(isClear)).toBe(false);
    kept.release();
    expect(octetsOf(kept).every(isClear)).toBe(true);
    expect(octetsOf(kept)).toHaveLength(1);
  });
});

describe('a credential that was cleared', () => {
  it.each([SECRET, SECRET.repeat(20), SECRET.repeat(500)])('holds nothing of it', (password) => {
    const credential = new Credential();
    for (const octet of octetsFrom(password)) credential.push(octet);
    expect(Buffer.from(credential.copy()).toString()).toBe(password);
    credential.clear();
    expect([credential.held, credential.bytes, credential.copy().length]).toEqual([0, 0, 0]);
    const held = octetsOf(credential);
    expect(held.every(isClear)).toBe(true);
    expect(Math.max(...held.map((octets) => octets.length))).toBeLessThanOrEqual(RETAINED_BYTES);
  });
});

describe('a joined reply that was returned', () => {
  it.each([20, 3000, 30_000])('holds nothing of its lines of %d octets, nor a large buffer', (length) => {
    const reply = borrowJoinedReply(65_536);
    for (let i = 0; i < 2; i++) {
      const line = new Line(TO_CLIENT);
      line.buffer = octetsFrom(SECRET.repeat(length).slice(0, length));
      line.end = length;
      line.terminator = 'crlf';
      reply.add(line, 250);
    }
    expect(reply.reply.end).toBe(2 * length + 2);
    returnJoinedReply(reply);
    const held = octetsOf(reply);
    expect(held.every(isClear)).toBe(true);
    expect(Math.max(...held.map((octets) => octets.length))).toBeLessThanOrEqual(RETAINED_BYTES);
  });
});

describe('a capability list that connections share', () => {
  it('stays as it is, whatever the others say', () => {
    const list = octetsFrom('IMAP4rev1 IDLE');
    const [one, other] = [new ConnectionFacts('imap'), new ConnectionFacts('imap')];
    for (const facts of [one, other]) noteCapabilities(facts, list, 0, list.length);
    expect(other.capabilities).toBe(one.capabilities);
    const longer = octetsFrom('IMAP4rev1 LITERAL+');
    noteCapabilities(other, longer, 0, longer.length);
    list.fill(0x58);
    noteCapabilities(other, list, 0, list.length);
    expect([...(one.capabilities ?? [])]).toEqual(['IMAP4REV1', 'IDLE']);
    const third = new ConnectionFacts('imap');
    const again = octetsFrom('IMAP4rev1 IDLE');
    noteCapabilities(third, again, 0, again.length);
    expect([...(third.capabilities ?? [])]).toEqual(['IMAP4REV1', 'IDLE']);
  });
});
