/**
 * The header fields a message summary reads, found from octets without making a
 * string. Names are compared without regard to case (RFC 5322 1.2.2).
 */

/** Numbers of the fields of interest; indexes of the scanner's table of kept fields. */
export const FIELD = {
  none: -1,
  from: 0,
  to: 1,
  cc: 2,
  subject: 3,
  messageId: 4,
  date: 5,
  contentType: 6,
  contentDisposition: 7,
} as const;
export type FieldNumber = (typeof FIELD)[keyof typeof FIELD];
export const FIELD_COUNT = 8;

const NAMES: readonly Uint8Array[] = [
  'from',
  'to',
  'cc',
  'subject',
  'message-id',
  'date',
  'content-type',
  'content-disposition',
].map((name) => Uint8Array.from(name, (character) => character.charCodeAt(0)));

const COLON = 0x3a;

/** Index of the colon that ends a field name starting at `start`; -1 when the line is no field. */
export function fieldColon(buffer: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    const octet = buffer[i] as number;
    if (octet === COLON) return i > start ? i : -1;
    // SP and HT before the colon are obsolete syntax (RFC 5322 4.5.3); other controls are not a name.
    if ((octet < 0x20 && octet !== 9) || octet === 0x7f) return -1;
  }
  return -1;
}

/** Which field the name [start, colon) is; `FIELD.none` for all that do not matter here. */
export function fieldNumber(buffer: Uint8Array, start: number, colon: number): FieldNumber {
  let end = colon;
  while (end > start && isBlank(buffer[end - 1] as number)) end--;
  const length = end - start;
  for (let n = 0; n < FIELD_COUNT; n++) {
    const name = NAMES[n] as Uint8Array;
    if (name.length === length && equalsLower(buffer, start, name)) return n as FieldNumber;
  }
  return FIELD.none;
}

/** SP or HT. */
export function isBlank(octet: number): boolean {
  return octet === 0x20 || octet === 9;
}

/** True when the octets at `start` are `lower` in any case; the caller knows that they are there. */
export function equalsLower(buffer: Uint8Array, start: number, lower: Uint8Array): boolean {
  for (let i = 0; i < lower.length; i++) {
    const octet = buffer[start + i] as number;
    const folded = octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet;
    if (folded !== lower[i]) return false;
  }
  return true;
}
