/**
 * Finds rows by bare words: every word must occur, in any case, somewhere in
 * what the row shows. Nothing is indexed: each different text of a field is
 * looked at once, however many rows have it.
 */
import type { SearchField } from './columns.js';

/** Answers per code of a field. */
const UNKNOWN = 0;
const NO = 1;
const YES = 2;

/** The words of a search text, lower case. */
export function searchWords(search: string): readonly string[] {
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Whether whatever has all the words of `now` has all those of `before` as well. */
export function isNarrower(now: readonly string[], before: readonly string[]): boolean {
  return before.every((word) => now.some((longer) => longer.includes(word)));
}

/** Whether one row has all the words. */
export function matches(words: readonly string[], fields: readonly SearchField[], slot: number): boolean {
  return words.every((word) => fields.some((field) => field.searchedText(field.codes[slot] as number).includes(word)));
}

/** The rows that have all the words, in the order that they have. */
export function matchingRows(
  words: readonly string[],
  fields: readonly SearchField[],
  slots: Uint32Array,
): Uint32Array {
  let left: Uint32Array = slots.slice();
  for (const word of words) left = rowsWithWord(word, fields, left);
  return left;
}

/** Of `slots`, which becomes rubbish. */
function rowsWithWord(word: string, fields: readonly SearchField[], slots: Uint32Array): Uint32Array {
  const has = new Uint8Array(slots.length);
  for (const field of fields) markWhereFound(word, field, slots, has);
  let count = 0;
  for (let i = 0; i < slots.length; i++) if (has[i] === 1) slots[count++] = slots[i] as number;
  return slots.slice(0, count);
}

function markWhereFound(word: string, field: SearchField, slots: Uint32Array, has: Uint8Array): void {
  const { codes } = field;
  const answers = new Uint8Array(field.codeCount);
  for (let i = 0; i < slots.length; i++) {
    if (has[i] === 1) continue;
    const code = codes[slots[i] as number] as number;
    let answer = answers[code] as number;
    if (answer === UNKNOWN) {
      answer = field.searchedText(code).includes(word) ? YES : NO;
      answers[code] = answer;
    }
    if (answer === YES) has[i] = 1;
  }
}
