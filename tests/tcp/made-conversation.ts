/**
 * Conversations of segments as they cross a bad network: in order, repeated, late,
 * lost, with wrong checksums, cut off, ended at any time. Out: a capture file.
 */
import fc from 'fast-check';
import { ACK, ethernet, FIN, ipPacket, LINK, pcapFile, RST, SYN, type TcpFields } from '../packet/build.js';

export type Side = 0 | 1;
/** A packet; fewer octets captured when the snap length cut them off. */
export type Sent = TcpFields & { readonly cutBytes?: number };

/** The client has the lower address. */
export const ENDS = [
  { source: '192.0.2.1', destination: '198.51.100.25', sourcePort: 40_000, destinationPort: 25 },
  { source: '198.51.100.25', destination: '192.0.2.1', sourcePort: 25, destinationPort: 40_000 },
] as const;

export type Link = 'raw' | 'ethernet' | 'padded ethernet';

export function capture(sent: readonly Sent[], link: Link = 'raw'): Buffer {
  const packets = sent.map(({ cutBytes = 0, ...fields }, index) => {
    const octets = ipPacket(fields);
    const captured = octets.subarray(0, octets.length - cutBytes);
    const timeUs = 1_000_000 + index * 1000;
    if (link === 'raw') return { timeUs, octets: captured, wireLength: octets.length };
    const frame = ethernet(captured);
    const isPadded = link === 'padded ethernet' && cutBytes === 0;
    const padding = Buffer.alloc(isPadded ? Math.max(0, SHORTEST_FRAME_BYTES - frame.length) : 0);
    return { timeUs, octets: Buffer.concat([frame, padding]) };
  });
  return pcapFile(packets, { linkType: link === 'raw' ? LINK.raw : LINK.ethernet });
}

/** Without its checksum. */
const SHORTEST_FRAME_BYTES = 60;

/** One thing that happens on the wire. */
interface Happening {
  readonly side: Side;
  readonly kind: 'next' | 'empty' | 'again' | 'lost' | 'late' | 'wrong' | 'differing' | 'cut' | 'fin' | 'rst' | 'syn';
  readonly length: number;
  /** Added to what the other side has sent so far. */
  readonly acknowledgedMore: number;
}

const happening: fc.Arbitrary<Happening> = fc.record({
  side: fc.constantFrom<Side>(0, 1),
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant('next' as const) },
    { weight: 3, arbitrary: fc.constant('empty' as const) },
    {
      weight: 5,
      arbitrary: fc.constantFrom('again', 'again', 'lost', 'late', 'late', 'wrong', 'differing', 'cut', 'fin', 'syn'),
    },
    { weight: 1, arbitrary: fc.constantFrom('fin', 'rst') },
  ),
  length: fc.integer({ min: 1, max: 6 }),
  acknowledgedMore: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: -4, max: 4 })),
});

export const conversation = fc.record({
  happenings: fc.array(happening, { minLength: 1, maxLength: 40 }),
  /** Near the wrap-around, too. */
  initial: fc.tuple(
    fc.constantFrom(100, 0x7ffffffa, 0xfffffffa, 0xffffffff),
    fc.constantFrom(500, 0x7ffffff0, 0xfffffff8),
  ),
});

export type Conversation = typeof conversation extends fc.Arbitrary<infer Made> ? Made : never;

export const handshake = ([client, server]: Conversation['initial']): Sent[] => [
  { ...ENDS[0], sequence: client, flags: SYN },
  { ...ENDS[1], sequence: server, flags: SYN | ACK, acknowledgement: client + 1 },
];

/** The packets behind the handshake. A late one comes behind the next of any side. */
export function packetsOf({ happenings, initial }: Conversation): Sent[] {
  const next = [initial[0] + 1, initial[1] + 1];
  const sent: Sent[] = [];
  let late: Sent[] = [];
  for (const { side, kind, length, acknowledgedMore } of happenings) {
    const own = next[side] as number;
    const base = { ...ENDS[side], flags: ACK, acknowledgement: (next[1 - side] as number) + acknowledgedMore };
    const brought = kind === 'empty' || kind === 'rst' || kind === 'syn' ? 0 : length;
    const isOld = kind === 'again' || kind === 'differing';
    const sequence = isOld ? own - brought : own;
    const packet: Sent = { ...base, sequence, payload: textAt(sequence - (initial[side] as number), brought) };
    if (!isOld) next[side] = own + brought + (kind === 'fin' ? 1 : 0);
    if (kind === 'late') {
      late.push(packet);
      continue;
    }
    if (kind !== 'lost') sent.push({ ...packet, ...changes(kind, brought, initial[side]) });
    sent.push(...late);
    late = [];
  }
  return [...sent, ...late];
}

function changes(kind: Happening['kind'], brought: number, initial: number): Partial<Sent> {
  switch (kind) {
    case 'wrong':
      return { checksumError: 7 };
    case 'differing':
      return { payload: '!'.repeat(brought) };
    case 'cut':
      return { cutBytes: Math.min(2, brought) };
    case 'fin':
      return { flags: ACK | FIN };
    case 'rst':
      return { flags: RST };
    case 'syn':
      return { flags: SYN | ACK, sequence: initial };
    default:
      return {};
  }
}

/** The octets of a stream: each place has its own. */
const textAt = (from: number, length: number): string =>
  Array.from({ length }, (_, i) => String.fromCharCode(0x41 + ((((from + i) % 26) + 26) % 26))).join('');
