/**
 * What shows of an event at a glance, so that a check is not called for what it
 * could not find anything in. In: an event. Out: its shape as a small number,
 * an index for tables; and the same spelt out, for the protections to say which
 * shapes they hear. Nearly every line is plain, and looked through here once.
 */
import type { CommandEvent, EventKind, ReplyEvent } from '../protocols/events.js';

/** Longest line (octets, CRLF included) that is plain. No setting of a plain line's length is lower by default. */
export const PLAIN_LINE = 128;
/** An argument with fewer octets is short. */
export const SHORT_ARGUMENT = 24;

/** What a protection may know of an event to say whether it hears it. */
export interface EventShape {
  readonly kind: EventKind;
  /** The verb of a command, what a reply answers, the phase of a login; empty for others. */
  readonly word: string;
  /** Of a reply; empty for others. */
  readonly outcome: ReplyEvent['outcome'] | '';
  /**
   * A command line that is whole (CRLF), of a known verb, at most `PLAIN_LINE` long, with nothing but printable
   * ASCII; its IMAP tag is one.
   */
  readonly isPrintable: boolean;
  /** And without any octet that attacks on programs are made of: none of ``" $ % & ' / ; \\ ` |``. */
  readonly isMild: boolean;
  /** A printable line with an argument, at whose end there is no blank. */
  readonly hasArgument: boolean;
  /** A printable line whose argument is shorter than `SHORT_ARGUMENT`. */
  readonly isShort: boolean;
}

/**
 * How a protection hears events of a shape: `noted`, once it keeps state of the connection; `before-reply`,
 * as long as no reply was judged.
 */
export type Heed = 'always' | 'never' | 'noted' | 'before-reply';

const PRINTABLE = 1;
const MILD = 2;
const ARGUMENT = 4;
const SHORT = 8;
/** Numbers that `lineClass` returns are below this; 0 for a line that is not plain. */
export const LINE_CLASSES = 16;

const BLANK = 0x20;
const UNPRINTABLE = 1;
const WILD = 2;
/** RFC 9051 9: what no tag has. */
const NO_TAG = 4;
const OCTETS = new Uint8Array(256).fill(UNPRINTABLE, 0, BLANK).fill(UNPRINTABLE, 0x7f);
mark('"$%&\'/;\\`|', WILD);
mark('(){%*"\\+', NO_TAG);

function mark(characters: string, bit: number): void {
  for (const character of characters) OCTETS[character.charCodeAt(0)] = (OCTETS[character.charCodeAt(0)] ?? 0) | bit;
}

/** The line's class: above 0 for a plain one. */
export function lineClass(event: CommandEvent): number {
  const { lengthBytes, buffer, start, end } = event;
  if (lengthBytes > PLAIN_LINE || event.terminator !== 'crlf' || event.verb === '') return 0;
  let seen = 0;
  for (let i = start; i < end; i++) seen |= OCTETS[buffer[i] as number] as number;
  if ((seen & UNPRINTABLE) !== 0 || hasOddTag(event)) return 0;
  const argument = end - event.argumentStart;
  return (
    PRINTABLE |
    ((seen & WILD) === 0 ? MILD : 0) |
    (argument > 0 && buffer[end - 1] !== BLANK ? ARGUMENT : 0) |
    (argument < SHORT_ARGUMENT ? SHORT : 0)
  );
}

function hasOddTag({ buffer, tagStart, tagEnd }: CommandEvent): boolean {
  for (let i = tagStart; i < tagEnd; i++) if (((OCTETS[buffer[i] as number] as number) & NO_TAG) !== 0) return true;
  return false;
}

/** By number; `outcomeClass` is the index. */
const OUTCOMES: readonly ReplyEvent['outcome'][] = ['ok', 'no', 'continue', 'untagged', 'malformed'];
export const OUTCOME_CLASSES = OUTCOMES.length;

export function outcomeClass(event: ReplyEvent): number {
  switch (event.outcome) {
    case 'ok':
      return 0;
    case 'no':
      return 1;
    case 'continue':
      return 2;
    case 'untagged':
      return 3;
    case 'malformed':
      return 4;
  }
}

/** The shape of a command, whole or not, of this class. */
export function commandShape(kind: EventKind, word: string, line: number): EventShape {
  return {
    kind,
    word,
    outcome: '',
    isPrintable: (line & PRINTABLE) !== 0,
    isMild: (line & MILD) !== 0,
    hasArgument: (line & ARGUMENT) !== 0,
    isShort: (line & SHORT) !== 0,
  };
}

/** The shape of an event that is no command; `outcome` as `outcomeClass` numbers it, -1 where it has none. */
export function otherShape(kind: EventKind, word: string, outcome: number): EventShape {
  return { ...commandShape(kind, word, 0), outcome: OUTCOMES[outcome] ?? '' };
}
