/**
 * How long an SMTP command line may be (PROTECTIONS table 2.1): 512 octets with
 * CRLF (RFC 5321 4.5.3.1.4), and more where the server's EHLO keywords grant
 * it. In: a command and what is known of the server. Out: the limit in octets.
 */
import { KNOWLEDGE, type CommandEvent } from '../protocols/events.js';
import type { ConnectionFacts } from '../protocols/facts.js';

export type IncrementMode = 'advertised' | 'present' | 'none';

interface Increment {
  readonly keyword: string;
  readonly verbs: readonly string[];
  readonly octets: number;
  /** Parameters of the line that use it; for the mode `present`. */
  readonly parameters: readonly string[];
}

/** Octets that a keyword adds to a verb's line. */
export const INCREMENTS: readonly Increment[] = [
  { keyword: 'SIZE', verbs: ['MAIL'], octets: 26, parameters: ['SIZE'] },
  { keyword: 'AUTH', verbs: ['MAIL'], octets: 500, parameters: ['AUTH'] },
  { keyword: 'SMTPUTF8', verbs: ['MAIL', 'VRFY', 'EXPN'], octets: 10, parameters: ['SMTPUTF8'] },
  { keyword: 'DSN', verbs: ['RCPT'], octets: 535, parameters: ['NOTIFY', 'ORCPT'] },
  { keyword: 'DSN', verbs: ['MAIL'], octets: 116, parameters: ['RET', 'ENVID'] },
  { keyword: 'DELIVERBY', verbs: ['MAIL'], octets: 17, parameters: ['BY'] },
  { keyword: 'FUTURERELEASE', verbs: ['MAIL'], octets: 34, parameters: ['HOLDFOR', 'HOLDUNTIL'] },
  { keyword: 'MTRK', verbs: ['MAIL'], octets: 40, parameters: ['MTRK'] },
  { keyword: 'NO-SOLICITING', verbs: ['MAIL'], octets: 1007, parameters: ['SOLICIT'] },
  { keyword: 'MT-PRIORITY', verbs: ['MAIL'], octets: 15, parameters: ['MT-PRIORITY'] },
  { keyword: 'RRVS', verbs: ['RCPT'], octets: 47, parameters: ['RRVS'] },
  { keyword: 'REQUIRETLS', verbs: ['MAIL'], octets: 11, parameters: ['REQUIRETLS'] },
  { keyword: 'CHECKPOINT', verbs: ['MAIL'], octets: 92, parameters: ['TRANSID'] },
];
/** 8BITMIME and BINARYMIME share `BODY=`: the larger of 17 and 16. */
const BODY_OCTETS = 17;
/** For XVERP and any other keyword of private use, once. */
const PRIVATE_OCTETS = 64;

/** Limits where the server's keywords are not known: all increments, rounded. */
const UNKNOWN_MAIL = 2048;
const UNKNOWN_RCPT = 1400;
/** BURL carries a URL. */
const BURL_OCTETS = 2048;

/** Limit for a command's line, terminator included; AUTH with an initial response is not decided here. */
export function commandLineLimit(
  event: CommandEvent,
  facts: ConnectionFacts,
  base: number,
  mode: IncrementMode,
): number {
  const { verb } = event;
  if (verb === 'BURL') return base + BURL_OCTETS;
  if (mode === 'none' || !TAKES_PARAMETERS.has(verb)) return base;
  if (areKeywordsUnknown(event, facts)) {
    if (mode === 'present') return base + granted(event, null, mode);
    if (verb === 'MAIL') return Math.max(base, UNKNOWN_MAIL);
    if (verb === 'RCPT') return Math.max(base, UNKNOWN_RCPT);
    return base + granted(event, null, mode);
  }
  return base + granted(event, facts.capabilities ?? NO_KEYWORDS, mode);
}

const TAKES_PARAMETERS = new Set(['MAIL', 'RCPT', 'VRFY', 'EXPN']);
const NO_KEYWORDS: ReadonlySet<string> = new Set();

/** HELO grants nothing (RFC 5321 4.1.1.1); without captured EHLO answer, or after a gap, all is possible. */
function areKeywordsUnknown(event: CommandEvent, facts: ConnectionFacts): boolean {
  if (event.knowledge < KNOWLEDGE.synced) return true;
  return facts.capabilities === null && facts.heloVerb !== 'HELO';
}

/** Sum of the increments; `keywords` null stands for all of them. */
function granted(event: CommandEvent, keywords: ReadonlySet<string> | null, mode: IncrementMode): number {
  const { verb } = event;
  const present = mode === 'present' ? parametersOf(event) : null;
  let octets = 0;
  for (const increment of INCREMENTS) {
    if (!increment.verbs.includes(verb) || (keywords !== null && !keywords.has(increment.keyword))) continue;
    if (present === null || increment.parameters.some((name) => present.has(name))) octets += increment.octets;
  }
  if (verb !== 'MAIL') return octets;
  const hasBody = keywords === null || keywords.has('8BITMIME') || keywords.has('BINARYMIME');
  if (hasBody && (present === null || present.has('BODY'))) octets += BODY_OCTETS;
  if (hasPrivate(present ?? keywords)) octets += PRIVATE_OCTETS;
  return octets;
}

function hasPrivate(names: ReadonlySet<string> | null): boolean {
  if (names === null) return true;
  for (const name of names) if (name.startsWith('X')) return true;
  return false;
}

/** Names of the parameters behind the path, upper case; only asked for lines that are long already. */
function parametersOf(event: CommandEvent): ReadonlySet<string> {
  const names = new Set<string>();
  let name = '';
  let isName = false;
  for (let i = event.argumentStart; i <= event.end; i++) {
    const octet = i < event.end ? (event.buffer[i] as number) : 0x20;
    if (octet === 0x20 || octet === 0x3d) {
      if (isName && name !== '') names.add(name.toUpperCase());
      isName = octet === 0x20;
      name = '';
    } else if (isName && name.length < 32) name += String.fromCharCode(octet);
  }
  return names;
}
