/**
 * Reads an access list as administrators paste it: the lines of a named
 * extended list with or without header and sequence numbers, numbered lists
 * (`access-list 101 ...`), remarks, IPv6 lists, and what `show access-lists` prints.
 * Out: the list, or what is wrong with each wrong line; a list with a wrong line
 * is not used at all.
 */
import type { PerimeterProblem } from '../../../shared/policy.js';
import { DEFAULT_LIST_NAME, type AccessEntry, type AccessList, type AddressFamily } from './access-list.js';
import { LineRefused, LineWords } from './line-words.js';
import { parseEntry } from './parse-entry.js';

export const MOST_LINES = 1000;
export const LONGEST_LINE = 512;

const LIST_NUMBER = /^(?:1\d\d|2[0-6]\d\d)$/;
const LIST_NAME = /^[A-Za-z][\w.-]{0,62}$/;
const SEQUENCE = /^[1-9]\d{0,9}$/;
/** What IOS shows behind an entry, and says in front of those of IPv6 lists. */
const SHOWN_BEHIND = /(?<![ \t])(?:[ \t]+(?:\(\d{1,20} match(?:es)?\)|sequence[ \t]+\d{1,10}))+[ \t\r]*$/i;
const LINE_START = 'permit, deny, remark, a sequence number, access-list NUMBER, or ip access-list extended NAME';

/** Both texts and entries; `list` is null when a line is wrong and when there is no entry at all. */
export interface ParsedAccessList {
  readonly list: AccessList | null;
  readonly problems: readonly PerimeterProblem[];
}

/** `name`: what the list is called unless a header line names it. */
export function parseAccessList(lines: readonly string[], name: string = DEFAULT_LIST_NAME): ParsedAccessList {
  const reader = new ListReader();
  const problems: PerimeterProblem[] = [];
  for (const [index, line] of lines.slice(0, MOST_LINES).entries()) {
    try {
      reader.line(line, index);
    } catch (error) {
      if (!(error instanceof LineRefused)) throw error;
      problems.push({ index, ...error.problem });
    }
  }
  if (lines.length > MOST_LINES) {
    problems.push({ index: MOST_LINES, column: 1, found: `${lines.length} lines`, allowed: `at most ${MOST_LINES}` });
  }
  const { entries } = reader;
  const list = problems.length > 0 || entries.length === 0 ? null : { name: reader.name ?? name, entries };
  return { list, problems };
}

class ListReader {
  readonly entries: AccessEntry[] = [];
  name: string | null = null;
  private family: AddressFamily | null = null;

  line(line: string, index: number): void {
    if (line.length > LONGEST_LINE) {
      const found = `${line.length} characters`;
      throw new LineRefused({ column: LONGEST_LINE + 1, found, allowed: `at most ${LONGEST_LINE}` });
    }
    const words = new LineWords(line.replace(SHOWN_BEHIND, ''));
    if (words.isOver || words.peek().startsWith('!')) return;
    if (this.readHeader(words)) return;
    if (words.skip('access-list')) this.readNumber(words);
    else if (words.skip('sequence')) this.readSequence(words);
    else if (SEQUENCE.test(words.peek())) words.take();
    if (words.peek() === 'remark') return;
    if (words.peek() !== 'permit' && words.peek() !== 'deny') throw words.refuse(LINE_START);
    this.entries.push(parseEntry(words, index, this.family));
  }

  /** True when the line was a header. */
  private readHeader(words: LineWords): boolean {
    const kind = words.peek();
    if (kind !== 'ip' && kind !== 'ipv6' && kind !== 'extended') return false;
    if (this.name !== null || this.entries.length > 0) {
      throw words.refuse('one list: its header first and once; IPv6 entries may stand among the others');
    }
    words.take();
    for (const word of headerWords(kind, words.peek())) words.choice([word]);
    if (kind === 'ipv6') this.family = 6;
    const name = words.peek();
    if (!LIST_NAME.test(name) && !(kind !== 'ipv6' && LIST_NUMBER.test(name))) {
      throw words.refuse('a name of letters, digits and - _ . that begins with a letter, or a number such as 101');
    }
    this.name = words.take();
    if (!words.isOver) throw words.refuse('the end of the line');
    return true;
  }

  private readSequence(words: LineWords): void {
    if (!SEQUENCE.test(words.peek())) throw words.refuse('a sequence number');
    words.take();
  }

  /** Every line of a numbered list names it. */
  private readNumber(words: LineWords): void {
    const number = words.peek();
    if (!LIST_NUMBER.test(number)) throw words.refuse('the number of an extended list: 100 to 199 or 2000 to 2699');
    if (this.name !== null && this.name !== number) throw words.refuse(`${this.name}: one list`);
    this.name = words.take();
  }
}

/** What stands between the first word of a header, as it is configured or shown, and the list's name. */
function headerWords(kind: 'ip' | 'ipv6' | 'extended', next: string): readonly string[] {
  if (kind === 'ip') return ['access-list', 'extended'];
  if (kind === 'extended') return ['ip', 'access', 'list'];
  return next === 'access' ? ['access', 'list'] : ['access-list'];
}
