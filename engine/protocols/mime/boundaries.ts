/**
 * The boundaries of the multipart bodies that are open, innermost last
 * (RFC 2046 5.1.1). Bounded: 16 levels of at most 256 octets each, held in one
 * buffer that is reused for every message.
 */
const LEVELS = 16;
const BOUNDARY_BYTES = 256;
const DASH = 0x2d;

export const DELIMITER = { none: 0, part: 1, close: 2 } as const;
export type Delimiter = (typeof DELIMITER)[keyof typeof DELIMITER];

export class BoundaryStack {
  /** How many are open. */
  depth = 0;
  private readonly octets = new Uint8Array(LEVELS * BOUNDARY_BYTES);
  private readonly lengths = new Uint16Array(LEVELS);

  /** Opens one; false when it is empty, too long, or nested too deep: its parts are then not looked at. */
  push(boundary: Uint8Array): boolean {
    if (boundary.length === 0 || boundary.length > BOUNDARY_BYTES || this.depth === LEVELS) return false;
    this.octets.set(boundary, this.depth * BOUNDARY_BYTES);
    this.lengths[this.depth++] = boundary.length;
    return true;
  }

  clear(): void {
    this.depth = 0;
  }

  /**
   * Is the line (without terminator) a delimiter of an open boundary? An outer one closes those
   * inside it. Afterwards the innermost open boundary is the one the following octets belong to.
   */
  match(buffer: Uint8Array, start: number, end: number): Delimiter {
    if (end - start < 3 || buffer[start] !== DASH || buffer[start + 1] !== DASH) return DELIMITER.none;
    for (let level = this.depth - 1; level >= 0; level--) {
      const found = this.matchLevel(level, buffer, start + 2, end);
      if (found === DELIMITER.none) continue;
      this.depth = found === DELIMITER.close ? level : level + 1;
      return found;
    }
    return DELIMITER.none;
  }

  private matchLevel(level: number, buffer: Uint8Array, start: number, end: number): Delimiter {
    const length = this.lengths[level] as number;
    const base = level * BOUNDARY_BYTES;
    if (end - start < length) return DELIMITER.none;
    for (let i = 0; i < length; i++) if (buffer[start + i] !== this.octets[base + i]) return DELIMITER.none;
    let at = start + length;
    const closes = end - at >= 2 && buffer[at] === DASH && buffer[at + 1] === DASH;
    if (closes) at += 2;
    // Only transport padding may follow (RFC 2046 5.1.1).
    for (; at < end; at++) if (buffer[at] !== 0x20 && buffer[at] !== 9) return DELIMITER.none;
    return closes ? DELIMITER.close : DELIMITER.part;
  }
}
