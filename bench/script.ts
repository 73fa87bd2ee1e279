/** A conversation as turns, and how one is written down. */
export interface Turn {
  readonly fromClient: boolean;
  readonly text: string;
}
export interface Conversation {
  readonly serverPort: number;
  readonly turns: readonly Turn[];
}

/** Lines end with CRLF. */
export class Script {
  readonly turns: Turn[] = [];
  client(...lines: string[]): this {
    return this.add(true, `${lines.join('\r\n')}\r\n`);
  }
  server(...lines: string[]): this {
    return this.add(false, `${lines.join('\r\n')}\r\n`);
  }
  add(fromClient: boolean, text: string): this {
    this.turns.push({ fromClient, text });
    return this;
  }
}
