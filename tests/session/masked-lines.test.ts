/** Credentials in lines that are not where a credential is expected: they stay masked, and out of the facts. */
import { describe, expect, it } from 'vitest';
import { TO_CLIENT, TO_SERVER } from '../../engine/protocols/events.js';
import { displayText } from '../../engine/text/display.js';
import type { MailProtocol } from '../../shared/session.js';
import { DIALOGUES } from '../protections/judged-replay.js';
import { octets } from '../protections/made-events.js';
import { replay, type CutMode, type Step } from '../transcripts/harness.js';

const GREETINGS: Readonly<Record<MailProtocol, string>> = { smtp: '220 mx', pop3: '+OK', imap: '* OK' };
const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const DIGEST = 'c4c9334bac560ecc979e58001b3e22fb';

/** Lines in turn: `C: ` from the client, `S: ` from the server. */
function played(protocol: MailProtocol, lines: readonly string[], cut: CutMode) {
  const steps = [`S: ${GREETINGS[protocol]}`, ...lines].map((line): Step => ({
    kind: 'data',
    direction: line.startsWith('S') ? TO_CLIENT : TO_SERVER,
    octets: octets(`${line.slice(3)}\r\n`),
  }));
  const rest = { name: '', fromStart: true, missing: [false, false] as const, events: null, blocks: new Map() };
  return replay({ ...rest, protocol, steps }, cut, DIALOGUES[protocol], { wire: true });
}

function shown(text: Uint8Array | null, length = text?.length ?? 0): string {
  return text === null ? '' : displayText(text, 0, length);
}

const MASKED: readonly (readonly [string, MailProtocol, readonly string[], readonly string[]])[] = [
  [
    'the octets of a password literal that the server refused',
    'imap',
    ['C: a LOGIN bob {9}', 'C: s3cretpw!', 'S: a BAD no', 'C: b NOOP'],
    ['3 -> command s3cretpw! <response 0..9>', '5 -> command b NOOP'],
  ],
  [
    'a password with blanks behind a literal user name',
    'imap',
    ['C: a LOGIN {3+}', 'C: bob my secret', 'S: a BAD'],
    ['4 -> command  my secret <password 1..10>'],
  ],
  [
    'a password typed by hand, without a tag',
    'imap',
    ['C: LOGIN bob s3cretpw', 'S: LOGIN BAD'],
    ['2 -> command LOGIN bob s3cretpw <response 10..18>'],
  ],
  [
    'a response that comes after the server refused AUTHENTICATE',
    'imap',
    ['C: a AUTHENTICATE PLAIN', 'S: a NO', `C: ${base64('\0bob\0s3cret')}`],
    ['4 -> command AGJvYgBzM2NyZXQ= <response 0..16>'],
  ],
  [
    'a response that comes after the server refused AUTH in POP3',
    'pop3',
    ['C: AUTH PLAIN', 'S: -ERR', `C: ${base64('\0bob\0s3cret')}`],
    ['4 -> command AGJvYgBzM2NyZXQ= <response 0..16>'],
  ],
  [
    'responses that come after the server refused AUTH in SMTP',
    'smtp',
    ['C: AUTH LOGIN', 'S: 504 no', `C: ${base64('bob')}`, 'S: 500 no', `C: ${base64('s3cretpw')}`, 'C: WIZARD'],
    ['4 -> command Ym9i <response 0..4>', '6 -> command czNjcmV0cHc= <response 0..12>', '7 -> command WIZARD'],
  ],
  [
    'logins of other protocols and of people who type, in SMTP',
    'smtp',
    ['C: PASS s3cret', 'C: |AUTHPLAIN AGJvYgBz', 'C: x-login: bob s3cret', 'C: PASS', 'C: COMPASS'],
    [
      '2 -> command PASS s3cret <password 5..11>',
      '3 -> command |AUTHPLAIN AGJvYgBz <password 11..19>',
      '4 -> command x-login: bob s3cret <password 7..19>',
      '5 -> command PASS',
      '6 -> command COMPASS',
    ],
  ],
  [
    'a digest with a blank behind it',
    'pop3',
    [`C: APOP bob ${DIGEST} `, 'S: -ERR'],
    [`2 -> command APOP bob ${DIGEST}  <digest 9..42>`],
  ],
  ['a digest without a name', 'pop3', [`C: APOP ${DIGEST}`, 'S: -ERR'], [`2 -> command APOP ${DIGEST} <digest 5..37>`]],
];

describe('a transcript masks', () => {
  it.each(MASKED)('%s', (_name, protocol, lines, expected) => {
    for (const cut of ['whole', 'bytes'] as const) {
      expect(played(protocol, lines, cut).wire).toEqual(expect.arrayContaining([...expected]));
    }
  });
});

const USERS: readonly (readonly [string, MailProtocol, readonly string[], string])[] = [
  ['of PLAIN with one NUL', 'smtp', [`C: AUTH PLAIN ${base64('bob\0s3cret')}`, 'S: 535 no'], 'bob'],
  ['of XOAUTH2 with a blank for a control', 'smtp', [`C: AUTH XOAUTH2 ${base64('user=bob auth=Bearer t\x01')}`], 'bob'],
  ['of OAUTHBEARER without its comma', 'smtp', [`C: AUTH OAUTHBEARER ${base64('n,a=bob\x01auth=Bearer t')}`], 'bob'],
  [
    'of CRAM-MD5 with a blank at its end',
    'smtp',
    ['C: AUTH CRAM-MD5', 'S: 334 ', `C: ${base64(`bob ${DIGEST} `)}`],
    'bob',
  ],
  ['of CRAM-MD5 that is a digest alone', 'smtp', ['C: AUTH CRAM-MD5', 'S: 334 ', `C: ${base64(DIGEST)}`], ''],
  ['of APOP with a blank at its end', 'pop3', [`C: APOP bob ${DIGEST} `, 'S: -ERR'], 'bob'],
  ['of APOP without a name', 'pop3', [`C: APOP ${DIGEST}`, 'S: -ERR'], ''],
];

describe('the user name', () => {
  it.each(USERS)('%s holds no secret', (_name, protocol, lines, user) => {
    expect(shown(played(protocol, lines, 'whole').facts.user)).toBe(user);
  });
});

describe('the last reply', () => {
  it('is never a challenge', () => {
    const { facts } = played('smtp', ['C: AUTH CRAM-MD5', 'S: 334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+'], 'whole');
    expect(shown(facts.lastReply, facts.lastReplyBytes)).toBe('220 mx');
  });
});
