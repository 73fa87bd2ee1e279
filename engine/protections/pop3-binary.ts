/**
 * POP3: octets that are no text in a command line (PROTECTIONS section 5,
 * pop3-binary-in-command). UTF-8 is text once it was agreed upon (RFC 6856), and
 * national letters in a password are what mail programs send.
 */
import type { CommandEvent, ReplyEvent } from '../protocols/events.js';
import { countAll, letterLengthAt, noLineOctets, reportOctets, type LineOctets } from './mailbox-binary.js';
import { controlTable, countOdd, firstUnusual, MANY_OCTETS, startsTlsRecord, utf8LengthAt } from './octet-classes.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';

const TAB = 9;
const IS_FORBIDDEN = controlTable([TAB]);

interface Agreement {
  /** The client asked for UTF-8, and the server agreed. */
  asked: boolean;
  agreed: boolean;
}
type Context = CheckContext<Agreement>;

export const pop3BinaryInCommand = protection<Agreement>({
  id: 'pop3-binary-in-command',
  title: 'Binary data in POP3 command',
  protocols: ['pop3'],
  attackName: 'Format violation',
  attackInfo: 'Binary data in command line',
  why:
    'POP3 commands are text. Control octets, or octets above 127 that are no agreed UTF-8, are typical of exploit code ' +
    'in the argument of USER or PASS, and of parsers being probed.',
  sources: ['SBP-2006-18: POP3, binary data in commands'],
  references: ['RFC 1939 3', 'RFC 6856'],
  severity: 'medium',
  confidence: 90,
  precedence: 'format',
  remedy:
    'Look at the client: a mail program of your own that sends these octets has a character-set fault, or its user has ' +
    'letters beyond ASCII in the password (then choose another, or set `pass_high` to `allow`). From a foreign client ' +
    'treat it as an attack: block the address, and update the POP3 server.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsAnswer: (answers) => answers === 'UTF8',
  hears: ({ isPrintable, word }) => (isPrintable && word !== 'UTF8' ? 'never' : 'always'),
  settings: [
    {
      kind: 'choice',
      name: 'pass_high',
      title: 'Letters beyond ASCII in passwords',
      default: 'warn',
      choices: ['warn', 'allow', 'report'],
      reason: '`warn` is low, because clients send national passwords; `report` treats them like any other octet.',
    },
  ],
  newState: () => ({ asked: false, agreed: false }),
  on: {
    command: judge,
    partialCommand: judge,
    reply: noteAgreement,
  },
});

function noteAgreement(event: ReplyEvent, context: Context): void {
  if (event.answers === 'UTF8' && event.outcome === 'ok') context.state.agreed = true;
}

function judge(event: CommandEvent, context: Context): void {
  if (event.verb === 'UTF8') context.state.asked = true;
  const at = firstUnusual(event, IS_FORBIDDEN);
  if (at === event.end || startsTlsRecord(event)) return;
  const found = scan(event, at, isUtf8Agreed(context), context.settings.choice('pass_high'));
  const { odd } = found;
  const isMany = odd.count >= MANY_OCTETS && !odd.onlyUtf8;
  reportOctets(event, context, found, odd.hasNul || isMany ? 'high' : 'medium');
}

function scan(event: CommandEvent, from: number, isUtf8Text: boolean, passHigh: string): LineOctets {
  const found = noLineOctets();
  const { buffer, end } = event;
  const lettersFrom = event.verb === 'PASS' && passHigh !== 'report' ? event.argumentStart : end;
  for (let i = from; i < end;) {
    const octet = buffer[i] as number;
    const text = octet < 128 ? 1 - (IS_FORBIDDEN[octet] as number) : isUtf8Text ? utf8LengthAt(event, i) : 0;
    const letter = text === 0 && octet >= 128 && i >= lettersFrom ? letterLengthAt(event, i) : 0;
    if (text === 0 && letter === 0) countOdd(found.odd, event, i);
    else if (letter > 0 && passHigh === 'warn') countAll(found.national, event, i, letter);
    i += Math.max(1, text, letter);
  }
  return found;
}

/** RFC 6856 2.1: after UTF8, or where the server says that it can. A server that was not captured may have agreed. */
function isUtf8Agreed({ state, connection }: Context): boolean {
  if (state.agreed || connection.facts.capabilities?.has('UTF8') === true) return true;
  return state.asked && connection.isOneSided();
}
