/**
 * An output that can be opened anew under its name while it is written, as log
 * rotation asks for: what was written before goes to the file that has been
 * renamed, what comes then to the new one.
 */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { FdWriter, systemCode, type WriterState } from '../fd-writer.js';
import type { Output } from '../host.js';
import type { OpenedOutput } from '../open-output.js';

export class RotatingOutput implements Output {
  readonly #path: string;
  readonly #onStop: () => void;
  readonly #header: () => string;
  #writer: Output;
  #close: () => void;

  /** `opened`: the output so far, closed from now on by this. `header`: what every new file begins with. */
  constructor(path: string, opened: OpenedOutput, header: () => string, onStop: () => void) {
    this.#path = path;
    this.#onStop = onStop;
    this.#header = header;
    this.#writer = opened.output;
    this.#close = () => opened.close();
  }

  get state(): WriterState {
    return this.#writer.state;
  }

  write(text: string): void {
    this.#writer.write(text);
  }

  flush(): void {
    this.#writer.flush();
  }

  /** Null, or why the file could not be opened; then everything goes on where it went. */
  reopen(): string | null {
    let fd: number;
    try {
      // Appended to: who sends the signal without renaming loses nothing.
      fd = openSync(this.#path, 'a');
    } catch (error) {
      const code = systemCode(error);
      if (code === '') throw error;
      return code;
    }
    this.#close();
    const writer = new FdWriter(fd, this.#onStop);
    if (fstatSync(fd).size === 0) writer.write(this.#header());
    this.#writer = writer;
    this.#close = () => {
      writer.flush();
      closeSync(fd);
    };
    return null;
  }

  /** Writes what is pending and closes the file. */
  close(): void {
    this.#close();
  }
}
