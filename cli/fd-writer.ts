/**
 * Writes text to a file descriptor in large pieces, synchronously, so that the
 * reader of a pipe sets the pace and memory stays flat. A reader that goes away
 * is no error: `state` says so and further text is dropped.
 */
import { writeSync } from 'node:fs';

/** What a pipe of Linux holds: more at once waits for its reader, which needs a processor that inspection is using. */
export const PIECE_BYTES = 65_536;
/** The first piece is small, so that the first lines are seen at once; each is longer than the one before. */
const FIRST_PIECE_BYTES = 1024;
const PIECE_GROWTH = 4;
/** UTF-8 takes at most three octets for a UTF-16 unit. */
const OCTETS_PER_UNIT = 3;
const WAIT_MS = 5;

/** `closed`: the reader went away; an error: the system refused (disk full, ...). */
export type WriterState = 'open' | 'closed' | Error;

export class FdWriter {
  state: WriterState = 'open';
  protected piece: Buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  protected used = 0;
  /** So many octets are written without waiting for more. */
  private enough = FIRST_PIECE_BYTES;

  /** `onStop` is called once, when nothing can be written any more. */
  constructor(
    protected readonly fd: number,
    private readonly onStop: () => void = () => undefined,
    private readonly writeOctets: (fd: number, octets: Uint8Array) => number = writeSync,
  ) {}

  /**
   * Takes text; writes when enough has come together. Text becomes octets at once: strings that are
   * put together and kept waiting are trees that the collector copies again and again.
   */
  write(text: string): void {
    if (this.state !== 'open') return;
    const most = text.length * OCTETS_PER_UNIT;
    if (most > PIECE_BYTES - this.used) this.passOn();
    if (most > PIECE_BYTES) this.writeAll(Buffer.from(text, 'utf8'));
    else this.used += this.piece.write(text, this.used, 'utf8');
    if (this.used >= this.enough) this.passOnMore();
  }

  /** Takes text that is octets already; borrowed until it returns. */
  writeUtf8(octets: Uint8Array): void {
    if (this.state !== 'open') return;
    if (octets.length > PIECE_BYTES - this.used) this.passOn();
    if (octets.length > PIECE_BYTES) {
      this.writeAll(octets);
      return;
    }
    this.piece.set(octets, this.used);
    this.used += octets.length;
    if (this.used >= this.enough) this.passOnMore();
  }

  private passOnMore(): void {
    this.passOn();
    this.enough = Math.min(this.enough * PIECE_GROWTH, PIECE_BYTES);
  }

  /** Writes everything that is pending. */
  flush(): void {
    const { used } = this;
    this.used = 0;
    this.writeAll(this.piece.subarray(0, used));
  }

  /** Gives what is pending to the system; afterwards there is room. */
  protected passOn(): void {
    this.flush();
  }

  /** Returns how many of the octets the system took; throws what it says instead. */
  protected put(octets: Uint8Array): number {
    return this.writeOctets(this.fd, octets);
  }

  protected writeAll(octets: Uint8Array): void {
    for (let at = 0; at < octets.length && this.state === 'open';) {
      try {
        at += this.put(octets.subarray(at));
      } catch (error) {
        this.refused(error);
      }
    }
  }

  protected refused(error: unknown): void {
    const code = systemCode(error);
    if (code === 'EINTR') return;
    // A pipe that somebody made non-blocking: its reader is slower than we are.
    if (code === 'EAGAIN') return pause();
    this.state = code === 'EPIPE' ? 'closed' : error instanceof Error ? error : new Error(String(error));
    this.onStop();
  }
}

/** The system's error code of a thrown value; empty when it has none. */
export function systemCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
}
