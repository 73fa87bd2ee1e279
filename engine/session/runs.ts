/**
 * Turns the octets of one line into runs that can be shown anywhere. In:
 * octets, marks, a secret. Out: printable text, single octets in hex, masked
 * secrets, omitted stretches. The rule of what is printable is that of
 * `text/display.ts`; marks never split a character.
 */
import { SEVERITIES, SEVERITY_RANK, type Severity } from '../../shared/severity.js';
import type { TextRun } from '../../shared/transcript.js';
import { isHiding, octetHex, utf8CodePoint, utf8SequenceLength } from '../text/display.js';
import type { SecretSpan } from './transcript-record.js';

/** Octets of a line that are shown from its beginning, and around each mark behind that. */
export const SHOWN_BYTES = 2048;
const SHOWN_MARK_BYTES = 512;
const SHOWN_MARKS = 16;
const CONTEXT_BYTES = 24;

/** Marked octets, as indexes of the line. */
export interface MarkSpan {
  readonly start: number;
  readonly end: number;
  readonly severity: Severity;
}

export interface LineText {
  readonly octets: Uint8Array;
  /** Octets of text behind `octets` that are not held. */
  readonly missingBytes: number;
  /** A secret to be masked; null when there is none or it is revealed. */
  readonly secret: SecretSpan | null;
  readonly marks: readonly MarkSpan[];
}

/** Runs of a line, and how many of its octets they leave out. */
export function lineRuns(line: LineText): { readonly runs: TextRun[]; readonly omittedBytes: number } {
  const writer = new RunWriter(line);
  const { octets, secret, missingBytes } = line;
  const length = octets.length;
  if (secret === null) {
    writer.stretch(0, length);
    writer.omit(length, length + missingBytes);
  } else {
    writer.stretch(0, secret.start);
    // A secret that reaches the end of what is held goes on in what is not.
    const end = secret.end >= length ? length + missingBytes : secret.end;
    writer.mask(secret.start, end, secret.label);
    if (secret.end < length) {
      writer.stretch(secret.end, length);
      writer.omit(length, length + missingBytes);
    }
  }
  return { runs: writer.runs, omittedBytes: writer.omittedBytes };
}

class RunWriter {
  readonly runs: TextRun[] = [];
  omittedBytes = 0;
  private readonly octets: Uint8Array;
  /** Rank of the worst mark per octet; null when nothing is marked. */
  private readonly ranks: Uint8Array | null;
  private readonly windows: readonly (readonly [number, number])[];
  /** Also those behind what is held. */
  private readonly marks: readonly MarkSpan[];
  private text = '';
  private textRank = 0;

  constructor(line: LineText) {
    this.octets = line.octets;
    this.ranks = paintMarks(line.marks, line.octets.length);
    this.windows = shownWindows(line.octets, line.marks);
    this.marks = line.marks;
  }

  /** Shows what lies in the windows, leaves out the rest. */
  stretch(start: number, end: number): void {
    let at = start;
    for (const [from, to] of this.windows) {
      if (to <= at) continue;
      if (from >= end) break;
      if (from > at) this.omit(at, from);
      const shownEnd = Math.min(to, end);
      this.show(Math.max(at, from), shownEnd);
      at = shownEnd;
    }
    if (at < end) this.omit(at, end);
  }

  mask(start: number, end: number, label: string): void {
    this.flush();
    this.runs.push({ kind: 'masked', label, lengthBytes: end - start, mark: this.worstIn(start, end) });
  }

  omit(start: number, end: number): void {
    if (end <= start) return;
    this.flush();
    this.omittedBytes += end - start;
    this.runs.push({ kind: 'omitted', lengthBytes: end - start, mark: this.worstIn(start, end) });
  }

  private show(start: number, end: number): void {
    const { octets } = this;
    for (let i = start; i < end;) {
      const length = utf8SequenceLength(octets, i, end);
      const code = length === 0 ? -1 : utf8CodePoint(octets, i, length);
      const next = i + Math.max(1, length);
      const rank = this.rankOf(i, next);
      if (isShown(code)) this.append(String.fromCodePoint(code), rank);
      else this.octetRuns(i, next);
      i = next;
    }
    this.flush();
  }

  private octetRuns(start: number, end: number): void {
    this.flush();
    for (let i = start; i < end; i++) {
      const mark = severityOf(this.rankOf(i, i + 1));
      this.runs.push({ kind: 'octet', hex: octetHex(this.octets[i] as number), mark });
    }
  }

  private append(character: string, rank: number): void {
    if (rank !== this.textRank) this.flush();
    this.textRank = rank;
    this.text += character;
  }

  private flush(): void {
    if (this.text !== '') this.runs.push({ kind: 'text', text: this.text, mark: severityOf(this.textRank) });
    this.text = '';
  }

  private rankOf(start: number, end: number): number {
    if (this.ranks === null) return 0;
    let rank = 0;
    for (let i = start; i < end; i++) rank = Math.max(rank, this.ranks[i] as number);
    return rank;
  }

  private worstIn(start: number, end: number): Severity | null {
    let rank = 0;
    for (const mark of this.marks) {
      if (mark.start < end && mark.end > start) rank = Math.max(rank, SEVERITY_RANK[mark.severity]);
    }
    return severityOf(rank);
  }
}

function isShown(code: number): boolean {
  return code >= 0x20 && !(code >= 0x7f && code < 0xa0) && !isHiding(code);
}

const BY_RANK: readonly (Severity | null)[] = [null, ...[...SEVERITIES].reverse()];

function severityOf(rank: number): Severity | null {
  return BY_RANK[rank] ?? null;
}

function paintMarks(marks: readonly MarkSpan[], length: number): Uint8Array | null {
  if (marks.length === 0) return null;
  const ranks = new Uint8Array(length);
  for (const mark of marks) {
    const rank = SEVERITY_RANK[mark.severity];
    for (let i = Math.max(0, mark.start); i < Math.min(length, mark.end); i++) {
      if ((ranks[i] as number) < rank) ranks[i] = rank;
    }
  }
  return ranks;
}

/** Stretches of a line that are shown, ascending, apart from each other, cut between characters. */
function shownWindows(octets: Uint8Array, marks: readonly MarkSpan[]): readonly (readonly [number, number])[] {
  const length = octets.length;
  if (length <= SHOWN_BYTES) return [[0, length]];
  const windows: [number, number][] = [[0, SHOWN_BYTES]];
  const beyond = marks
    .filter((mark) => mark.end > SHOWN_BYTES && mark.start < length)
    .sort((a, b) => a.start - b.start);
  for (const mark of beyond.slice(0, SHOWN_MARKS)) {
    // Of a mark that begins in front, its visible part is already there.
    const start = Math.max(mark.start, SHOWN_BYTES);
    const from = Math.max(0, start - CONTEXT_BYTES);
    const to = Math.min(length, mark.end + CONTEXT_BYTES, start + SHOWN_MARK_BYTES);
    const last = windows[windows.length - 1] as [number, number];
    if (from <= last[1]) last[1] = Math.max(last[1], to);
    else windows.push([from, to]);
  }
  return windows.map(([from, to]) => [characterStart(octets, from), characterStart(octets, to)] as const);
}

/** Moves back onto the first octet of the character that `at` would split. */
function characterStart(octets: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && start > at - 3 && start < octets.length && ((octets[start] as number) & 0xc0) === 0x80) start--;
  return start;
}
