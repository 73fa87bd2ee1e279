/**
 * Sorts many different texts by their code units: six at a time make a number,
 * and numbers are sorted without comparing texts (`radix-sort.ts`). What the
 * texts of a part have in common at their beginning is skipped, so half a
 * million replies that differ in a queue id alone are as quick as any others.
 */
import { newKeyed, sortKeyed, type Keyed } from './radix-sort.js';

/** Fewer texts are compared one with another; a handful without even a call. */
const FEW = 256;
const HANDFUL = 12;
/** A digit is a code unit and one, below this; 0 is the end of the text. */
const NARROW = 256;
const NARROW_UNITS = 6;
const WIDE_UNITS = 2;

/** Part of the texts that have their first `depth` units in common. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

/** The ids in the order of their texts, which are all different. */
export function sortIdsByText(ids: Uint32Array, texts: readonly string[]): Uint32Array {
  const sorted = Uint32Array.from(ids);
  const parts: Part[] = [{ from: 0, to: sorted.length, depth: 0 }];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const some = sorted.subarray(part.from, part.to);
    if (some.length < FEW) some.sort((a, b) => ((texts[a] as string) < (texts[b] as string) ? -1 : 1));
    else splitPart(some, texts, part, parts);
  }
  return sorted;
}

/** Sorts a part by its next units; what is equal in them becomes parts of its own. */
function splitPart(ids: Uint32Array, texts: readonly string[], { from, depth }: Part, parts: Part[]): void {
  const start = depth + commonUnits(ids, texts, depth);
  const keyed = newKeyed(ids.length);
  keyed.slots.set(ids);
  const isNarrow = narrowKeys(keyed, texts, start);
  if (!isNarrow) wideKeys(keyed, texts, start);
  const units = isNarrow ? NARROW_UNITS : WIDE_UNITS;
  const lastDigit = isNarrow ? NARROW - 1 : 0xffff_ffff;
  const { slots, high, low } = sortKeyed(keyed, newKeyed(ids.length));
  ids.set(slots);
  let first = 0;
  for (let i = 1; i <= ids.length; i++) {
    if (i < ids.length && high[i] === high[first] && low[i] === low[first]) continue;
    // A last digit of 0 says that the texts are over: they are the same.
    const isOver = ((low[first] as number) & lastDigit) === 0;
    if (i - first > HANDFUL && !isOver) parts.push({ from: from + first, to: from + i, depth: start + units });
    else if (i - first > 1 && !isOver) sortHandful(ids, first, i, texts);
    first = i;
  }
}

function sortHandful(ids: Uint32Array, from: number, to: number, texts: readonly string[]): void {
  for (let i = from + 1; i < to; i++) {
    const id = ids[i] as number;
    const text = texts[id] as string;
    let at = i;
    for (; at > from && text < (texts[ids[at - 1] as number] as string); at--) ids[at] = ids[at - 1] as number;
    ids[at] = id;
  }
}

/** How many units all the texts have in common from `depth` on. */
function commonUnits(ids: Uint32Array, texts: readonly string[], depth: number): number {
  const first = texts[ids[0] as number] as string;
  let end = first.length;
  for (let i = 1; i < ids.length && end > depth; i++) {
    const text = texts[ids[i] as number] as string;
    end = Math.min(end, text.length);
    for (let at = depth; at < end; at++) {
      if (text.charCodeAt(at) !== first.charCodeAt(at)) end = at;
    }
  }
  return Math.max(0, end - depth);
}

/** False, with keys that mean nothing, when a unit is too great for a narrow digit. */
function narrowKeys({ slots, high, low }: Keyed, texts: readonly string[], start: number): boolean {
  for (let i = 0; i < slots.length; i++) {
    const text = texts[slots[i] as number] as string;
    const [a, b, c] = [digit(text, start), digit(text, start + 1), digit(text, start + 2)];
    const [d, e, f] = [digit(text, start + 3), digit(text, start + 4), digit(text, start + 5)];
    if ((a | b | c | d | e | f) >= NARROW) return false;
    high[i] = (a << 16) | (b << 8) | c;
    low[i] = (d << 16) | (e << 8) | f;
  }
  return true;
}

function wideKeys({ slots, high, low }: Keyed, texts: readonly string[], start: number): void {
  for (let i = 0; i < slots.length; i++) {
    const text = texts[slots[i] as number] as string;
    high[i] = digit(text, start);
    low[i] = digit(text, start + 1);
  }
}

function digit(text: string, at: number): number {
  return at < text.length ? text.charCodeAt(at) + 1 : 0;
}
