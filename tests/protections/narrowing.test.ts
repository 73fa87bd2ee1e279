/**
 * What a protection says of the events that it hears, of the policies under which
 * it can find anything, and of a state that all connections share, only saves
 * work: every transcript is judged the same without it, by its own policy, by the
 * strictest, and with the settings on which it depends at their ends.
 */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveProtections } from '../../engine/policy/effective-protections.js';
import type { EffectivePolicy } from '../../engine/policy/policy.js';
import { profilePolicy } from '../../engine/policy/profiles.js';
import { checkSetting } from '../../engine/policy/settings.js';
import { CATALOGUE } from '../../engine/protections/catalogue.js';
import type { Protection } from '../../engine/protections/protection.js';
import type { SettingDeclaration, SettingValue } from '../../shared/protection.js';
import type { MailProtocol } from '../../shared/session.js';
import { readTranscripts, type Step, type Transcript } from '../transcripts/harness.js';
import { judgeTranscript, policyOf } from './judged-replay.js';

const TRANSCRIPTS = readTranscripts(join(import.meta.dirname, 'transcripts'));

function withoutNarrowing(policy: EffectivePolicy): EffectivePolicy {
  return { ...policy, active: policy.active.map((one) => ({ ...one, protection: hearingAll(one.protection) })) };
}

function hearingAll(one: Protection<unknown>): Protection<unknown> {
  return {
    ...one,
    hearsVerb: () => true,
    hearsAnswer: () => true,
    hears: () => 'always',
    canFire: () => true,
    sharesState: false,
  };
}

describe('a check that hears only some events', () => {
  it('is there, and so is a state that is shared', () => {
    const narrowed = CATALOGUE.filter((one) => one.hearsVerb !== undefined || one.hearsAnswer !== undefined);
    expect(narrowed.length).toBeGreaterThan(20);
    expect(CATALOGUE.some((one) => one.sharesState === true)).toBe(true);
  });

  it('is tried with every setting on which its hearing depends', () => {
    const declared = CATALOGUE.flatMap(({ settings }) => settings.map(({ name }) => name));
    expect(NARROWING.filter((name) => !declared.includes(name))).toEqual([]);
  });

  it.each(TRANSCRIPTS.map(({ file, transcript }) => [`${file}: ${transcript.name}`, transcript] as const))(
    'finds the same as one that hears all: %s',
    (_name, transcript) => {
      for (const policy of [policyOf(transcript), ...POLICIES.slice(1)]) {
        expect(judgeTranscript(transcript, 'whole', policy)).toEqual(
          judgeTranscript(transcript, 'whole', withoutNarrowing(policy)),
        );
      }
    },
  );

  it.each(Object.entries(WORDS) as [MailProtocol, Words][])(
    'finds the same in any conversation: %s',
    (protocol, words) => {
      fc.assert(
        fc.property(conversation(words), fc.integer({ min: 0, max: 3 }), (steps, form) => {
          const transcript: Transcript = {
            name: 'made',
            protocol,
            steps,
            fromStart: form !== 0,
            missing: [false, form === 1],
            events: null,
            blocks: new Map(),
          };
          for (const policy of POLICIES) {
            expect(judgeTranscript(transcript, 'whole', policy)).toEqual(
              judgeTranscript(transcript, 'whole', withoutNarrowing(policy)),
            );
          }
        }),
        { numRuns: 250 },
      );
    },
  );
});

/** Settings on which it depends what a check hears. */
const NARROWING = ['max_user', 'max_pass', 'base', 'min_len', 'verbs', 'reset_after_mail', 'check_bdat'];

/** The whole catalogue, with those settings where they let a check find most; lists as given. */
function extreme(verbs: readonly string[]): EffectivePolicy {
  const entries = CATALOGUE.map(({ id, defaultAction, settings }) => {
    const narrowing = settings.filter(({ name }) => NARROWING.includes(name));
    const action = defaultAction === 'off' ? 'detect' : defaultAction;
    return [
      id,
      { action, settings: Object.fromEntries(narrowing.map((one) => [one.name, least(one, verbs)])) },
    ] as const;
  });
  return { ...profilePolicy('strict'), ...effectiveProtections(new Map(entries)) };
}

function least(declaration: SettingDeclaration, verbs: readonly string[]): SettingValue {
  switch (declaration.kind) {
    case 'number':
      return declaration.minimum;
    case 'flag':
      return true;
    case 'list':
      return verbs.filter((verb) => checkSetting(declaration, [verb]) === null);
    case 'choice':
      return declaration.default;
  }
}

const POLICIES: readonly EffectivePolicy[] = [
  profilePolicy('modern'),
  profilePolicy('strict'),
  extreme([]),
  extreme(['VRFY', 'QUIT', 'STARTTLS', 'STAT', 'LIST', 'CAPA', 'DELE', 'XFOO']),
];

interface Words {
  readonly commands: readonly string[];
  readonly replies: readonly string[];
}

/** Alike in little else than that each check has something to look at, or just not. */
const ODD = [
  '',
  ' ',
  '%n%s',
  "' or 1=1 --",
  '\0',
  '\xff\xf4',
  '\xc3\xa4',
  '../etc',
  '|sh',
  '`id`',
  '"',
  '{',
  '<',
  '>',
  '\x1b$B',
];
const ARGUMENTS = [
  'bob',
  'FROM:<a@b.example>',
  'TO:<c@d.example>',
  'TO:<root>',
  '1',
  'PYIIIIIIIIIIIIII7QZ',
  'a'.repeat(90),
];
const WORDS: Readonly<Record<MailProtocol, Words>> = {
  smtp: {
    commands: 'EHLO MAIL RCPT DATA . RSET NOOP QUIT AUTH STARTTLS BDAT VRFY XFOO GET 250'.split(' '),
    replies: [
      '220 mx ESMTP Postfix',
      '250 ok',
      '250-a\r\n250 SIZE 10',
      '354 go',
      '503 no',
      '550 no',
      '334 x',
      'what',
      '421',
    ],
  },
  pop3: {
    commands: 'USER PASS APOP STAT LIST UIDL RETR DELE NOOP RSET QUIT CAPA STLS AUTH UTF8 XFOO'.split(' '),
    replies: ['+OK <1@a>', '+OK', '-ERR no', '+OK 2 320', '+ ', 'what', '+OK 120 octets\r\ntext\r\n.', '+OK a\x01b'],
  },
  imap: {
    commands: 'NOOP CHECK LOGIN SELECT UID ENABLE IDLE DONE LOGOUT AUTHENTICATE XAPPLEPUSHSERVICE STARTTLS XFOO'.split(
      ' ',
    ),
    replies: ['* OK ready', 'a OK done', 'a NO', '+ ', '* BYE', 'what', '* CAPABILITY IMAP4rev1'],
  },
};

function conversation({ commands, replies }: Words): fc.Arbitrary<Step[]> {
  const argument = fc.oneof(
    fc.constantFrom(...ARGUMENTS),
    fc.constantFrom(...ODD),
    fc.stringMatching(/^[ -~]{0,40}$/),
    fc.string({ maxLength: 150, unit: 'binary-ascii' }),
  );
  const line = fc
    .tuple(fc.constantFrom(...commands, ...ODD), fc.array(argument, { maxLength: 3 }), fc.constantFrom('a', 'a(', ''))
    .map(([verb, rest, tag]) => ({ verb, rest, tag }));
  const isImap = commands.includes('LOGIN');
  const odd = line.map(({ verb, rest, tag }) => [...(isImap ? [tag] : []), verb, ...rest].join(' '));
  // What a check might take for harmless, but for its length.
  const plain = fc
    .tuple(fc.constantFrom(...commands), fc.integer({ min: 1, max: 115 }))
    .map(([verb, length]) => `${isImap ? 'a ' : ''}${verb} ${'b'.repeat(length)}`);
  const client = fc.oneof({ weight: 3, arbitrary: odd }, { weight: 1, arbitrary: plain });
  const end = fc.constantFrom('\r\n', '\r\n', '\r\n', '\r\n', '\n', '');
  const turn = fc.oneof(
    fc.tuple(client, end).map(([text, stop]): Step => step(0, text + stop)),
    fc.tuple(fc.constantFrom(...replies), end).map(([text, stop]): Step => step(1, text + stop)),
    fc.constant<Step>({ kind: 'packet', waitUs: 400_000_000 }),
  );
  return fc.array(turn, { minLength: 1, maxLength: 24 });
}

function step(direction: 0 | 1, text: string): Step {
  return { kind: 'data', direction, octets: Uint8Array.from(text, (character) => character.charCodeAt(0)) };
}
