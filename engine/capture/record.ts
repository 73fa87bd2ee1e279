/**
 * A packet as a capture file holds it, and how readers hand it on. One record
 * object is reused for every packet: it is *borrowed* by the handler until its
 * call returns, and so are the octets it points to.
 */
export interface PacketRecord {
  /** From 1, over all sections of the file. */
  number: number;
  /** Microseconds since 1970-01-01 UTC; a fraction holds finer resolutions. */
  timeUs: number;
  /** LINKTYPE_ value of tcpdump.org/linktypes.html. */
  linkType: number;
  buffer: Uint8Array;
  /** Captured octets: [start, end) of buffer. */
  start: number;
  end: number;
  /** Length on the wire; more than end - start when the snap length cut it. */
  wireLength: number;
  /** Where the packet's record begins and ends in the (decompressed) file. */
  recordStart: number;
  recordEnd: number;
}

export type PacketHandler = (record: PacketRecord) => void;

export function newPacketRecord(): PacketRecord {
  return {
    number: 0,
    timeUs: 0,
    linkType: 0,
    buffer: new Uint8Array(0),
    start: 0,
    end: 0,
    wireLength: 0,
    recordStart: 0,
    recordEnd: 0,
  };
}

/**
 * A format's parser. `parse` reads whole records from [start, end) and returns
 * the position behind the last one; `needed` then says how many octets the next
 * record takes at least, counted from there. `skip` octets behind that position
 * are not wanted at all.
 */
export interface RecordParser {
  parse(buffer: Uint8Array, start: number, end: number, fileOffset: number): number;
  readonly needed: number;
  skip: number;
  /** Set when the file is damaged beyond this point; nothing more is parsed. */
  readonly damage: CaptureDamage | null;
}

/** What is wrong with a capture, where, and whether something was read before. */
export interface CaptureDamage {
  readonly code: CaptureProblemCode;
  /** Octets from the start of the (decompressed) file. */
  readonly byteOffset: number;
  readonly found: string;
  readonly expected: string;
}

export type CaptureProblemCode =
  'capture-empty' | 'not-a-capture' | 'capture-damaged' | 'capture-cut-short' | 'capture-unsupported';
