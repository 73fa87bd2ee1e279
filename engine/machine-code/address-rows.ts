/**
 * F10, the row of return addresses: six or more equal words of 4 or 8 octets one
 * behind the other, each with an octet that is not printable. Where the words
 * begin in the reader's memory is not known, so the row may begin anywhere.
 *
 * NUL ends a string, so a row that overflows one has none; a word of eight may
 * have the two of a 64-bit address. (UTF-16 in NTLM has one in each character.)
 * Words of one repeated octet are padding or a sled and do not count, except 05
 * to 0E: 0C0C0C0Ch and its neighbours are the addresses of sprayed memory.
 */
import { isPrintable, type Findings } from './features.js';

const WORDS = 6;
const WIDTHS = [4, 8];
const NULS_OF_EIGHT = 2;

/** F10 in [start, end). */
export function findAddressRow(buffer: Uint8Array, start: number, end: number, found: Findings): void {
  for (const width of WIDTHS) {
    const needed = width * (WORDS - 1);
    let equal = 0;
    for (let i = start + width; i < end; i++) {
      equal = buffer[i] === buffer[i - width] ? equal + 1 : 0;
      if (equal < needed || !isAddress(buffer, i - width + 1, width)) continue;
      found.add('F10', i - width - equal + 1, rowEnd(buffer, i, end, width));
      return;
    }
  }
}

function isAddress(buffer: Uint8Array, at: number, width: number): boolean {
  const first = buffer[at] as number;
  let differs = first >= 0x05 && first <= 0x0e;
  let unprintable = false;
  let nuls = 0;
  for (let i = at; i < at + width; i++) {
    const octet = buffer[i] as number;
    differs ||= octet !== first;
    if (octet === 0) nuls++;
    unprintable ||= !isPrintable(octet);
  }
  return differs && unprintable && nuls <= (width === 8 ? NULS_OF_EIGHT : 0);
}

function rowEnd(buffer: Uint8Array, from: number, end: number, width: number): number {
  let at = from + 1;
  while (at < end && buffer[at] === buffer[at - width]) at++;
  return at;
}
