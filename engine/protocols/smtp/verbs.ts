/**
 * Every SMTP verb that any rule names, as small numbers. In: the octets of a
 * verb. Out: its number, found without making a string, and its interned name.
 * Sources: RFC 5321 4.1, RFC 2033 (LHLO), RFC 3030 (BDAT), RFC 4954 (AUTH), RFC
 * 3207 (STARTTLS), RFC 1985 and 2645 (ETRN, ATRN), RFC 4468 (BURL), Postfix
 * (XCLIENT, XFORWARD), Exchange and the historic ones as deployed.
 */
import { VerbTable } from '../verb-table.js';

export const VERB = {
  /** Not in the table. */
  none: 0,
  EHLO: 1,
  HELO: 2,
  LHLO: 3,
  MAIL: 4,
  SEND: 5,
  SOML: 6,
  SAML: 7,
  RCPT: 8,
  DATA: 9,
  BDAT: 10,
  RSET: 11,
  NOOP: 12,
  HELP: 13,
  VRFY: 14,
  EXPN: 15,
  QUIT: 16,
  AUTH: 17,
  'X-EXPS': 18,
  XAUTH: 19,
  STARTTLS: 20,
  TLS: 21,
  'X-ANONYMOUSTLS': 22,
  ETRN: 23,
  ATRN: 24,
  TURN: 25,
  BURL: 26,
  XCLIENT: 27,
  XFORWARD: 28,
  XEXCH50: 29,
  'X-LINK2STATE': 30,
  VERB: 31,
  ONEX: 32,
  WIZ: 33,
  DEBUG: 34,
  KILL: 35,
  SHOWQ: 36,
  XUSR: 37,
  XADR: 38,
  'X-ADAT': 39,
  'X-DRCP': 40,
  'X-ERCP': 41,
  'X-EXCH50': 42,
  'X-EXCHANGEAUTH': 43,
  XSESSIONPARAMS: 44,
  XPROXY: 45,
  XPROXYFROM: 46,
  XPROXYTO: 47,
  XRDST: 48,
  XSHADOW: 49,
  XSHADOWREQUEST: 50,
} as const;

/**
 * What else can wait for a reply besides a verb, and parts of verbs that are
 * answered in a way of their own.
 */
export const PENDING = {
  greeting: 64,
  endOfData: 65,
  /** BDAT with LAST. */
  lastChunk: 66,
  /** An empty line: some servers answer it, some do not. */
  blank: 67,
  /** XEXCH50 whose payload is on its way. */
  xexch50Payload: 68,
} as const;

/** True for what is answered when the transaction is over, false for what belongs to its middle. */
export function endsTransaction(verb: number): boolean {
  return verb !== VERB.RCPT && verb !== VERB.DATA && verb !== VERB.BDAT && !opensTransaction(verb);
}

/** MAIL and its historic sisters (RFC 5321 F.6). */
export function opensTransaction(verb: number): boolean {
  return verb === VERB.MAIL || verb === VERB.SEND || verb === VERB.SOML || verb === VERB.SAML;
}

const NAMES: string[] = [];
for (const [name, number] of Object.entries(VERB)) NAMES[number] = number === VERB.none ? '' : name;
NAMES[PENDING.greeting] = 'GREETING';
NAMES[PENDING.endOfData] = 'EOD';
NAMES[PENDING.lastChunk] = 'BDAT';
NAMES[PENDING.blank] = '';
NAMES[PENDING.xexch50Payload] = 'XEXCH50';

/** Interned name of a verb or of another pending item; empty for `none`. */
export function verbName(verb: number): string {
  return NAMES[verb] as string;
}

/** The number of a verb is one more than its place there. */
const VERBS = new VerbTable(NAMES.slice(VERB.none + 1, Object.keys(VERB).length));

/** Number of the verb in [start, end), compared without regard to ASCII case; `VERB.none` when there is none. */
export function findVerb(buffer: Uint8Array, start: number, end: number): number {
  return VERBS.find(buffer, start, end) + 1;
}

/** True when the octets at `start` are `name` (upper case ASCII), in any case. The caller knows that they are enough. */
export function isName(buffer: Uint8Array, start: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) if (upper(buffer[start + i] as number) !== name.charCodeAt(i)) return false;
  return true;
}

function upper(octet: number): number {
  return octet >= 0x61 && octet <= 0x7a ? octet - 32 : octet;
}
