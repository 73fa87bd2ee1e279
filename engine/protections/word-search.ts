/** Looks for a word in octets without making a string of them. In: octets and a name. Out: whether it stands there. */
import { isBlank } from './command-argument.js';

/** True when `name` (upper case) stands in [start, end) as a word of its own, in any case. */
export function containsWord(buffer: Uint8Array, start: number, end: number, name: string): boolean {
  for (let at = start; at + name.length <= end; at++) {
    const isWordStart = at === start || isBlank(buffer[at - 1] as number);
    if (isWordStart && equals(buffer, at, name) && isWordEnd(buffer, at + name.length, end)) return true;
  }
  return false;
}

function isWordEnd(buffer: Uint8Array, at: number, end: number): boolean {
  return at === end || isBlank(buffer[at] as number);
}

function equals(buffer: Uint8Array, start: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const octet = buffer[start + i] ?? 0;
    if ((octet >= 0x61 && octet <= 0x7a ? octet - 32 : octet) !== name.charCodeAt(i)) return false;
  }
  return true;
}
