/**
 * The interface descriptions of a pcapng section: link type, time resolution
 * (if_tsresol), time offset (if_tsoffset), and the walk over a block's options.
 */
import { uint16, uint32, uint64 } from './octets.js';

const OPTION_END = 0;
const OPTION_TSRESOL = 9;
const OPTION_TSOFFSET = 14;

/** One capture interface of a section. */
export interface CaptureInterface {
  readonly linkType: number;
  /** 0 when unlimited. */
  readonly snaplen: number;
  /** Microseconds per unit of its time stamps. */
  readonly unitUs: number;
  readonly offsetUs: number;
  /** Packets that its statistics say were dropped; null when they do not say. */
  dropped: number | null;
}

/** Reads the body of an interface description block: [body, bodyEnd), at least 8 octets. */
export function interfaceFromBlock(
  buffer: Uint8Array,
  body: number,
  bodyEnd: number,
  littleEndian: boolean,
): CaptureInterface {
  let unitUs = 1;
  let offsetUs = 0;
  forEachOption(buffer, body + 8, bodyEnd, littleEndian, (code, at, length) => {
    if (code === OPTION_TSRESOL && length >= 1) {
      const exponent = (buffer[at] as number) & 0x7f;
      unitUs = ((buffer[at] as number) & 0x80) === 0 ? 10 ** (6 - exponent) : 1e6 / 2 ** exponent;
    } else if (code === OPTION_TSOFFSET && length >= 8) {
      const seconds = uint64(buffer, at, littleEndian);
      offsetUs = (seconds >= 2 ** 63 ? seconds - 2 ** 64 : seconds) * 1e6;
    }
  });
  return {
    linkType: uint16(buffer, body, littleEndian),
    snaplen: uint32(buffer, body + 4, littleEndian),
    unitUs,
    offsetUs,
    dropped: null,
  };
}

/**
 * Whole microseconds of a 64-bit count of units, rounded down. Exact also where the
 * count is larger than 2^53, as nanoseconds since 1970 are.
 */
export function wholeMicroseconds(high: number, low: number, unitUs: number): number {
  if (unitUs >= 1) return Math.floor((high * 4294967296 + low) * unitUs);
  const unitsPerUs = 1 / unitUs;
  const upper = high * 4294967296;
  const rest = upper % unitsPerUs;
  return Math.round((upper - rest) / unitsPerUs) + Math.floor((rest + low) / unitsPerUs);
}

/** Calls back for each option of [start, end); stops at the end mark or where an option would overrun. */
export function forEachOption(
  buffer: Uint8Array,
  start: number,
  end: number,
  littleEndian: boolean,
  visit: (code: number, at: number, length: number) => void,
): void {
  let position = start;
  while (position + 4 <= end) {
    const code = uint16(buffer, position, littleEndian);
    const length = uint16(buffer, position + 2, littleEndian);
    if (code === OPTION_END || position + 4 + length > end) return;
    visit(code, position + 4, length);
    position += 4 + ((length + 3) & ~3);
  }
}
