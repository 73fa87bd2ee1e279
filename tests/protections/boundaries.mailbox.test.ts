/** Both sides of every number of the POP3 and IMAP protections, each in a conversation of its own. */
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../engine/policy/parse.js';
import type { MailProtocol } from '../../shared/session.js';
import { parseTranscript } from '../transcripts/harness.js';
import { judgeTranscript } from './judged-replay.js';

const LOGGED_IN = ['S: +OK ready', 'C: USER bob', 'S: +OK', 'C: PASS tr8-Mokk.vul', 'S: +OK'];
const IMAP_LOGGED_IN = ['S: * OK ready', 'C: a1 LOGIN bob "tr8-Mokk.vul"', 'S: a1 OK'];

/** Severity of what one protection says with the others off; null when it says nothing. */
function severityOf(id: string, lines: readonly string[], settings: Record<string, unknown> = {}): string | null {
  const protocol: MailProtocol = id.startsWith('pop3') ? 'pop3' : 'imap';
  const policy = parsePolicy(JSON.stringify({ protections: { [id]: { settings } } }), 'test');
  const only = { ...policy, active: policy.active.filter((one) => one.protection.id === id) };
  const text = `# ${protocol.toUpperCase()}: x\n\n\`\`\`transcript\n${lines.join('\n')}\n\`\`\`\n`;
  return judgeTranscript(parseTranscript(text), 'whole', only).records[0]?.severity ?? null;
}

const pop3 = (...lines: string[]): string[] => ['S: +OK ready', ...lines];
const imap = (...lines: string[]): string[] => ['S: * OK ready', ...lines];
const repeated = (count: number, ...lines: string[]): string[] =>
  Array.from({ length: count }, (_, i) => lines.map((line) => line.replaceAll('#', String(i)))).flat();

describe('lengths of credentials', () => {
  it.each([
    [128, null],
    [129, 'medium'],
    [512, 'medium'],
    [513, 'critical'],
  ])('%i octets: %s', (length, severity) => {
    const name = `{${length}*u}`;
    expect(severityOf('pop3-credential-too-long', pop3(`C: USER ${name}`, 'S: -ERR'))).toBe(severity);
    expect(severityOf('pop3-credential-too-long', pop3('C: USER b', 'S: +OK', `C: PASS ${name}`, 'S: -ERR'))).toBe(
      severity,
    );
    expect(severityOf('imap-credential-too-long', imap(`C: a LOGIN ${name} x`, 'S: a NO'))).toBe(severity);
    expect(severityOf('imap-credential-too-long', imap(`C: a LOGIN bob ${name}`, 'S: a NO'))).toBe(severity);
    expect(severityOf('imap-credential-too-long', imap(`C: a LOGIN {${length}}`, 'S: a NO'))).toBe(severity);
  });

  it.each([
    [12_288, 'info'],
    [12_289, 'critical'],
  ])('a web token of %i octets: %s', (length, severity) => {
    const token = `eyJ.{${length - 5}*x}.`;
    expect(severityOf('pop3-credential-too-long', pop3('C: USER b', 'S: +OK', `C: PASS ${token}`, 'S: -ERR'))).toBe(
      severity,
    );
  });
});

describe('counts of unknown commands', () => {
  it.each([
    [1, 'low'],
    [3, 'low'],
    [4, 'medium'],
  ])('%i different ones: %s', (count, severity) => {
    expect(severityOf('pop3-unknown-command', pop3(...repeated(count, 'C: XX#', 'S: -ERR')))).toBe(severity);
    expect(severityOf('imap-unknown-command', imap(...repeated(count, 'C: a XX#', 'S: a BAD')))).toBe(severity);
  });
});

describe('counts of commands without effect', () => {
  it.each([
    [20, null],
    [21, 'low'],
  ])('POP3: %i NOOPs: %s', (count, severity) => {
    expect(severityOf('pop3-max-no-effect', [...LOGGED_IN, ...repeated(count, 'C: NOOP', 'S: +OK')])).toBe(severity);
  });

  it.each([
    [220, null],
    [221, 'low'],
  ])('POP3: %i NOOPs every thirty seconds, of which two hundred are free: %s', (count, severity) => {
    const noops = repeated(count, 'C: NOOP', 'S: +OK', 'WAIT 30');
    expect(severityOf('pop3-max-no-effect', [...LOGGED_IN, ...noops, 'C: QUIT', 'S: +OK'])).toBe(severity);
  });

  it.each([
    [30, null],
    [31, 'low'],
  ])('IMAP: %i NOOPs at once: %s', (count, severity) => {
    expect(severityOf('imap-max-no-effect', [...IMAP_LOGGED_IN, ...repeated(count, 'C: n# NOOP', 'S: n# OK')])).toBe(
      severity,
    );
  });

  it.each([
    [60, null],
    [59, 'low'],
  ])('IMAP: the thirty-first after %i seconds: %s', (seconds, severity) => {
    const noops = [...repeated(30, 'C: n# NOOP', 'S: n# OK'), `WAIT ${seconds}`, 'C: z NOOP', 'S: z OK'];
    expect(severityOf('imap-max-no-effect', [...IMAP_LOGGED_IN, ...noops])).toBe(severity);
  });

  it.each([
    [100, 9, null],
    [101, 9, 'low'],
    [101, 10, null],
  ])('IMAP: %i NOOPs in a row, %i seconds apart: %s', (count, seconds, severity) => {
    const noops = repeated(count, 'C: n# NOOP', 'S: n# OK', `WAIT ${seconds}`);
    expect(severityOf('imap-max-no-effect', [...IMAP_LOGGED_IN, ...noops, 'C: z LOGOUT', 'S: z OK'])).toBe(severity);
  });

  it.each([
    [10, null],
    [11, 'medium'],
  ])('IMAP: %i NOOPs before login: %s', (count, severity) => {
    const noops = repeated(count, 'C: n# NOOP', 'S: n# OK', 'WAIT 60');
    expect(severityOf('imap-max-no-effect', imap(...noops, 'C: z LOGOUT', 'S: z OK'))).toBe(severity);
  });
});

describe('binary octets', () => {
  const odd = Array.from({ length: 32 }, (_, octet) => octet).filter((octet) => ![9, 10, 13].includes(octet));
  it.each([...odd, 0x7f])('the control octet %i is one, and in IMAP too', (octet) => {
    const escaped = `\\x${octet.toString(16).padStart(2, '0')}`;
    const expected = octet === 0 ? 'high' : 'medium';
    expect(severityOf('pop3-binary-in-command', pop3(`C: USER a${escaped}b`, 'S: -ERR'))).toBe(expected);
    expect(severityOf('imap-binary-in-command', imap(`C: a SELECT a${escaped}b`, 'S: a BAD'))).toBe('medium');
  });

  it.each(['\\t', '\\r', ' ', '~'])('%s is none', (text) => {
    expect(severityOf('pop3-binary-in-command', pop3(`C: USER a${text}b`, 'S: -ERR'))).toBeNull();
    expect(severityOf('imap-binary-in-command', imap(`C: a SELECT a${text}b`, 'S: a BAD'))).toBeNull();
  });

  it.each([
    [7, 'medium'],
    [8, 'high'],
  ])('%i octets above 127: %s', (count, severity) => {
    expect(severityOf('pop3-binary-in-command', pop3(`C: USER {${count}*\\x90}`, 'S: -ERR'))).toBe(severity);
    expect(severityOf('imap-binary-in-command', imap(`C: a SELECT {${count}*\\x90}`, 'S: a BAD'))).toBe(severity);
  });

  it.each([
    ['\\x9f', 'medium'],
    ['\\xa0', 'low'],
    ['\\xff', 'low'],
    ['\\xc3\\x9f', 'low'],
  ])('%s in a password: %s', (octets, severity) => {
    expect(severityOf('pop3-binary-in-command', pop3('C: USER b', 'S: +OK', `C: PASS a${octets}b`, 'S: -ERR'))).toBe(
      severity,
    );
    expect(severityOf('imap-binary-in-command', imap(`C: a LOGIN b a${octets}b`, 'S: a NO'))).toBe(severity);
  });
});

describe('malformed POP3 commands', () => {
  it.each([
    ['UIDL 0', 'medium'],
    ['UIDL 1', null],
    ['UIDL 2147483647', null],
    ['UIDL 2147483648', 'medium'],
    ['UIDL 0000000001', null],
    ['UIDL 00000000001', 'medium'],
    ['UIDL {64*9}', 'medium'],
    ['UIDL {65*9}', 'high'],
    ['UIDL 1{247* }', null],
    ['UIDL 1{248* }', 'medium'],
    ['EUIDL {247*9}', null],
    ['EUIDL {248*9}', 'medium'],
  ])('%s: %s', (line, severity) => {
    expect(severityOf('pop3-malformed-uidl', [...LOGGED_IN, `C: ${line}`, 'S: -ERR'])).toBe(severity);
  });

  it.each([
    ['{128*u}', null],
    ['{129*u}', 'medium'],
    ['{512*u}', 'medium'],
    ['{513*u}', 'high'],
    ['%s%s', null],
    ['%s%s%s', 'high'],
    ['{5*/localhost}'.replace('{', 'b{'), null],
    ['{6*/localhost}'.replace('{', 'b{'), 'medium'],
  ])('USER %s: %s', (name, severity) => {
    expect(severityOf('pop3-malformed-user', pop3(`C: USER ${name}`, 'S: -ERR'))).toBe(severity);
  });

  it('judges the line by itself where the policy allows longer names', () => {
    const line = (length: number): string[] => pop3(`C: USER {${length}*u}`, 'S: -ERR');
    expect(severityOf('pop3-malformed-user', line(248), { max_user: 248 })).toBeNull();
    expect(severityOf('pop3-malformed-user', line(249), { max_user: 248 })).toBe('medium');
  });

  it.each([
    ['{64*pq}', null],
    ['{64*pq}r', 'medium'],
    ['{512*pq}', 'medium'],
    ['{512*pq}r', 'critical'],
    ['{128*A}', null],
    ['{129*A}', 'critical'],
    ['{7*\\x90}', null],
    ['{8*\\x90}', 'medium'],
    ['{8*\\xc3\\x9f}', null],
    ['%x%x%x%x', null],
    ['%x%x%x%x%x', 'medium'],
  ])('PASS %s: %s', (password, severity) => {
    expect(severityOf('pop3-malformed-pass', pop3('C: USER b', 'S: +OK', `C: PASS ${password}`, 'S: -ERR'))).toBe(
      severity,
    );
  });
});

describe('malformed POP3 responses', () => {
  it.each([
    [512, null],
    [513, 'medium'],
    [2048, 'medium'],
    [2049, 'high'],
  ])('a status line of %i octets: %s', (length, severity) => {
    expect(severityOf('pop3-malformed-response', pop3('C: NOOP', `S: -ERR {${length - 7}*x}`))).toBe(severity);
  });

  it.each([
    [70, null],
    [71, 'high'],
  ])('a unique-id of %i octets: %s', (length, severity) => {
    expect(
      severityOf('pop3-malformed-response', [...LOGGED_IN, 'C: UIDL', 'S: +OK', `S: 1 {${length}*x}`, 'S: .']),
    ).toBe(severity);
  });

  it.each([
    [50, null],
    [49, 'info'],
    [150, null],
    [151, 'info'],
  ])('a message of %i octets that was announced as 100: %s', (length, severity) => {
    const lines = [...LOGGED_IN, 'C: RETR 1', 'S: +OK 100 octets', `S: {${length - 2}*x}`, 'S: .', 'C: QUIT', 'S: +OK'];
    expect(severityOf('pop3-malformed-response', lines)).toBe(severity);
  });

  it.each([
    ['2147483647 0', null],
    ['2147483648 0', 'high'],
    ['1 2147483647', null],
    ['1 2147483648', 'low'],
    ['0000000001 5', null],
    ['00000000001 5', 'high'],
  ])('an answer to STAT of %s: %s', (numbers, severity) => {
    expect(severityOf('pop3-malformed-response', [...LOGGED_IN, 'C: STAT', `S: +OK ${numbers}`])).toBe(severity);
  });
});
