/**
 * dumpcap's talk to its parent (`-Z none`): messages on standard error of one
 * letter, a length in three octets, and that many octets of text, which tell
 * errors apart from chatter without reading prose. Source: Wireshark,
 * `sync_pipe.h` and `dumpcap.c`. An `E` message holds two further messages (the
 * error and its explanation). A length beyond the bound means that this is no
 * such talk (an old version, a wrapper): from there on it is taken as plain text.
 */
import type { CaptureStatistics } from './capture-engine.js';
import type { ProgramEar, ToldError } from './child-capture.js';

const HEADER_BYTES = 4;
/** Wireshark's own bound is 4096 for the text; an error holds two of them. */
const MESSAGE_LIMIT_BYTES = 16_384;
const PLAIN_TEXT_LIMIT = 4096;

const ERROR = 0x45;
const BAD_FILTER = 0x42;
const DROPS = 0x44;
const KNOWN: ReadonlySet<number> = new Set([...'FEBDPSLTIX'].map((letter) => letter.charCodeAt(0)));

export interface SyncMessage {
  /** ASCII code of its letter. */
  readonly letter: number;
  readonly body: Buffer;
}

/** Cuts the talk into messages, in chunks of any size. */
export class SyncPipe {
  private held: Buffer = Buffer.alloc(0);
  /** What came since it stopped being such talk. */
  plainText = '';
  private isPlain = false;

  push(chunk: Uint8Array): readonly SyncMessage[] {
    this.held = Buffer.concat([this.held, chunk]);
    const messages: SyncMessage[] = [];
    for (let message = this.next(); message !== null; message = this.next()) messages.push(message);
    return messages;
  }

  private next(): SyncMessage | null {
    if (!this.isPlain && this.held.length > 0 && !KNOWN.has(this.held[0] ?? 0)) this.isPlain = true;
    if (!this.isPlain && this.held.length < HEADER_BYTES) return null;
    if (!this.isPlain && this.held.readUIntBE(1, 3) > MESSAGE_LIMIT_BYTES) this.isPlain = true;
    if (this.isPlain) return this.keepPlain();
    const end = HEADER_BYTES + this.held.readUIntBE(1, 3);
    if (this.held.length < end) return null;
    const message = { letter: this.held[0] ?? 0, body: this.held.subarray(HEADER_BYTES, end) };
    this.held = this.held.subarray(end);
    return message;
  }

  private keepPlain(): null {
    this.plainText = (this.plainText + this.held.toString('utf8')).slice(0, PLAIN_TEXT_LIMIT);
    this.held = Buffer.alloc(0);
    return null;
  }
}

/** What dumpcap told: its first error, and at its end the drop counter. */
export class SyncPipeEar implements ProgramEar {
  private readonly pipe = new SyncPipe();
  private first: ToldError | null = null;
  private dropped: number | null = null;

  /** `sightings`: how often each packet passes the capturing socket (`socketSightings`). */
  constructor(private readonly sightings = 1) {}

  push(chunk: Uint8Array): void {
    for (const { letter, body } of this.pipe.push(chunk)) {
      if (letter === ERROR) this.first ??= { kind: 'error', text: errorText(body) };
      else if (letter === BAD_FILTER) this.first ??= { kind: 'filter', text: afterIndex(textOf(body)) };
      else if (letter === DROPS) this.addDrops(Number.parseInt(textOf(body), 10));
    }
  }

  get told(): ToldError | null {
    if (this.first !== null || this.pipe.plainText === '') return this.first;
    return { kind: 'error', text: this.pipe.plainText };
  }

  statistics(): CaptureStatistics {
    return { received: null, dropped: this.dropped === null ? null : Math.ceil(this.dropped / this.sightings) };
  }

  private addDrops(count: number): void {
    if (Number.isSafeInteger(count)) this.dropped = (this.dropped ?? 0) + count;
  }
}

/** The first text within an `E` message; the second repeats advice for every system. */
function errorText(body: Buffer): string {
  return new SyncPipe().push(body).map((inner) => textOf(inner.body))[0] ?? textOf(body);
}

function textOf(body: Buffer): string {
  const end = body.indexOf(0);
  return body.toString('utf8', 0, end < 0 ? body.length : end);
}

/** `0:can't parse filter expression`: the number is the interface's. */
function afterIndex(text: string): string {
  return text.replace(/^\d+:/, '');
}
