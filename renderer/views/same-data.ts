/** Comparing plain data that crossed from another process: every answer is made of new objects, also when nothing changed. */

/** `now`, with everything of `before` that is equal in its place; `before` itself when all of it is. */
export function keepSame<T>(before: readonly T[] | undefined, now: readonly T[]): readonly T[] {
  if (before === undefined) return now;
  const kept = now.map((value, i) => (isSameData(value, before[i]) ? (before[i] as T) : value));
  return kept.length === before.length && kept.every((value, i) => value === before[i]) ? before : kept;
}

/** Of numbers, texts, null, and lists and objects of such. */
export function isSameData(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  const left = one as Readonly<Record<string, unknown>>;
  const right = other as Readonly<Record<string, unknown>>;
  return keys.every((key) => Object.hasOwn(right, key) && isSameData(left[key], right[key]));
}
