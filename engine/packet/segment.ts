/**
 * A TCP segment as the packet layer hands it on, and the reasons for which a
 * packet is none. One segment object is reused: borrowed until the call returns.
 */
export const NOT_DECODED = [
  'unknown-link-type',
  'truncated-link-header',
  'not-ip',
  'truncated-ip-header',
  'malformed-ip-header',
  'ip-fragment-waiting',
  'malformed-fragment',
  'too-many-headers',
  'encrypted-esp',
  'not-tcp',
  'truncated-tcp-header',
  'malformed-tcp-header',
  'bad-tcp-checksum',
] as const;
export type NotDecodedReason = (typeof NOT_DECODED)[number];

/** Number of a reason: its index in the table. */
export const REASON: Readonly<Record<NotDecodedReason, number>> = Object.freeze(
  Object.fromEntries(NOT_DECODED.map((reason, index) => [reason, index])) as Record<NotDecodedReason, number>,
);

export const TCP_FIN = 1;
export const TCP_SYN = 2;
export const TCP_RST = 4;
export const TCP_ACK = 16;

export class TcpSegment {
  isIpv6 = false;
  /** Source then destination address, four 32-bit words each; IPv4 uses the first of each. */
  readonly source = new Int32Array(4);
  readonly destination = new Int32Array(4);
  sourcePort = 0;
  destinationPort = 0;
  sequence = 0;
  acknowledgement = 0;
  flags = 0;
  /** Captured payload: [start, end) of buffer. */
  buffer: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** Payload octets on the wire; more than end - start when the snap length cut them. */
  wireBytes = 0;
  checksum: 'good' | 'bad' | 'unknown' = 'unknown';
  /** Its connection falls to another part of a shared inspection: only its time and place count, what follows in the header is not read. */
  isForeign = false;
  /** VLAN ids, outermost first; the first `vlanCount` are valid. */
  readonly vlan = new Int32Array(4);
  vlanCount = 0;
  timeUs = 0;
  packet = 0;
  /** Earliest packet record that this segment came from (fragments), and where the last one ends. */
  firstPacket = 0;
  recordStart = 0;
  recordEnd = 0;
}

/** An IP packet whose header was read: what fragments and transport need. Reused. */
export class IpPacket {
  isIpv6 = false;
  protocol = 0;
  /** Captured IP payload (behind all headers): [start, end). */
  buffer: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** Payload octets that the header announces. */
  wireBytes = 0;
  isFragment = false;
  fragmentOffset = 0;
  moreFragments = false;
  fragmentId = 0;

  /** The address words are shared with the segment that is made of this packet. */
  constructor(
    readonly source: Int32Array,
    readonly destination: Int32Array,
  ) {}
}
