/** Integers in network byte order out of octets, without allocation. */
export function uint16(buffer: Uint8Array, at: number): number {
  return ((buffer[at] as number) << 8) | (buffer[at + 1] as number);
}

/** 32 bits as a signed number: what typed address words and sequence arithmetic use. */
export function int32(buffer: Uint8Array, at: number): number {
  return (
    ((buffer[at] as number) << 24) |
    ((buffer[at + 1] as number) << 16) |
    ((buffer[at + 2] as number) << 8) |
    (buffer[at + 3] as number)
  );
}
