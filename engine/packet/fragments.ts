/**
 * Puts IPv4 and IPv6 datagrams together from their fragments. The first octets
 * to arrive win where fragments overlap. Bounded in datagrams, octets and time;
 * what is given up is counted.
 */
import type { Limits } from '../limits.js';
import type { IpPacket } from './segment.js';
import { copyOctets } from '../octets.js';

const MAXIMUM_DATAGRAM = 65_535;
/** What holding a fragment takes besides its octets: many small ones must not slip through `fragmentBytes`. */
const FRAGMENT_OVERHEAD_BYTES = 256;

interface Fragment {
  readonly offset: number;
  readonly octets: Uint8Array;
}

interface Datagram {
  readonly fragments: Fragment[];
  bytes: number;
  /** Length of the whole payload; -1 until its last fragment came. */
  totalBytes: number;
  /** Protocol as the fragment with offset 0 says. */
  protocol: number;
  /** Earliest packet of this datagram. */
  readonly firstPacket: number;
  readonly recordStart: number;
  readonly timeUs: number;
}

/** What `add` found out; `whole` means that the packet now is the whole datagram. */
export type FragmentOutcome = 'waiting' | 'whole' | 'malformed';

export class FragmentAssembler {
  /** Datagrams given up because a bound was reached, or because they took too long. */
  abandonedByBound = 0;
  abandonedByTime = 0;
  /** Where the datagram that `add` called whole began. */
  firstPacket = 0;
  recordStart = 0;
  /** In order of their first fragment; a Map keeps that order. */
  private readonly datagrams = new Map<string, Datagram>();
  private heldBytes = 0;

  constructor(private readonly limits: Limits) {}

  /** Adds the fragment in `ip`; when it completes its datagram, `ip` becomes that datagram. */
  add(ip: IpPacket, timeUs: number, packet: number, recordStart: number): FragmentOutcome {
    this.giveUpOld(timeUs);
    const captured = ip.end - ip.start;
    const isCut = captured < ip.wireBytes;
    const isMalformed =
      isCut ||
      captured === 0 ||
      (ip.moreFragments && captured % 8 !== 0) ||
      ip.fragmentOffset + captured > MAXIMUM_DATAGRAM;
    if (isMalformed) return 'malformed';
    const key = datagramKey(ip);
    let datagram = this.datagrams.get(key);
    if (datagram === undefined) {
      datagram = {
        fragments: [],
        bytes: 0,
        totalBytes: -1,
        protocol: ip.protocol,
        firstPacket: packet,
        recordStart,
        timeUs,
      };
      this.datagrams.set(key, datagram);
    }
    if (ip.fragmentOffset === 0) datagram.protocol = ip.protocol;
    if (!ip.moreFragments && datagram.totalBytes === -1) datagram.totalBytes = ip.fragmentOffset + captured;
    this.insert(datagram, ip.fragmentOffset, ip.buffer, ip.start, ip.end);
    if (datagram.totalBytes !== -1 && datagram.bytes >= datagram.totalBytes) {
      this.deliver(key, datagram, ip);
      return 'whole';
    }
    this.keepWithinBounds();
    return 'waiting';
  }

  /** Inserts what [start, end) adds to the octets already there. */
  private insert(datagram: Datagram, fragmentOffset: number, buffer: Uint8Array, start: number, end: number): void {
    const { fragments } = datagram;
    let from = fragmentOffset;
    const last = fragmentOffset + end - start;
    for (let i = firstEndingBehind(fragments, from); i <= fragments.length && from < last; i++) {
      const next = fragments[i];
      const hole = next === undefined ? last : Math.min(last, next.offset);
      if (from < hole) {
        const octets = copyOctets(buffer, start + from - fragmentOffset, start + hole - fragmentOffset);
        fragments.splice(i, 0, { offset: from, octets });
        datagram.bytes += octets.length;
        this.heldBytes += octets.length + FRAGMENT_OVERHEAD_BYTES;
        from = hole;
      } else if (next !== undefined) {
        from = Math.max(from, next.offset + next.octets.length);
      }
    }
  }

  private deliver(key: string, datagram: Datagram, ip: IpPacket): void {
    const whole = new Uint8Array(datagram.totalBytes);
    for (const { offset, octets } of datagram.fragments) {
      if (offset < whole.length) whole.set(octets.subarray(0, whole.length - offset), offset);
    }
    this.forget(key, datagram);
    ip.buffer = whole;
    ip.start = 0;
    ip.end = whole.length;
    ip.wireBytes = whole.length;
    ip.protocol = datagram.protocol;
    ip.isFragment = false;
    this.firstPacket = datagram.firstPacket;
    this.recordStart = datagram.recordStart;
  }

  private giveUpOld(timeUs: number): void {
    const before = timeUs - this.limits.fragmentSeconds * 1e6;
    for (const [key, datagram] of this.datagrams) {
      if (datagram.timeUs >= before) return;
      this.forget(key, datagram);
      this.abandonedByTime++;
    }
  }

  private keepWithinBounds(): void {
    for (const [key, datagram] of this.datagrams) {
      if (this.datagrams.size <= this.limits.fragmentSets && this.heldBytes <= this.limits.fragmentBytes) return;
      this.forget(key, datagram);
      this.abandonedByBound++;
    }
  }

  private forget(key: string, datagram: Datagram): void {
    this.datagrams.delete(key);
    this.heldBytes -= datagram.bytes + datagram.fragments.length * FRAGMENT_OVERHEAD_BYTES;
  }
}

/** Index of the first fragment that ends behind `offset`; they are in order and do not overlap. */
function firstEndingBehind(fragments: readonly Fragment[], offset: number): number {
  let low = 0;
  let high = fragments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const fragment = fragments[middle] as Fragment;
    if (fragment.offset + fragment.octets.length <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Fragments of a datagram share addresses, identification and (IPv4) protocol. */
function datagramKey(ip: IpPacket): string {
  return ip.isIpv6
    ? `6,${ip.source.join()},${ip.destination.join()},${ip.fragmentId}`
    : `4,${ip.source[0]},${ip.destination[0]},${ip.fragmentId},${ip.protocol}`;
}
