/**
 * Base64 as SASL uses it (RFC 4648 4). In: octets of a line. Out: decoded
 * octets, bounded. Refuses any octet outside the alphabet and `=` anywhere but
 * at the end; tolerates missing padding, because servers do.
 */
const INVALID = 255;
const PADDING = 0x3d;
const VALUES = new Uint8Array(256).fill(INVALID);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let i = 0; i < 64; i++) VALUES[ALPHABET.charCodeAt(i)] = i;

/** Decoded octets of a response that are kept. */
export const DECODED_BYTES = 16_384;
const EMPTY = new Uint8Array(0);

/**
 * Length in octets of what [start, end) decodes to, or -1 when it is not base64.
 * Looks at every octet, and so at most at the line that the caller holds.
 */
export function base64DecodedLength(buffer: Uint8Array, start: number, end: number): number {
  let last = end;
  while (last > start && end - last < 2 && buffer[last - 1] === PADDING) last--;
  const length = last - start;
  const padding = end - last;
  if (length % 4 === 1 || (padding > 0 && (length + padding) % 4 !== 0)) return -1;
  for (let i = start; i < last; i++) if (VALUES[buffer[i] as number] === INVALID) return -1;
  return Math.floor((length * 3) / 4);
}

/** Decodes at most `DECODED_BYTES` octets into a fresh array; null when it is not base64. */
export function decodeBase64(buffer: Uint8Array, start: number, end: number): Uint8Array | null {
  const total = base64DecodedLength(buffer, start, end);
  if (total === -1) return null;
  if (total === 0) return EMPTY;
  const out = new Uint8Array(Math.min(total, DECODED_BYTES));
  let bits = 0;
  let held = 0;
  for (let i = start, written = 0; written < out.length; i++) {
    bits = ((bits << 6) | (VALUES[buffer[i] as number] as number)) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out[written++] = (bits >> held) & 0xff;
    }
  }
  return out;
}

/** True for a line that can only be a response: base64 alphabet throughout, at least `minimum` octets. */
export function looksLikeBase64(buffer: Uint8Array, start: number, end: number, minimum: number): boolean {
  return end - start >= minimum && base64DecodedLength(buffer, start, end) !== -1;
}

/** A response this short is told from a word no more. */
const STRAY_BYTES = 4;
const UPPER = 1;
const LOWER = 2;
const OTHER = 4;

/**
 * True for a line that may be a response which nobody waits for any more, because the server ended the
 * exchange before: base64, and no word of letters of one case.
 */
export function mayBeStrayResponse(buffer: Uint8Array, start: number, end: number): boolean {
  if (!looksLikeBase64(buffer, start, end, STRAY_BYTES)) return false;
  let kinds = 0;
  for (let i = start; i < end; i++) {
    const octet = buffer[i] as number;
    kinds |= octet >= 0x41 && octet <= 0x5a ? UPPER : octet >= 0x61 && octet <= 0x7a ? LOWER : OTHER;
  }
  return kinds !== UPPER && kinds !== LOWER;
}
