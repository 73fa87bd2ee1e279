/**
 * Reads JSON into a tree that knows where each value stood, so that an error
 * can name line and column. In: text (RFC 8259; line and block comments too,
 * because a policy file is written by people). Refuses what JSON refuses, keys
 * that stand twice, and nesting deeper than any policy needs.
 */

export interface Place {
  readonly line: number;
  readonly column: number;
}
export type JsonNode = Place &
  (
    | { readonly kind: 'object'; readonly members: ReadonlyMap<string, JsonNode> }
    | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'null' }
  );

const DEEPEST = 32;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** What was wrong where; `parse.ts` turns it into a PolicyError. */
export class JsonTextError extends Error {
  constructor(
    readonly place: Place,
    readonly found: string,
    readonly allowed: string,
    readonly isDuplicate = false,
  ) {
    super(`found ${found}, allowed is ${allowed}`);
  }
}

/** The document's one value; throws `JsonTextError`. A byte order mark at the start is skipped. */
export function parseJsonText(text: string): JsonNode {
  const reader = new Reader(text.startsWith('\uFEFF') ? text.slice(1) : text);
  const node = reader.value(0);
  reader.end();
  return node;
}

class Reader {
  private at = 0;
  private line = 1;
  private lineStart = 0;
  private counted = 0;

  constructor(private readonly text: string) {}

  value(depth: number): JsonNode {
    this.skip();
    const place = this.place();
    const character = this.text[this.at];
    if (depth > DEEPEST) throw this.refuse('nesting this deep', `at most ${DEEPEST} levels`);
    if (character === '{') return { ...place, kind: 'object', members: this.members(depth) };
    if (character === '[') return { ...place, kind: 'array', items: this.items(depth) };
    if (character === '"') return { ...place, kind: 'string', value: this.string() };
    const word = /^(?:true|false|null)\b/.exec(this.text.slice(this.at, this.at + 6))?.[0];
    if (word !== undefined) {
      this.at += word.length;
      return word === 'null' ? { ...place, kind: 'null' } : { ...place, kind: 'boolean', value: word === 'true' };
    }
    NUMBER.lastIndex = this.at;
    const digits = NUMBER.exec(this.text)?.[0];
    if (digits === undefined) throw this.refuse(this.here(), 'a value');
    this.at += digits.length;
    return { ...place, kind: 'number', value: Number(digits) };
  }

  end(): void {
    this.skip();
    if (this.at < this.text.length) throw this.refuse(this.here(), 'nothing behind the closing brace');
  }

  private members(depth: number): Map<string, JsonNode> {
    const members = new Map<string, JsonNode>();
    this.at++;
    for (this.skip(); this.text[this.at] !== '}'; this.skip()) {
      if (members.size > 0) this.expect(',', 'a comma or }');
      this.skip();
      if (this.text[this.at] !== '"') throw this.refuse(this.here(), 'a key in double quotes');
      const place = this.place();
      const key = this.string();
      if (members.has(key)) throw new JsonTextError(place, `the key "${key}" a second time`, 'each key once', true);
      this.skip();
      this.expect(':', 'a colon');
      members.set(key, this.value(depth + 1));
    }
    this.at++;
    return members;
  }

  private items(depth: number): JsonNode[] {
    const items: JsonNode[] = [];
    this.at++;
    for (this.skip(); this.text[this.at] !== ']'; this.skip()) {
      if (items.length > 0) this.expect(',', 'a comma or ]');
      items.push(this.value(depth + 1));
    }
    this.at++;
    return items;
  }

  private string(): string {
    let value = '';
    for (this.at++; ; this.at++) {
      const character = this.text[this.at];
      if (character === '"') break;
      if (character === undefined || character < ' ')
        throw this.refuse(this.here(), 'a closing quote on the same line');
      value += character === '\\' ? this.escape() : character;
    }
    this.at++;
    return value;
  }

  private escape(): string {
    this.at++;
    const letter = this.text[this.at] ?? '';
    const hex = letter === 'u' ? /^[0-9a-fA-F]{4}/.exec(this.text.slice(this.at + 1, this.at + 5))?.[0] : undefined;
    if (hex !== undefined) {
      this.at += 4;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const plain = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (plain === undefined) throw this.refuse(`the escape \\${letter}`, 'an escape of JSON');
    return plain;
  }

  private expect(character: string, what: string): void {
    if (this.text[this.at] !== character) throw this.refuse(this.here(), what);
    this.at++;
  }

  /** White space and comments. */
  private skip(): void {
    for (;;) {
      BLANK.lastIndex = this.at;
      this.at += BLANK.exec(this.text)?.[0].length ?? 0;
      if (this.text.startsWith('//', this.at)) this.skipTo('\n', 0, this.text.length);
      else if (this.text.startsWith('/*', this.at)) this.skipTo('*/', 2, null);
      else return;
    }
  }

  private skipTo(mark: string, behind: number, otherwise: number | null): void {
    const found = this.text.indexOf(mark, this.at + 2);
    if (found === -1 && otherwise === null) throw this.refuse('a comment without end', '*/');
    this.at = found === -1 ? (otherwise as number) : found + behind;
  }

  private here(): string {
    const character = this.text[this.at];
    if (character === undefined) return 'the end of the file';
    return character === '\n' ? 'the end of the line' : JSON.stringify(character);
  }

  private place(): Place {
    // Places are asked for in rising order, so each character is counted once.
    for (; this.counted < this.at; this.counted++) {
      if (this.text[this.counted] !== '\n') continue;
      this.line++;
      this.lineStart = this.counted + 1;
    }
    return { line: this.line, column: this.at - this.lineStart + 1 };
  }

  private refuse(found: string, allowed: string): JsonTextError {
    return new JsonTextError(this.place(), found, allowed);
  }
}

const BLANK = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
