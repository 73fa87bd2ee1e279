/**
 * Questions about one Content-Type or Content-Disposition value, answered from
 * octets; a string is made only for a multipart's boundary.
 */
import { equalsLower, isBlank } from './field-names.js';
import { parameterOctets, readParameters } from './parameters.js';

const MULTIPART = octetsOf('multipart/');
const MESSAGE_RFC822 = octetsOf('message/rfc822');
const MESSAGE_GLOBAL = octetsOf('message/global');
const NAME = octetsOf('name');

/** The boundary of a multipart type; null for other types and when it has none. */
export function multipartBoundary(octets: Uint8Array, start: number, end: number): Uint8Array | null {
  if (!startsWith(octets, start, end, MULTIPART)) return null;
  const parameters = readParameters(octets, start, end);
  const boundary = parameterOctets(parameters, 'boundary') ?? parameterOctets(parameters, 'boundary*0');
  return boundary === null || boundary.length === 0 ? null : boundary;
}

/** A message enclosed as it is (RFC 2046 5.2.1, RFC 6532 3.7): its header follows. */
export function isEnclosedMessage(octets: Uint8Array, start: number, end: number): boolean {
  return startsWith(octets, start, end, MESSAGE_RFC822) || startsWith(octets, start, end, MESSAGE_GLOBAL);
}

/** Does `name` stand anywhere in it, so that it may have a `name` or `filename` parameter? */
export function mayNameFile(octets: Uint8Array, start: number, end: number): boolean {
  const last = end - NAME.length;
  for (let i = start; i <= last; i++)
    if (((octets[i] as number) | 0x20) === 0x6e && equalsLower(octets, i, NAME)) return true;
  return false;
}

function startsWith(octets: Uint8Array, start: number, end: number, lower: Uint8Array): boolean {
  let at = start;
  while (at < end && isBlank(octets[at] as number)) at++;
  return end - at >= lower.length && equalsLower(octets, at, lower);
}

function octetsOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
