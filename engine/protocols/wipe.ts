/** Overwrites what was secret, before its memory serves somebody else. */

/** Up to this length a loop is quicker than the language's own. */
const SHORT = 128;

/** Wipes the first `length` octets. */
export function wipe(octets: Uint8Array, length: number): void {
  if (length > SHORT) octets.fill(0, 0, length);
  else for (let i = 0; i < length; i++) octets[i] = 0;
}
