/**
 * A column of addresses, in the order of their values: 10.0.0.2 before
 * 10.0.0.10, IPv4 before IPv6.
 */
import { addressKey } from './address-key.js';
import { sortByNumber } from './radix-sort.js';
import { TextColumn, type TextOrder } from './text-column.js';
import { sortIdsByText } from './text-sort.js';

const BY_VALUE: TextOrder = { compare: compareAddresses, sort: sortAddresses };

export class AddressColumn extends TextColumn {
  constructor() {
    super(BY_VALUE);
  }
}

/** Numbers come before texts. */
function compareAddresses(one: string, other: string): number {
  const left = addressKey(one);
  const right = addressKey(other);
  if (left === right) return 0;
  if (typeof left === 'number') return typeof right === 'number' ? left - right : -1;
  if (typeof right === 'number') return 1;
  return left < right ? -1 : 1;
}

function sortAddresses(ids: Uint32Array, texts: readonly string[]): Uint32Array {
  const numbers = new Map<number, number>();
  const others: string[] = [];
  for (const id of ids) {
    const key = addressKey(texts[id] as string);
    if (typeof key === 'number') numbers.set(id, key);
    else others[id] = key;
  }
  const withNumber = ids.filter((id) => numbers.has(id));
  const sorted = new Uint32Array(ids.length);
  sorted.set(sortByNumber(withNumber, (id) => numbers.get(id) ?? 0, false));
  // Two spellings of an address would be equal here; the engine has one.
  sorted.set(
    sortIdsByText(
      ids.filter((id) => !numbers.has(id)),
      others,
    ),
    withNumber.length,
  );
  return sorted;
}
