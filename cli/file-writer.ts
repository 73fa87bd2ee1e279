/**
 * Writes text to a regular file while the one who makes it goes on: full pieces
 * are given to the system's own threads, one call at a time, and are used again
 * once they are written. Every octet has its place in the file from the moment
 * it comes, so that it does not matter who writes first: where all pieces are
 * under way, the next is written synchronously at its place. Memory is bounded
 * by the number of pieces. For a file that nobody else writes to, from its
 * beginning on.
 */
import { ftruncateSync, writeSync, writev } from 'node:fs';
import { FdWriter, PIECE_BYTES } from './fd-writer.js';

const MOST_PIECES = 48;

/** Octets and where in the file they belong. */
interface PlacedPiece {
  readonly piece: Buffer;
  readonly length: number;
  readonly position: number;
}

/** The system's calls, as Node has them. */
export interface FileCalls {
  readonly writeSync: (fd: number, octets: Uint8Array, offset: number, length: number, position: number) => number;
  readonly writev: (
    fd: number,
    pieces: readonly Uint8Array[],
    position: number,
    done: (error: Error | null, written: number) => void,
  ) => void;
  readonly ftruncateSync: (fd: number, length: number) => void;
}

export class FileWriter extends FdWriter {
  /** Where in the file the next octets belong that are not pending. */
  private position = 0;
  private readonly free: Buffer[] = [];
  private pieces = 1;
  /** Full, and not yet given to the system. */
  private waiting: PlacedPiece[] = [];
  private flight: Promise<void> | null = null;
  /** The first octet that could not be written. */
  private lost = Infinity;

  /** `onStop` is called once, when nothing can be written any more. */
  constructor(
    fd: number,
    onStop?: () => void,
    private readonly calls: FileCalls = { writeSync, writev, ftruncateSync },
  ) {
    super(fd, onStop);
  }

  /** Resolves when all is written, or `state` says why not; to be called once, before the file is closed. */
  async finish(): Promise<void> {
    this.flush();
    while (this.flight !== null) await this.flight;
    if (this.lost !== Infinity) this.cut();
  }

  protected override passOn(): void {
    if (this.used === 0) return;
    if (this.state !== 'open' || (this.free.length === 0 && this.pieces === MOST_PIECES)) {
      this.flush();
      return;
    }
    this.waiting.push({ piece: this.piece, length: this.used, position: this.position });
    this.position += this.used;
    this.used = 0;
    this.piece = this.free.pop() ?? this.newPiece();
    this.flight ??= this.fly();
  }

  protected override put(octets: Uint8Array): number {
    const written = this.calls.writeSync(this.fd, octets, 0, octets.length, this.position);
    this.position += written;
    return written;
  }

  protected override refused(error: unknown): void {
    super.refused(error);
    if (this.state !== 'open') this.lost = Math.min(this.lost, this.position);
  }

  private newPiece(): Buffer {
    this.pieces++;
    return Buffer.allocUnsafeSlow(PIECE_BYTES);
  }

  /** Gives to the system what waits, until nothing does. */
  private async fly(): Promise<void> {
    while (this.waiting.length > 0) {
      const placed = this.takeRow();
      // Also after a refusal, where these belong before what was refused.
      const written = (placed[0] as PlacedPiece).position < this.lost ? await this.written(placed) : 0;
      this.writeRest(placed, written);
      for (const { piece } of placed) this.free.push(piece);
    }
    this.flight = null;
  }

  /** Of what waits, the first, and those that belong directly behind it. */
  private takeRow(): readonly PlacedPiece[] {
    const { waiting } = this;
    let count = 1;
    while (count < waiting.length && follows(waiting[count - 1] as PlacedPiece, waiting[count] as PlacedPiece)) count++;
    this.waiting = waiting.slice(count);
    return waiting.slice(0, count);
  }

  /** How many octets of these were written; an error is not told, because it comes again. */
  private written(placed: readonly PlacedPiece[]): Promise<number> {
    const octets = placed.map(({ piece, length }) => piece.subarray(0, length));
    return new Promise((resolve) => {
      this.calls.writev(this.fd, octets, (placed[0] as PlacedPiece).position, (error, written) =>
        resolve(error === null ? written : 0),
      );
    });
  }

  /** Everything behind the first `written` octets of these; here the system says why it did not take them. */
  private writeRest(placed: readonly PlacedPiece[], written: number): void {
    const { position: next } = this;
    let left = written;
    for (const { piece, length, position } of placed) {
      const from = Math.min(left, length);
      left -= from;
      this.position = position + from;
      if (this.state === 'open') this.writeAll(piece.subarray(from, length));
      else if (from < length) this.lost = Math.min(this.lost, this.position);
    }
    this.position = next;
  }

  /** What was written behind the place where the system refused would follow a hole. */
  private cut(): void {
    try {
      this.calls.ftruncateSync(this.fd, this.lost);
    } catch {
      // The reason why the report is not whole is known already.
    }
  }
}

function follows(first: PlacedPiece, second: PlacedPiece): boolean {
  return first.position + first.length === second.position;
}
