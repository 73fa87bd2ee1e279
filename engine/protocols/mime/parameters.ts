/**
 * Parameters of Content-Type and Content-Disposition (RFC 2045 5.1) with the
 * continuations and character sets of RFC 2231. In: octets of an unfolded field
 * value. Lenient as mail readers are: unquoted values may hold spaces. At most 64
 * parameters are looked at.
 */
import { Buffer } from 'node:buffer';
import { copyOctets, latin1Text } from '../../octets.js';
import { displayString, displayText } from '../../text/display.js';
import { decodeCharset } from './charset.js';
import { decodeHeaderText, hexPair } from './encoded-word.js';
import { isBlank } from './field-names.js';

const PARAMETERS = 64;
const PARAMETER_NAME_BYTES = 64;
const NAME_CHARACTERS = 255;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const APOSTROPHE = 0x27;

export interface Parameter {
  /** Lower case, as written: with `*`, `*0`, `*0*` where it has them. */
  readonly name: string;
  /** Octets with quotes and backslashes removed (a copy). */
  readonly value: Uint8Array;
}

/** The parameters of a field value, in order. */
export function readParameters(octets: Uint8Array, start: number, end: number): Parameter[] {
  const parameters: Parameter[] = [];
  let at = skipToSemicolon(octets, start, end);
  while (at < end && parameters.length < PARAMETERS) {
    at++;
    let equals = at;
    while (equals < end && octets[equals] !== EQUALS && octets[equals] !== SEMICOLON) equals++;
    if (equals >= end || octets[equals] === SEMICOLON) {
      at = equals;
      continue;
    }
    const name = latin1Text(octets, at, Math.min(equals, at + PARAMETER_NAME_BYTES))
      .trim()
      .toLowerCase();
    const after = skipToSemicolon(octets, equals + 1, end);
    parameters.push({ name, value: readValue(octets, equals + 1, after) });
    at = after;
  }
  return parameters;
}

/** The plain value of a parameter, as octets; null when absent. RFC 2231 forms are joined and decoded to UTF-8 only for names. */
export function parameterOctets(parameters: readonly Parameter[], name: string): Uint8Array | null {
  return parameters.find((parameter) => parameter.name === name)?.value ?? null;
}

/**
 * A file name among the parameters, display-safe: RFC 2231 forms first, then the plain one with
 * the encoded words that many senders put there. Empty when there is none.
 */
export function parameterText(parameters: readonly Parameter[], name: string): string {
  const extended = parameters.find((parameter) => parameter.name === `${name}*`);
  if (extended !== undefined) return decodeExtended([{ value: extended.value, encoded: true }]);
  const pieces = continuations(parameters, name);
  if (pieces.length > 0) return decodeExtended(pieces);
  const plain = parameterOctets(parameters, name);
  return plain === null ? '' : decodeHeaderText(plain, 0, plain.length, NAME_CHARACTERS).trim();
}

interface Piece {
  readonly value: Uint8Array;
  /** Percent-encoded (its name ends in `*`). */
  readonly encoded: boolean;
}

/** `name*0`, `name*1*`, ... in order, until one is missing. */
function continuations(parameters: readonly Parameter[], name: string): Piece[] {
  const pieces: Piece[] = [];
  for (let n = 0; n < PARAMETERS; n++) {
    const found = parameters.find((p) => p.name === `${name}*${n}` || p.name === `${name}*${n}*`);
    if (found === undefined) break;
    pieces.push({ value: found.value, encoded: found.name.endsWith('*') });
  }
  return pieces;
}

/** `charset'language'text`, percent-encoded where a piece says so (RFC 2231 4). */
function decodeExtended(pieces: readonly Piece[]): string {
  const first = pieces[0] as Piece;
  let charset = '';
  let from = 0;
  if (first.encoded) {
    const quote = first.value.indexOf(APOSTROPHE);
    const second = quote === -1 ? -1 : first.value.indexOf(APOSTROPHE, quote + 1);
    if (second !== -1) {
      charset = Buffer.from(first.value.subarray(0, quote)).toString('latin1');
      from = second + 1;
    }
  }
  const octets = Buffer.concat(
    pieces.map((piece, n) => {
      const value = n === 0 ? piece.value.subarray(from) : piece.value;
      return piece.encoded ? percentDecode(value) : value;
    }),
  );
  const text = charset === '' ? null : decodeCharset(charset, octets);
  return (
    text === null ? displayText(octets, 0, octets.length, NAME_CHARACTERS) : displayString(text, NAME_CHARACTERS)
  ).trim();
}

function percentDecode(value: Uint8Array): Uint8Array {
  const out = new Uint8Array(value.length);
  let length = 0;
  for (let i = 0; i < value.length; i++) {
    const octet = value[i] as number;
    const decoded =
      octet === PERCENT && i + 2 < value.length ? hexPair(value[i + 1] as number, value[i + 2] as number) : -1;
    if (decoded !== -1) i += 2;
    out[length++] = decoded === -1 ? octet : decoded;
  }
  return out.subarray(0, length);
}

function skipToSemicolon(octets: Uint8Array, start: number, end: number): number {
  let quoted = false;
  for (let i = start; i < end; i++) {
    const octet = octets[i];
    if (octet === QUOTE) quoted = !quoted;
    else if (quoted && octet === BACKSLASH) i++;
    else if (!quoted && octet === SEMICOLON) return i;
  }
  return end;
}

function readValue(octets: Uint8Array, start: number, end: number): Uint8Array {
  let from = start;
  let to = end;
  while (from < to && isBlank(octets[from] as number)) from++;
  while (to > from && isBlank(octets[to - 1] as number)) to--;
  if (isQuotedPlainly(octets, from, to)) return copyOctets(octets, from + 1, to - 1);
  const out = new Uint8Array(to - from);
  let length = 0;
  let quoted = false;
  for (let i = from; i < to; i++) {
    const octet = octets[i] as number;
    if (octet === QUOTE) quoted = !quoted;
    else if (quoted && octet === BACKSLASH && i + 1 < to) out[length++] = octets[++i] as number;
    else out[length++] = octet;
  }
  return out.subarray(0, length);
}

/** Quotes at both ends and no other, nor a backslash: as almost every value. */
function isQuotedPlainly(octets: Uint8Array, start: number, end: number): boolean {
  if (end - start < 2 || octets[start] !== QUOTE || octets[end - 1] !== QUOTE) return false;
  for (let i = start + 1; i < end - 1; i++) if (octets[i] === QUOTE || octets[i] === BACKSLASH) return false;
  return true;
}
