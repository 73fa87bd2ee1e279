/** The words of one line of an access list, each with the column where it stands. */

/** What is wrong with a line: the first wrong word. */
export interface LineProblem {
  /** From 1. */
  readonly column: number;
  readonly found: string;
  readonly allowed: string;
}

/** Thrown while a line is read; `parse-access-list.ts` catches it and goes on with the next line. */
export class LineRefused extends Error {
  constructor(readonly problem: LineProblem) {
    super(`column ${problem.column}: found ${problem.found}, allowed is ${problem.allowed}`);
  }
}

interface Word {
  readonly column: number;
  readonly text: string;
}

const LONGEST_SHOWN = 80;

/** Words between blanks, taken one after the other. */
export class LineWords {
  private readonly words: readonly Word[];
  private next = 0;

  constructor(line: string) {
    this.words = [...line.matchAll(/[^ \t\r\n]+/g)].map((match) => ({ column: match.index + 1, text: match[0] }));
    this.endColumn = line.trimEnd().length + 1;
  }

  private readonly endColumn: number;

  get isOver(): boolean {
    return this.next >= this.words.length;
  }

  /** The next word in lower case; empty at the end of the line. */
  peek(): string {
    return this.words[this.next]?.text.toLowerCase() ?? '';
  }

  /** Takes the next word as it was written. */
  take(): string {
    return this.words[this.next++]?.text ?? '';
  }

  /** Takes the next word when it is this one. */
  skip(word: string): boolean {
    if (this.peek() !== word) return false;
    this.next++;
    return true;
  }

  /** Takes the next word, which must be one of these. */
  choice<T extends string>(allowed: readonly T[], what: string = allowed.join(' or ')): T {
    const found = allowed.find((one) => one === this.peek());
    if (found === undefined) throw this.refuse(what);
    this.next++;
    return found;
  }

  /** The words that are left, in lower case with single blanks. */
  restText(): string {
    return this.words
      .slice(this.next)
      .map(({ text }) => text.toLowerCase())
      .join(' ');
  }

  /** A refusal of the next word, or of the one `back` words before it. */
  refuse(allowed: string, back = 0): LineRefused {
    const word = this.words[this.next - back];
    const column = word?.column ?? this.endColumn;
    return new LineRefused({
      column,
      found: word === undefined ? 'the end of the line' : shownWord(word.text),
      allowed,
    });
  }
}

function shownWord(text: string): string {
  const quoted = JSON.stringify(text);
  return quoted.length > LONGEST_SHOWN ? `${quoted.slice(0, LONGEST_SHOWN - 1)}…` : quoted;
}
