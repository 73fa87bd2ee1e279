/**
 * Keeps copies of captured octets in large blocks, up to a bound. In: borrowed
 * octets. Out: where the copy lies. One allocation per block instead of one per
 * line, because a transcript may have hundreds of thousands of lines.
 */
const BLOCK_BYTES = 262_144;

/** Where kept octets lie; `length` may be less than what was offered. */
export interface KeptOctets {
  readonly block: Uint8Array;
  readonly start: number;
  readonly length: number;
}

const NOTHING: KeptOctets = { block: new Uint8Array(0), start: 0, length: 0 };

export class OctetStore {
  /** Octets kept so far. */
  bytes = 0;
  private block = new Uint8Array(0);
  private used = 0;

  /** `boundBytes`: octets kept in all; what goes beyond is not kept. */
  constructor(private readonly boundBytes: number) {}

  /** True when nothing more fits. */
  get isFull(): boolean {
    return this.bytes >= this.boundBytes;
  }

  /** Copies [start, end) of borrowed octets, whole or not at all. */
  keep(buffer: Uint8Array, start: number, end: number): KeptOctets | null {
    const length = end - start;
    if (length <= 0) return NOTHING;
    if (this.bytes + length > this.boundBytes) return null;
    this.bytes += length;
    if (this.used + length > this.block.length) {
      this.block = new Uint8Array(Math.max(BLOCK_BYTES, length));
      this.used = 0;
    }
    this.block.set(buffer.subarray(start, end), this.used);
    const kept = { block: this.block, start: this.used, length };
    this.used += length;
    return kept;
  }
}
