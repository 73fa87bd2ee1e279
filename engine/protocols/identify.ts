/**
 * Finds out what a connection speaks: the port is a hint, the first octets are
 * the proof. In: the server's port, and the first octets of both sides. Out:
 * a protocol, `wait` for more octets, or `none`.
 */
import type { MailProtocol } from '../../shared/session.js';
import { TLS_CONTENT, TLS_START, tlsStart, type TlsStart } from './tls/detect.js';

/** What a port promises: a mail protocol in clear, or TLS from the first octet. */
export type PortHint = MailProtocol | 'tls';
export type Identity = PortHint | 'failed' | 'wait' | 'none';

/** Ports of RFC 6409, 8314, 1939, 9051 and the usual alternative 2525; 109 was POP2's. */
const PORT_HINTS: ReadonlyMap<number, PortHint> = new Map<number, PortHint>([
  [25, 'smtp'],
  [587, 'smtp'],
  [2525, 'smtp'],
  [465, 'tls'],
  [109, 'pop3'],
  [110, 'pop3'],
  [995, 'tls'],
  [143, 'imap'],
  [993, 'tls'],
]);

/** The hint of a port; `decodeAs` goes before the table. */
export function portHint(port: number, decodeAs: ReadonlyMap<number, PortHint>): PortHint | null {
  return decodeAs.get(port) ?? PORT_HINTS.get(port) ?? null;
}

/** Octets after which a TLS port that showed neither TLS nor a greeting is given up. */
const LONGEST_PROOF = 10;
/** Octets that a decision may take into account, per side. */
export const IDENTIFY_BYTES = 512;

/** The first octets of a side, as far as they are there. */
export interface FirstOctets {
  readonly octets: Uint8Array;
  readonly length: number;
}

/** On a port that promises something: only TLS, or a greeting in clear on a TLS port, says otherwise. */
export function identifyHinted(hint: PortHint, client: FirstOctets, server: FirstOctets): Identity {
  const clientTls = tlsStart(client.octets, 0, client.length);
  const serverTls = tlsStart(server.octets, 0, server.length);
  if (clientTls === TLS_START.yes || serverTls === TLS_START.yes) return 'tls';
  if (hint !== 'tls') return isUndecided(client, clientTls) || isUndecided(server, serverTls) ? 'wait' : hint;
  if (isTlsRecord(client) || isTlsRecord(server)) return 'tls';
  const greeted = greetingOf(server);
  if (greeted !== null) return greeted;
  return Math.max(client.length, server.length) < LONGEST_PROOF ? 'wait' : 'failed';
}

/** True when the very first octets on a port that promises a protocol in clear leave no doubt, whatever follows. */
export function isCertain(hint: PortHint, buffer: Uint8Array, start: number, end: number): boolean {
  return hint !== 'tls' && tlsStart(buffer, start, end) === TLS_START.no;
}

/** On any other port: a mail server's greeting and a mail client's command are the proof together. */
export function identifyUnhinted(client: FirstOctets, server: FirstOctets): Identity {
  const greeted = greetingOf(server);
  if (server.length >= 4 && greeted === null) return 'none';
  const asked = commandOf(client);
  if (client.length >= 12 && asked === null) return 'none';
  if (greeted !== null && asked === greeted) return greeted;
  if (greeted !== null && asked !== null) return 'none';
  const isFull = client.length >= IDENTIFY_BYTES || server.length >= IDENTIFY_BYTES;
  return isFull ? 'none' : 'wait';
}

/** True when the octets can only come from a server: the sides were taken the wrong way round. */
export function looksLikeServer(first: FirstOctets): boolean {
  return greetingOf(first) !== null;
}

function isUndecided(first: FirstOctets, start: TlsStart): boolean {
  return first.length > 0 && start === TLS_START.undecided;
}

/** A TLS record of any content type (RFC 8446 5.1): what a connection met in the middle begins with. */
function isTlsRecord({ octets, length }: FirstOctets): boolean {
  const type = octets[0] as number;
  return (
    length >= 3 &&
    type >= TLS_CONTENT.changeCipherSpec &&
    type <= TLS_CONTENT.heartbeat &&
    octets[1] === 3 &&
    (octets[2] as number) <= 4
  );
}

function greetingOf(first: FirstOctets): MailProtocol | null {
  if (startsWith(first, '220 ') || startsWith(first, '220-')) return 'smtp';
  if (startsWith(first, '+OK')) return 'pop3';
  if (startsWith(first, '* OK') || startsWith(first, '* PREAUTH') || startsWith(first, '* BYE')) return 'imap';
  return null;
}

const SMTP_OPENINGS = ['EHLO ', 'HELO ', 'LHLO '];
const POP3_OPENINGS = ['USER ', 'APOP ', 'CAPA', 'AUTH', 'STLS'];
const IMAP_VERBS = [
  'LOGIN ',
  'CAPABILITY',
  'AUTHENTICATE ',
  'STARTTLS',
  'ID ',
  'NOOP',
  'LOGOUT',
  'SELECT ',
  'EXAMINE ',
];

function commandOf(first: FirstOctets): MailProtocol | null {
  if (SMTP_OPENINGS.some((verb) => startsWith(first, verb))) return 'smtp';
  if (POP3_OPENINGS.some((verb) => startsWith(first, verb))) return 'pop3';
  return isTaggedCommand(first) ? 'imap' : null;
}

/** IMAP: a short tag, one space, a verb that may open a session. */
function isTaggedCommand(first: FirstOctets): boolean {
  const { octets, length } = first;
  let at = 0;
  while (at < length && at < 20 && isTagOctet(octets[at] as number)) at++;
  if (at === 0 || at >= length || octets[at] !== 0x20) return false;
  const rest: FirstOctets = { octets: octets.subarray(at + 1, length), length: length - at - 1 };
  return IMAP_VERBS.some((verb) => startsWith(rest, verb));
}

function isTagOctet(octet: number): boolean {
  return (
    (octet >= 0x30 && octet <= 0x39) ||
    (octet >= 0x41 && octet <= 0x5a) ||
    (octet >= 0x61 && octet <= 0x7a) ||
    octet === 0x2e
  );
}

/** ASCII comparison without regard to case; `expected` in upper case. */
function startsWith({ octets, length }: FirstOctets, expected: string): boolean {
  if (length < expected.length) return false;
  for (let i = 0; i < expected.length; i++) {
    const octet = octets[i] as number;
    const upper = octet >= 0x61 && octet <= 0x7a ? octet - 32 : octet;
    if (upper !== expected.charCodeAt(i)) return false;
  }
  return true;
}
