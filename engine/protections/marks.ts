/** Bits that say of a connection what a check may ask without touching its state. */

/** Places of state that have a mark of their own; whoever has none of these hears what it would hear with state. */
const MARKED_PLACES = 30;

/** Mark of a connection on which no reply was judged; the others say which protections keep state. */
export const BEFORE_REPLY = 1 << MARKED_PLACES;

/** The mark of a place of state; 0 for none. */
export function markOf(place: number): number {
  return place >= 0 && place < MARKED_PLACES ? 1 << place : 0;
}
