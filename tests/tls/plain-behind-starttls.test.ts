/** Nobody hides commands behind STARTTLS: not with one octet of TLS, and not with more than is held. */
import { describe, expect, it } from 'vitest';
import type { InjectedPlaintextEvent } from '../../engine/protocols/events.js';
import { EVENT, KNOWLEDGE, TO_CLIENT, TO_SERVER } from '../../engine/protocols/events.js';
import { profilePolicy } from '../../engine/policy/profiles.js';
import { ProtectionRunner } from '../../engine/protections/run.js';
import type { MailProtocol } from '../../shared/session.js';
import { DIALOGUES, judgeTranscript } from '../protections/judged-replay.js';
import { connectionView, octets } from '../protections/made-events.js';
import { replay, type CutMode, type Step, type Transcript } from '../transcripts/harness.js';

interface Case {
  readonly protocol: MailProtocol;
  readonly greeting: string;
  readonly starttls: string;
  readonly accepted: string;
  readonly refused: string;
  readonly behind: string;
  readonly last: string;
  /** Of the injection: SMTP takes the octet for a part of the first verb. */
  readonly severity: string;
}

const CASES: readonly Case[] = [
  {
    protocol: 'smtp',
    greeting: '220 mx',
    starttls: 'STARTTLS',
    accepted: '220 go',
    refused: '502 no',
    behind: 'RSET',
    last: 'QUIT',
    severity: 'high',
  },
  {
    protocol: 'pop3',
    greeting: '+OK',
    starttls: 'STLS',
    accepted: '+OK',
    refused: '-ERR',
    behind: 'USER bob',
    last: 'QUIT',
    severity: 'critical',
  },
  {
    protocol: 'imap',
    greeting: '* OK',
    starttls: 'a STARTTLS',
    accepted: 'a OK',
    refused: 'a NO',
    behind: 'b NOOP',
    last: 'c LOGOUT',
    severity: 'critical',
  },
];

function transcript(one: Case, answer: string, behind: string): Transcript {
  const line = (text: string): Step => ({ kind: 'data', direction: TO_SERVER, octets: octets(`${text}\r\n`) });
  const reply = (text: string): Step => ({ kind: 'data', direction: TO_CLIENT, octets: octets(`${text}\r\n`) });
  const steps = [reply(one.greeting), line(one.starttls), line(behind), reply(answer), line(one.last)];
  const rest = { name: '', fromStart: true, missing: [false, false] as const, events: null, blocks: new Map() };
  return { ...rest, protocol: one.protocol, steps };
}

function commands(played: Transcript, cut: CutMode): readonly string[] {
  const { events } = replay(played, cut, DIALOGUES[played.protocol]);
  return events.map((event) => event.text).filter((text) => / command /.test(text));
}

describe.each(CASES)('behind STARTTLS in $protocol', (one) => {
  it('lines that begin with the octet of a TLS record are read when the server refuses', () => {
    const played = transcript(one, one.refused, `\x16\r\n${one.behind}`);
    const whole = commands(played, 'whole');
    expect(whole).toHaveLength(4);
    expect(commands(played, 'bytes')).toEqual(whole);
  });

  it('lines that begin with the octet of a TLS record are an injection when the server accepts', () => {
    const { records } = judgeTranscript(transcript(one, one.accepted, `\x16\r\n${one.behind}`), 'whole');
    const found = records.map(({ protection, severity }) => `${severity} ${protection}`);
    expect(found).toEqual([`${one.severity} starttls-command-injection`]);
  });

  it('the client is read on after more lines than are held', () => {
    const played = transcript(one, one.refused, '\r\n'.repeat(1200));
    expect(commands(played, 'whole').some((text) => text.includes(one.last.split(' ').at(-1) as string))).toBe(true);
  });
});

describe('behind COMPRESS that nobody answered', () => {
  it('the client is read on after more lines than are held', () => {
    const one = { ...(CASES[2] as Case), starttls: 'a COMPRESS DEFLATE' };
    const played = transcript(one, 'a BAD', '\r\n'.repeat(1200));
    expect(commands(played, 'whole').some((text) => text.includes('LOGOUT'))).toBe(true);
  });
});

describe('plaintext behind the go-ahead', () => {
  it('is kept as a copy until the end, also where its packet lay in a Node buffer', () => {
    const runner = new ProtectionRunner(profilePolicy('modern'));
    const view = connectionView('imap');
    const judged = runner.open(view);
    const base = { timeUs: 0, packet: 1, knowledge: KNOWLEDGE.synced, state: 'TLS', protocol: 'imap' as const };
    const buffer = Buffer.from('b NOOP\r\n', 'latin1');
    const place = { buffer, start: 0, end: 6, offset: 0, lengthBytes: 8, terminator: 'crlf' as const };
    const line = { ...base, ...place, secretStart: 0, secretEnd: 0, secretLabel: '' };
    const verdict = { answers: 'STARTTLS', answersNumber: -1, answersLine: 2, code: 0, lines: 1, codesDiffer: false };
    judged.emit({ ...line, ...verdict, kind: EVENT.reply, direction: TO_CLIENT, line: 3, outcome: 'ok' });
    const injected: InjectedPlaintextEvent = {
      ...line,
      kind: EVENT.injectedPlaintext,
      direction: TO_SERVER,
      line: 4,
      verb: 'STARTTLS',
      injectedVerb: 'NOOP',
      injectedBytes: 5,
      outcome: 'accepted',
      tlsRecord: false,
    };
    judged.emit(injected);
    buffer.fill(0x3f);
    view.facts.tlsVersion = 'TLS 1.3';
    judged.emit({ ...base, kind: EVENT.end, direction: TO_SERVER, line: 5 });
    expect(judged.records().map(({ evidence }) => evidence)).toEqual(['b NOOP']);
  });
});
