/**
 * The last guard before the terminal. In: any string that is meant as text.
 * Out: the same without a single character that a terminal could take as a
 * command or that changes the direction of what follows. Texts of a transcript
 * are display-safe already; this holds even if one day they are not.
 */

/** Stands for a character that may not be shown. */
export const REPLACEMENT = '\uFFFD';

// C0, DEL, C1; line and paragraph separators; bidirectional controls; zero-width characters; lone surrogates; tag characters.
const FORBIDDEN =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\u{e0000}-\u{e0fff}]/gu;

/** Replaces everything a terminal could obey; plain text comes back unchanged. */
export function guardText(text: string): string {
  return text.replace(FORBIDDEN, REPLACEMENT);
}

const HEX_PAIR = /^[0-9A-F]{2}$/;

/** Two hex digits of an octet, or `??` when they are anything else. */
export function guardHex(hex: string): string {
  return HEX_PAIR.test(hex) ? hex : '??';
}
