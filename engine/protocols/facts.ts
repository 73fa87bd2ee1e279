/**
 * What a conversation established so far: filled by the dialogue, read by
 * protections, summary and the Facts tab. Counters are exact; text is kept as
 * octets and bounded, and becomes display-safe text only when somebody asks.
 */
import type { MailProtocol, TlsUse } from '../../shared/session.js';
import { KNOWLEDGE, type KnowledgeLevel } from './events.js';
import { copyOctets } from '../octets.js';
import { sharedOctets } from './shared-octets.js';

/** Longest stretch of captured text a fact keeps. */
const FACT_BYTES = 320;
const REPLY_BYTES = 120;
const LF = 10;
const CR = 13;

const MAIL_GUARD = 'PIX/ASA Mail Guard (greeting masked)';
/** Fewer are an administrator's decoration. */
const MASKED_OCTETS = 8;
const SP = 0x20;
const ASTERISK = 0x2a;
const ZERO = 0x30;
const TWO = 0x32;

export class ConnectionFacts {
  // What every line touches comes first, and lies together.
  protocol: MailProtocol;
  /** Current state name, as in the events. */
  state = 'CONNECT';
  knowledge: KnowledgeLevel = KNOWLEDGE.unknown;
  /** Transcript lines so far, both directions. */
  lines = 0;
  lastReply: Uint8Array | null = null;
  lastReplyBytes = 0;
  commands = 0;
  greeting: Uint8Array | null = null;
  /** Current transaction: number from 0 (-1 before the first), recipients sent and accepted in it. */
  transaction = -1;
  transactionRcptSent = 0;
  transactionRcptAccepted = 0;
  /** True when MAIL of this transaction carried SMTPUTF8. */
  transactionUtf8 = false;
  /** Recipients sent in the whole connection. */
  rcptCount = 0;
  mailFrom: Uint8Array | null = null;
  firstRcptTo: Uint8Array | null = null;
  tls: TlsUse = 'none';
  tlsVersion = '';
  sni: Uint8Array | null = null;
  /** First octet that the server sent behind its go-ahead to STARTTLS (SMTP); -1 when none was captured. */
  tlsServerOctet = -1;
  helo: Uint8Array | null = null;
  /** `EHLO`, `HELO` or `LHLO`; empty before. */
  heloVerb = '';
  /** Keywords (upper case) of the last EHLO answer, CAPA or CAPABILITY, which connections may share; null when none was captured. */
  capabilities: ReadonlySet<string> | null = null;
  /** Octets that SIZE of that EHLO answer allows (RFC 1870 4): 0 no fixed limit, -1 not said. */
  sizeLimit = -1;
  user: Uint8Array | null = null;
  authMechanism = '';
  authenticated: 'yes' | 'no' | 'unknown' = 'no';
  messages = 0;
  failedLogins = 0;

  constructor(protocol: MailProtocol) {
    this.protocol = protocol;
  }

  /** A device on the way that betrays itself, for example because it masks the greeting; empty when none does. */
  get middlebox(): string {
    const { protocol, greeting } = this;
    return protocol === 'smtp' && greeting !== null && isMaskedGreeting(greeting) ? MAIL_GUARD : '';
  }

  /** Copies a stretch of borrowed octets for keeping, bounded. */
  static keep(buffer: Uint8Array, start: number, end: number): Uint8Array {
    return copyOctets(buffer, start, Math.min(end, start + FACT_BYTES));
  }

  /** The first line of a reply that may have several, as `keepCommon`. */
  static keepFirstLine(buffer: Uint8Array, start: number, end: number): Uint8Array {
    return ConnectionFacts.keepCommon(buffer, start, endOfFirstLine(buffer, start, Math.min(end, start + FACT_BYTES)));
  }

  /** Like `keep`, but what many connections have in common is kept once. */
  static keepCommon(buffer: Uint8Array, start: number, end: number): Uint8Array {
    return sharedOctets(buffer, start, end) ?? ConnectionFacts.keep(buffer, start, end);
  }

  /** Remembers the first octets of the last reply's first line; most replies cost no copy. */
  keepLastReply(buffer: Uint8Array, start: number, end: number): void {
    const limit = end - start < REPLY_BYTES ? end : start + REPLY_BYTES;
    let stop = start;
    while (stop < limit && buffer[stop] !== LF) stop++;
    if (stop > start && stop < limit && buffer[stop - 1] === CR) stop--;
    this.keepLastLine(buffer, start, stop);
  }

  /** The same of a reply that has one line. */
  keepLastLine(buffer: Uint8Array, start: number, end: number): void {
    const stop = end - start < REPLY_BYTES ? end : start + REPLY_BYTES;
    this.lastReplyBytes = stop - start;
    this.lastReply = ConnectionFacts.keepCommon(buffer, start, stop);
  }
}

/** Where the first line's text ends: before its CR LF or LF, or at `end` when there is none. */
function endOfFirstLine(buffer: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    if (buffer[at] === LF) return at > start && buffer[at - 1] === CR ? at - 1 : at;
  }
  return end;
}

/** `220` and nothing but asterisks, `2`, `0` and blanks: Mail Guard masks every other octet of a greeting. */
function isMaskedGreeting(greeting: Uint8Array): boolean {
  if (greeting[0] !== TWO || greeting[1] !== TWO || greeting[2] !== ZERO) return false;
  let masked = 0;
  for (let i = 4; i < greeting.length; i++) {
    const octet = greeting[i];
    if (octet === ASTERISK) masked++;
    else if (octet !== TWO && octet !== ZERO && octet !== SP) return false;
  }
  return masked >= MASKED_OCTETS;
}
