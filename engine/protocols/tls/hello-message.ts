/**
 * Takes one ClientHello or ServerHello handshake message apart (RFC 5246 7.4.1,
 * RFC 8446 4.1). In: the whole message with its four-octet header. Out: the
 * chosen version and the server name; null when the lengths inside do not fit.
 */
import { copyOctets } from '../../octets.js';
const EXTENSION_SERVER_NAME = 0;
const EXTENSION_SUPPORTED_VERSIONS = 43;
const CLIENT_HELLO = 1;
/** A host name is at most 255 octets long (RFC 1035 2.3.4). */
const SNI_BYTES = 255;

export interface HelloMessage {
  /** ServerHello: the version it chose; 0 for a ClientHello. */
  version: number;
  /** ClientHello: a copy of the first host name in server_name; null when absent. */
  sni: Uint8Array | null;
}

/** Reads octets `start`..`end`, one whole handshake message of type 1 or 2. */
export function readHello(octets: Uint8Array, start: number, end: number): HelloMessage | null {
  const isClient = octets[start] === CLIENT_HELLO;
  // Header (4), version (2), random (32), then the session id.
  let at = start + 38;
  if (at + 1 > end) return null;
  const legacyVersion = u16(octets, start + 4);
  at += 1 + (octets[at] as number);
  at = isClient ? behindClientLists(octets, at, end) : at + 3;
  if (at === -1 || at > end) return null;
  const hello: HelloMessage = { version: isClient ? 0 : legacyVersion, sni: null };
  if (at === end) return hello;
  if (at + 2 > end || at + 2 + u16(octets, at) > end) return null;
  return readExtensions(octets, at + 2, at + 2 + u16(octets, at), isClient, hello);
}

/** Position behind cipher suites and compression methods, -1 when they do not fit. */
function behindClientLists(octets: Uint8Array, start: number, end: number): number {
  if (start + 2 > end) return -1;
  const at = start + 2 + u16(octets, start);
  return at + 1 > end ? -1 : at + 1 + (octets[at] as number);
}

function readExtensions(
  octets: Uint8Array,
  start: number,
  end: number,
  isClient: boolean,
  hello: HelloMessage,
): HelloMessage | null {
  for (let at = start; at + 4 <= end;) {
    const type = u16(octets, at);
    const body = at + 4;
    const after = body + u16(octets, at + 2);
    if (after > end) return null;
    if (isClient && type === EXTENSION_SERVER_NAME) hello.sni = readServerName(octets, body, after);
    if (!isClient && type === EXTENSION_SUPPORTED_VERSIONS && after === body + 2) hello.version = u16(octets, body);
    at = after;
  }
  return hello;
}

/** List length (2), then entries of type (1), length (2), name; type 0 is a host name. */
function readServerName(octets: Uint8Array, start: number, end: number): Uint8Array | null {
  for (let at = start + 2; at + 3 <= end;) {
    const length = u16(octets, at + 1);
    if (at + 3 + length > end) return null;
    if (octets[at] === 0) return copyOctets(octets, at + 3, at + 3 + Math.min(length, SNI_BYTES));
    at += 3 + length;
  }
  return null;
}

function u16(octets: Uint8Array, at: number): number {
  return ((octets[at] as number) << 8) | (octets[at + 1] as number);
}
