/**
 * Is this the start of TLS? In: the first octets of a direction (borrowed). Out:
 * yes, no, or not enough octets to say. Looks at the record header and the
 * handshake type (RFC 8446 5.1, 4), and at the SSL 2 hello that old clients
 * begin with (RFC 5246 E.2). Reads at most nine octets.
 */

/** Answers of `tlsStart`; `undecided` means: ask again with more octets. */
export const TLS_START = { no: 0, yes: 1, undecided: 2 } as const;
export type TlsStart = (typeof TLS_START)[keyof typeof TLS_START];

/** Record content types (RFC 8446 5.1). */
export const TLS_CONTENT = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
  heartbeat: 24,
} as const;

/** Longest record body: 2^14 + 2048 octets (RFC 5246 6.2.3). */
export const TLS_RECORD_BYTES = 18_432;
export const TLS_RECORD_HEADER_BYTES = 5;

/**
 * Do the octets at `start` begin a TLS handshake (ClientHello or ServerHello), an alert, or an
 * SSL 2 hello? `undecided` while every octet so far fits and more are needed.
 */
export function tlsStart(buffer: Uint8Array, start: number, end: number): TlsStart {
  if (start >= end) return TLS_START.undecided;
  const first = buffer[start] as number;
  if ((first & 0x80) !== 0) return ssl2Start(buffer, start, end);
  if (first !== TLS_CONTENT.handshake && first !== TLS_CONTENT.alert) return TLS_START.no;
  const length = end - start;
  if (length > 1 && buffer[start + 1] !== 3) return TLS_START.no;
  if (length > 2 && (buffer[start + 2] as number) > 4) return TLS_START.no;
  if (length < 5) return TLS_START.undecided;
  const body = ((buffer[start + 3] as number) << 8) | (buffer[start + 4] as number);
  if (first === TLS_CONTENT.alert) return body === 2 ? TLS_START.yes : TLS_START.no;
  if (body === 0 || body > TLS_RECORD_BYTES) return TLS_START.no;
  if (length < 6) return TLS_START.undecided;
  const message = buffer[start + 5] as number;
  return message === 1 || message === 2 ? TLS_START.yes : TLS_START.no;
}

/**
 * SSL 2 CLIENT-HELLO or SERVER-HELLO with a two-octet header: length with the high bit set,
 * message type, version. The lengths inside must add up, as random octets often begin like one.
 */
function ssl2Start(buffer: Uint8Array, start: number, end: number): TlsStart {
  const length = end - start;
  if (length < 3) return TLS_START.undecided;
  const body = (((buffer[start] as number) & 0x7f) << 8) | (buffer[start + 1] as number);
  const message = buffer[start + 2] as number;
  if (message !== 1 && message !== 4) return TLS_START.no;
  const at = message === 1 ? start + 3 : start + 5;
  if (length < 9) return TLS_START.undecided;
  const major = buffer[at] as number;
  const minor = buffer[at + 1] as number;
  if (!(major === 3 && minor <= 4) && !(major === 0 && minor === 2)) return TLS_START.no;
  if (message === 4) return body >= 11 ? TLS_START.yes : TLS_START.no;
  const cipherSpecs = ((buffer[start + 5] as number) << 8) | (buffer[start + 6] as number);
  const fits = cipherSpecs > 0 && cipherSpecs % 3 === 0 && body >= 9 + cipherSpecs + 16;
  return fits ? TLS_START.yes : TLS_START.no;
}
