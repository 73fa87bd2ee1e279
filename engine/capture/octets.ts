/** Unsigned integers of either byte order out of octets, without allocation. */
export function uint16(buffer: Uint8Array, at: number, littleEndian: boolean): number {
  const first = buffer[at] as number;
  const second = buffer[at + 1] as number;
  return littleEndian ? first | (second << 8) : (first << 8) | second;
}

export function uint32(buffer: Uint8Array, at: number, littleEndian: boolean): number {
  const a = buffer[at] as number;
  const b = buffer[at + 1] as number;
  const c = buffer[at + 2] as number;
  const d = buffer[at + 3] as number;
  return littleEndian ? (a | (b << 8) | (c << 16) | (d << 24)) >>> 0 : ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** 64-bit value as a double: exact below 2^53. */
export function uint64(buffer: Uint8Array, at: number, littleEndian: boolean): number {
  const first = uint32(buffer, at, littleEndian);
  const second = uint32(buffer, at + 4, littleEndian);
  return littleEndian ? second * 4294967296 + first : first * 4294967296 + second;
}
