/**
 * Display-safe text of octets that many transactions have in common: replies, and
 * the names that clients give themselves. A table of the texts made last, found
 * again by comparing octets, so that the same text is neither made nor kept
 * twice. Bounded by its number of slots; what it holds has been captured and is
 * no secret.
 */
import { displayText } from '../../text/display.js';

export class KnownTexts {
  private readonly texts: string[];

  /** `slots` is a power of two. Texts are cut at `maximum` characters. */
  constructor(
    private readonly slots: number,
    private readonly maximum: number,
  ) {
    this.texts = new Array<string>(slots).fill('');
  }

  /** As `displayText`. */
  of(octets: Uint8Array, start: number, end: number): string {
    const length = end - start;
    let hash = length;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (octets[i] as number)) | 0;
    const slot = (hash ^ (hash >>> 15)) & (this.slots - 1);
    const known = this.texts[slot] as string;
    if (known.length === length && isText(known, octets, start)) return known;
    const text = displayText(octets, start, end, this.maximum);
    if (text.length === length) this.texts[slot] = text;
    return text;
  }
}

/** Only octets that are ASCII are their own text: `ä` as one octet is not shown as `ä`. */
function isText(text: string, octets: Uint8Array, start: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const octet = octets[start + i] as number;
    if (octet >= 0x80 || text.charCodeAt(i) !== octet) return false;
  }
  return true;
}
