/**
 * Makes lines of octets that are none: a BDAT chunk or a literal, delivered in
 * pieces. In: borrowed pieces of one direction. Out: folded lines; a literal
 * that is a credential becomes one line that is secret as a whole.
 */
import type { PacketPosition } from '../protocols/dialogue.js';
import type { Direction } from '../protocols/events.js';
import { LineFramer } from '../protocols/framing.js';
import type { FoldGroup, OfferedLine, TranscriptKeeper } from './transcript-keeper.js';

/** One call of `WireListener.blob`; borrowed. */
export interface BlobPiece {
  readonly direction: Direction;
  readonly what: 'chunk' | 'literal';
  readonly line: number;
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly offset: number;
  readonly last: boolean;
  readonly secretLabel: string;
}

/** Octets of a secret literal that are held. */
const SECRET_BYTES = 65_536;

export class BlobLines {
  private readonly framer: LineFramer;
  private group: FoldGroup | null = null;
  private direction: Direction = 0;
  private lineNumber = 0;
  private secretLabel = '';
  /** The first `secretHeld` octets are held of the `secretLength` that crossed. */
  private secret = new Uint8Array(0);
  private secretHeld = 0;
  private secretLength = 0;
  private secretOffset = 0;

  constructor(
    lineBytes: number,
    private readonly position: PacketPosition | null,
    private readonly keeper: TranscriptKeeper,
  ) {
    this.framer = new LineFramer(lineBytes);
  }

  /** Takes the next piece of a blob; the first piece after a blob's end begins another. */
  piece(piece: BlobPiece): void {
    if (this.group === null) this.begin(piece);
    if (this.secretLabel === '') this.frame(piece);
    else this.hold(piece);
    if (piece.last) this.interrupt();
  }

  /** The blob ends here, complete or not: what is held of it becomes its last line. */
  interrupt(): void {
    if (this.group === null) return;
    if (this.secretLabel !== '') this.deliverSecret();
    else if (this.framer.peekPartial()) this.deliver(this.group);
    this.framer.reset();
    this.group = null;
  }

  private begin(piece: BlobPiece): void {
    this.group = { what: piece.what, group: this.keeper.newBlobGroup() };
    this.direction = piece.direction;
    this.lineNumber = piece.line;
    this.secretLabel = piece.secretLabel;
    this.secretHeld = 0;
    this.secretLength = 0;
    this.secretOffset = piece.offset;
  }

  private frame(piece: BlobPiece): void {
    for (let at = piece.start; at < piece.end;) {
      at = this.framer.next(piece.buffer, at, piece.end, piece.offset + at - piece.start);
      if (this.framer.ready && this.group !== null) this.deliver(this.group);
    }
  }

  private deliver(group: FoldGroup): void {
    const { buffer, start, end, offset, lengthBytes, terminator } = this.framer;
    const terminatorBytes = terminator === 'crlf' ? 2 : terminator === 'lf' ? 1 : 0;
    const omittedBytes = lengthBytes - terminatorBytes - (end - start);
    this.keeper.folded(
      {
        ...this.common(),
        role: 'body',
        buffer,
        start,
        end,
        offset,
        lengthBytes,
        terminator,
        omittedBytes,
        secret: null,
      },
      group,
    );
  }

  private hold(piece: BlobPiece): void {
    this.secretLength += piece.end - piece.start;
    const length = Math.min(piece.end - piece.start, SECRET_BYTES - this.secretHeld);
    const needed = this.secretHeld + length;
    if (needed > this.secret.length) {
      const larger = new Uint8Array(Math.min(SECRET_BYTES, Math.max(needed, 2 * this.secret.length)));
      larger.set(this.secret.subarray(0, this.secretHeld));
      this.secret = larger;
    }
    this.secret.set(piece.buffer.subarray(piece.start, piece.start + length), this.secretHeld);
    this.secretHeld = needed;
  }

  private deliverSecret(): void {
    const { secret: buffer, secretHeld: end, secretLength: lengthBytes, secretOffset: offset } = this;
    if (lengthBytes === 0) return;
    this.keeper.shown({
      ...this.common(),
      role: 'auth',
      buffer,
      start: 0,
      end,
      offset,
      lengthBytes,
      terminator: 'none',
      omittedBytes: lengthBytes - end,
      secret: end === 0 ? null : { start: 0, end, label: this.secretLabel },
    });
  }

  private common(): Pick<OfferedLine, 'number' | 'timeUs' | 'packet' | 'direction' | 'secure'> {
    const timeUs = this.position?.timeUs ?? this.keeper.lastTimeUs;
    return {
      number: this.lineNumber,
      timeUs,
      packet: this.position?.packet ?? 0,
      direction: this.direction,
      secure: false,
    };
  }
}
