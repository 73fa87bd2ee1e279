/**
 * A transcript as data: what a person reads, line by line. Every text run is
 * display-safe: printable characters only, never a control octet. Whoever draws
 * it may add its own escape sequences around runs, never inside them.
 */
import type { DirectionName } from './violation.js';
import type { Severity } from './severity.js';

export type TextRun =
  | { readonly kind: 'text'; readonly text: string; readonly mark: Severity | null }
  /** One octet outside printable text, as two upper-case hex digits. */
  | { readonly kind: 'octet'; readonly hex: string; readonly mark: Severity | null }
  /** A secret: its label (`password`, `response`, `challenge`, ...) and length, never its octets. */
  | { readonly kind: 'masked'; readonly label: string; readonly lengthBytes: number; readonly mark: Severity | null }
  /** Octets of a very long line that are left out here; they count in the line's `omittedBytes`. */
  | { readonly kind: 'omitted'; readonly lengthBytes: number; readonly mark: Severity | null };

export interface TranscriptLine {
  readonly kind: 'line';
  /** From 1, in order of first octets on the wire, both directions together. */
  readonly number: number;
  readonly timeUs: number;
  readonly packet: number;
  readonly direction: DirectionName;
  readonly secure: boolean;
  readonly role: LineRole;
  readonly runs: readonly TextRun[];
  /** On the wire, terminator included. */
  readonly lengthBytes: number;
  /** Octets that are not in `runs` because the line is very long. */
  readonly omittedBytes: number;
  readonly terminator: 'crlf' | 'lf' | 'none';
  /** Worst severity of the findings on this line, and their violation ids. */
  readonly severity: Severity | null;
  readonly findings: readonly number[];
}
export type LineRole = 'greeting' | 'command' | 'reply' | 'auth' | 'header' | 'body' | 'text' | 'unknown';

export type TranscriptItem =
  | TranscriptLine
  /** Lines of a body, or octets of a chunk or literal, that are folded away. `id` names it for expanding. */
  | {
      readonly kind: 'fold';
      readonly id: number;
      readonly direction: DirectionName;
      readonly lines: number;
      readonly lengthBytes: number;
      /** `body`, `literal`, `chunk`, ... */
      readonly what: string;
      readonly findings: readonly number[];
      readonly expanded: boolean;
    }
  | { readonly kind: 'gap'; readonly direction: DirectionName; readonly lengthBytes: number }
  | { readonly kind: 'pause'; readonly seconds: number }
  /** Mailscope's own words, for example about TLS. */
  | { readonly kind: 'note'; readonly text: string };

export interface TranscriptPage {
  readonly sessionId: number;
  readonly items: readonly TranscriptItem[];
  /** Index of the first item of this page, and how many there are in all. */
  readonly from: number;
  readonly total: number;
  readonly startUs: number;
  readonly revealed: boolean;
  /** How many secrets are masked (0 when revealed). */
  readonly masked: number;
  /** Anything that kept the transcript from being whole, in words; empty when whole. */
  readonly warnings: readonly string[];
}

/** What the transcript's dialogue established, for the Facts tab: label and display-safe value. */
export interface Fact {
  readonly group: string;
  readonly label: string;
  readonly value: string;
}
