/**
 * The header fields of one message that its summary needs, kept as octets in one
 * buffer that is reused for the next message: nothing is decoded until somebody
 * asks. A field's octets are appended while its lines come and given up again
 * when it turns out not to matter.
 */
const ATTACHMENTS = 100;

export class KeptFields {
  octets: Uint8Array = new Uint8Array(0);
  used = 0;
  /** Start and end of each kept field of `FIELD`, as pairs; -1 when absent. */
  readonly ranges = new Int32Array(16).fill(-1);
  /** Start and end of Content-Disposition and Content-Type of each part with a file name, as fours. */
  readonly parts: number[] = [];
  /** Where the field being read began. */
  private open = 0;

  clear(): void {
    this.used = 0;
    this.open = 0;
    this.ranges.fill(-1);
    this.parts.length = 0;
    // A monstrous header leaves its buffer behind; an ordinary one is reused.
    if (this.octets.length > RETAINED_BYTES) this.octets = new Uint8Array(0);
  }

  begin(): void {
    this.open = this.used;
  }

  append(buffer: Uint8Array, start: number, end: number): void {
    const needed = this.used + end - start;
    if (needed > this.octets.length) this.grow(needed);
    for (let i = start; i < end; i++) this.octets[this.used++] = buffer[i] as number;
  }

  /** A folded line goes on after one space (RFC 5322 2.2.3). */
  appendFolded(buffer: Uint8Array, start: number, end: number): void {
    const from = this.used;
    this.append(buffer, start, end);
    if (this.used > from) this.octets[from] = 0x20;
  }

  get openStart(): number {
    return this.open;
  }

  /** Keeps the open field under its number, unless there is one already. */
  keep(field: number): boolean {
    if (this.ranges[field * 2] !== -1) return false;
    this.ranges[field * 2] = this.open;
    this.ranges[field * 2 + 1] = this.used;
    return true;
  }

  /** Forgets the open field's octets. */
  discard(): void {
    this.used = this.open;
  }

  addPart(dispositionStart: number, dispositionEnd: number, typeStart: number, typeEnd: number): void {
    if (this.parts.length < ATTACHMENTS * 4) this.parts.push(dispositionStart, dispositionEnd, typeStart, typeEnd);
  }

  private grow(needed: number): void {
    let size = Math.max(1024, this.octets.length);
    while (size < needed) size *= 2;
    const larger = new Uint8Array(size);
    larger.set(this.octets.subarray(0, this.used));
    this.octets = larger;
  }
}

const RETAINED_BYTES = 65_536;
