/**
 * Puts pieces of a report that other threads made where they belong. In: pieces
 * in order, octets in UTF-8. Out: to the report, or, where its records stand
 * one after the other, straight to the output.
 */
import { JsonReport, PIECE, TextReport, type Listed, type PieceKind, type ReportWriter } from '../engine/index.js';
import type { Output } from './host.js';

export class PieceTaker {
  /** Number of the last violation before those of the present session. */
  private before = 0;

  constructor(
    private readonly report: ReportWriter,
    private readonly output: Output,
  ) {}

  /** `lastId`: of the violation numbered last. Returns how many numbers the piece takes up. */
  take(kind: PieceKind, octets: Uint8Array, number: number, lastId: number): number {
    if (kind === PIECE.text) {
      if (this.output.writeUtf8 === undefined) this.output.write(textOf(octets));
      else this.output.writeUtf8(octets);
      return 0;
    }
    if (!(this.report instanceof JsonReport)) throw new Error('a piece of another report');
    if (kind === PIECE.session) {
      this.before = lastId;
      this.report.sessionPiece(textOf(octets));
      return number;
    }
    this.report.violationPiece(this.before + number, textOf(octets));
    return 0;
  }

  listed(listed: Listed): void {
    if (!(this.report instanceof TextReport)) throw new Error('sessions of another report');
    this.report.listed(listed);
  }
}

function textOf(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('utf8');
}
