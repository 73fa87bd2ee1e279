/** Reassembles a capture and collects each connection's octets, for tests of the lower layers. */
import { CaptureReader } from '../../engine/capture/reader.js';
import { DEFAULT_LIMITS, type Limits } from '../../engine/limits.js';
import { PacketDecoder } from '../../engine/packet/decode.js';
import type { Connection } from '../../engine/tcp/connection.js';
import { OrdinaryLane } from '../../engine/tcp/ordinary-lane.js';
import { Reassembly, type ChecksumMode } from '../../engine/tcp/reassembly.js';

export const MAIL_PORTS: readonly number[] = [25, 110, 143, 587];

/** What one connection delivered. */
export interface CollectedStream {
  readonly connection: Connection;
  /** By side: 0 is the lower address. */
  readonly octets: readonly [Buffer[], Buffer[]];
  readonly missing: [number, number];
  /** Overlaps that differed, known when it is over. */
  readonly overlaps: [number, number];
  /** Every call in order: direction from the client's view, `gap` or text. */
  readonly calls: string[];
}

export interface CollectOptions {
  readonly chunkBytes?: number;
  readonly checksums?: ChecksumMode;
  readonly limits?: Limits;
  /** Told of each connection before its first octet; its consumer is set. */
  readonly opened?: (connection: Connection) => void;
}

export function collectStreams(
  capture: Uint8Array,
  options: CollectOptions = {},
): {
  readonly streams: CollectedStream[];
  readonly reassembly: Reassembly;
  readonly reader: CaptureReader;
  readonly decoder: PacketDecoder;
  /** Packets that took the short way. */
  readonly ordinary: number;
} {
  const limits = options.limits ?? DEFAULT_LIMITS;
  const streams: CollectedStream[] = [];
  const verified = { auto: 'payload', on: 'all', off: 'none' } as const;
  const decoder = new PacketDecoder(limits, verified[options.checksums ?? 'auto']);
  const reassembly = new Reassembly(
    limits,
    options.checksums ?? 'auto',
    { timeUs: 0, packet: 0 },
    (connection) => {
      streams.push(collect(connection));
      options.opened?.(connection);
    },
    (port) => MAIL_PORTS.includes(port),
  );
  const lane = new OrdinaryLane(decoder, reassembly);
  let ordinary = 0;
  const reader = new CaptureReader(limits, (record) => {
    if (lane.take(record)) ordinary++;
    else if (decoder.decode(record)) reassembly.process(decoder.segment);
  });
  const step = options.chunkBytes ?? 65_536;
  for (let at = 0; at < capture.length; at += step) reader.push(capture.subarray(at, at + step));
  reader.end();
  reassembly.endAll();
  return { streams, reassembly, reader, decoder, ordinary };
}

function collect(connection: Connection): CollectedStream {
  const stream: CollectedStream = { connection, octets: [[], []], missing: [0, 0], calls: [], overlaps: [0, 0] };
  const arrow = (side: 0 | 1): string => (side === connection.clientSide ? 'C' : 'S');
  connection.consumer = {
    data(side, buffer, start, end, offset) {
      const octets = Buffer.from(buffer.subarray(start, end));
      stream.octets[side].push(octets);
      stream.calls.push(`${arrow(side)} ${offset} ${octets.toString('latin1')}`);
    },
    gap(side, offset, lengthBytes) {
      stream.missing[side] += lengthBytes;
      stream.calls.push(`${arrow(side)} ${offset} gap ${lengthBytes}`);
    },
    synchronised: () => undefined,
    isWaiting: () => false,
    end: (reason) => {
      stream.calls.push(`end ${reason}`);
      for (const side of [0, 1] as const)
        stream.overlaps[side] = connection.half(side).disorder?.divergentOverlaps ?? 0;
    },
  };
  return stream;
}
