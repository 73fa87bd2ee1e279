/** No part of a password may stand in anything that a judgement hands out, whatever the traffic. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../engine/policy/parse.js';
import { TO_CLIENT, TO_SERVER } from '../../engine/protocols/events.js';
import { PROTOCOLS, type MailProtocol } from '../../shared/session.js';
import { someCut, type Step, type Transcript } from '../transcripts/harness.js';
import { octets } from './made-events.js';
import { judgeTranscript } from './judged-replay.js';

/** Fires on almost everything, so that there is evidence to look at. */
const EAGER = parsePolicy(
  `{ "protections": {
    "smtp-unknown-command": { "settings": { "known_verbs": ["QUIT"] } },
    "smtp-command-line-too-long": { "settings": { "base": 64, "increments": "none", "auth_ir_limit": 512 } },
    "smtp-max-bad-commands": { "settings": { "limit": 1 } },
    "smtp-cram-md5-overflow": { "settings": { "max_b64": 64, "max_dec": 48 } },
    "pop3-weak-password": { "settings": { "min_len": 128 } },
    "imap-credential-too-long": { "settings": { "max_user": 16, "max_pass": 16 } }
  } }`,
  'eager',
);

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const digest = (text: string): string => base64(`bob ${text}`);

/** Client lines that carry the password, each as people and attackers send it. */
const LOGINS: Readonly<Record<MailProtocol, readonly ((password: string) => string[])[]>> = {
  smtp: [
    (password) => [`AUTH PLAIN ${base64(`\0bob\0${password}`)}`],
    (password) => ['AUTH PLAIN', base64(`\0bob\0${password}`)],
    (password) => ['auth login', base64('bob'), base64(password)],
    (password) => [`AUTH LOGIN ${base64('bob')}`, base64(password)],
    (password) => ['AUTH CRAM-MD5', digest(password.repeat(4))],
    (password) => [`AUTH CRAM-MD5 ${digest(password.repeat(4))}`],
    (password) => ['STARTTLS', `AUTH PLAIN ${base64(`\0bob\0${password}`)}`],
    (password) => ['STARTTLS', 'NOOP', 'AUTH LOGIN', base64('bob'), base64(password)],
    (password) => ['USER bob', `PASS ${password}`],
    (password) => [`LOGIN bob ${password}`],
    (password) => [`AUTH=PLAIN ${base64(`\0bob\0${password}`)}`],
    (password) => [`\x01XAUTHPLAIN ${base64(`\0bob\0${password}`)}`],
  ],
  pop3: [
    (password) => ['USER bob', `PASS ${password}`],
    (password) => ['user bob', `pass  ${password} ${password}`],
    (password) => [`PASS ${password}\x00\x01${'A'.repeat(600)}`],
    (password) => [`AUTH PLAIN ${base64(`\0bob\0${password}`)}`],
    (password) => ['AUTH LOGIN', base64('bob'), base64(password)],
    (password) => ['STLS', 'USER bob', `PASS ${password}`],
  ],
  imap: [
    (password) => [`a LOGIN bob ${password}`],
    (password) => [`a login "bob" "${password} ${password}"`],
    (password) => [`a LOGIN {3}`, `bob ${password}`],
    (password) => [`a LOGIN bob {${password.length}}`, password],
    (password) => [`a LOGIN {3+}`, `bob {${password.length}+}`, password],
    (password) => [`a AUTHENTICATE PLAIN ${base64(`\0bob\0${password}`)}`],
    (password) => ['a AUTHENTICATE PLAIN', base64(`\0bob\0${password}`)],
    (password) => ['a STARTTLS', `b LOGIN bob ${password}`],
  ],
};

const ANSWERS: Readonly<Record<MailProtocol, readonly string[]>> = {
  smtp: ['334 ', '334 VXNlcm5hbWU6', '235 ok', '535 no', '500 what', '220 go', '250 ok'],
  pop3: ['+OK', '+ ', '-ERR no', 'nonsense'],
  imap: ['+ go', 'a OK', 'a NO', 'b NO', '* OK hello'],
};
const GREETINGS: Readonly<Record<MailProtocol, string>> = { smtp: '220 mx', pop3: '+OK', imap: '* OK' };

/** No run of it occurs by chance in a message of ours. */
const password = fc
  .array(fc.constantFrom(...'QZXJqzxj0987'), { minLength: 10, maxLength: 60 })
  .map((characters) => `Zq${characters.join('')}`);

const conversation = fc.constantFrom(...PROTOCOLS).chain((protocol) =>
  fc.record({
    protocol: fc.constant(protocol),
    password,
    login: fc.constantFrom(...LOGINS[protocol]),
    answers: fc.array(fc.constantFrom(...ANSWERS[protocol], ''), { minLength: 6, maxLength: 6 }),
    /** Octets of the client's last line that are cut off, so that it never ends. */
    lost: fc.nat({ max: 12 }),
    isOneSided: fc.boolean(),
    isFromStart: fc.boolean(),
  }),
);

describe('a judgement', () => {
  it('never carries a password or what it was encoded to', () => {
    let fired = 0;
    fc.assert(
      fc.property(conversation, someCut, (spoken, cut) => {
        const { records, occurrences } = judgeTranscript(transcriptOf(spoken), cut, EAGER);
        fired += records.length;
        const text = JSON.stringify({ records, occurrences });
        for (const part of secretParts(spoken)) expect(text).not.toContain(part);
      }),
      { numRuns: 400 },
    );
    expect(fired).toBeGreaterThan(100);
  });
});

type Spoken = typeof conversation extends fc.Arbitrary<infer T> ? T : never;

function transcriptOf({
  protocol,
  password: secret,
  login,
  answers,
  lost,
  isOneSided,
  isFromStart,
}: Spoken): Transcript {
  const lines = login(secret);
  const steps: Step[] = [{ kind: 'data', direction: TO_CLIENT, octets: octets(`${GREETINGS[protocol]}\r\n`) }];
  for (const [index, line] of lines.entries()) {
    const whole = octets(`${line}\r\n`);
    const isLast = index === lines.length - 1;
    steps.push({ kind: 'data', direction: TO_SERVER, octets: isLast ? whole.subarray(0, whole.length - lost) : whole });
    if (answers[index] !== '')
      steps.push({ kind: 'data', direction: TO_CLIENT, octets: octets(`${answers[index] ?? ''}\r\n`) });
  }
  const heard = isOneSided ? steps.filter((step) => step.kind === 'data' && step.direction === TO_SERVER) : steps;
  return {
    name: '',
    protocol,
    steps: heard,
    fromStart: isFromStart,
    missing: [false, isOneSided],
    events: null,
    blocks: new Map(),
  };
}

/** Stretches of eight characters of the password as sent and of its base64 forms. */
function secretParts({ login, password: secret }: Spoken): string[] {
  const parts = [secret.slice(0, 8), secret.slice(2, 10), secret.slice(-8)];
  for (const line of login(secret)) {
    const word = line.split(' ').at(-1) as string;
    if (word.length < 24 || !/^[A-Za-z0-9+/=]+$/.test(word) || /^A+$/.test(word)) continue;
    parts.push(word.slice(8, 20), word.slice(-12));
  }
  return parts;
}
