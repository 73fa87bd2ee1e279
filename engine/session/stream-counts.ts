/** What was counted of the packets of a capture, before anything is known of sessions. */
import type { NotDecodedReason } from '../packet/segment.js';

/** For the totals. Plain data. */
export interface StreamCounts {
  readonly packets: number;
  readonly bytes: number;
  readonly droppedPackets: number | null;
  readonly decoded: Readonly<Record<'ipv4' | 'ipv6' | 'tcp' | 'connections', number>>;
  /** By reason; zeros too. */
  readonly notDecoded: Readonly<Record<string, number>>;
  /** What bounds of limits.ts cut, by their names; zeros too. */
  readonly bounded: Readonly<Record<string, number>>;
  readonly firstPacketUs: number | null;
  readonly lastPacketUs: number | null;
}

/** Counted when it is clear that the other side did not accept it, which takes more than the packet. */
export const BAD_CHECKSUM: NotDecodedReason = 'bad-tcp-checksum';
