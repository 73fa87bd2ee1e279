/**
 * Ordinary packets take a shorter way, and the numbers of a connection lie in a
 * row that others had before: neither shows in what comes out.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import { Pipeline } from '../../engine/pipeline.js';
import { profilePolicy } from '../../engine/policy/profiles.js';
import type { SessionHandle } from '../../engine/sink.js';
import type { Connection } from '../../engine/tcp/connection.js';
import { COLUMN, FlowRows, halfAt, ROW_FIELDS } from '../../engine/tcp/flow-rows.js';
import { HalfStream } from '../../engine/tcp/half-stream.js';
import { ACK, SYN } from '../packet/build.js';
import { capture, conversation, ENDS, handshake, packetsOf, type Sent, type Side } from './made-conversation.js';
import { collectStreams, type CollectOptions } from './reassembled-streams.js';

/** Calls `look` when the connection ends, while its numbers are there. */
function atEnd(connection: Connection, look: () => void): void {
  const { consumer } = connection;
  if (consumer === null) return;
  connection.consumer = {
    data: (...octets) => consumer.data(...octets),
    gap: (...missing) => consumer.gap(...missing),
    synchronised: (side) => consumer.synchronised(side),
    isWaiting: () => consumer.isWaiting(),
    end: (reason) => {
      look();
      consumer.end(reason);
    },
  };
}

/** What came out: every call with its octets and offsets, gaps, the end, the numbers of each connection, the counters. */
function outcome(packets: Uint8Array, options: CollectOptions): { readonly told: unknown; readonly ordinary: number } {
  const ends: unknown[] = [];
  const { streams, reassembly, decoder, ordinary } = collectStreams(packets, {
    ...options,
    opened: (connection) => atEnd(connection, () => ends.push(numbersOf(connection))),
  });
  const { ipv4Packets, tcpSegments, notDecoded } = decoder;
  return {
    told: {
      ends,
      streams: streams.map(({ calls, missing, overlaps, connection }) => ({
        calls,
        missing,
        overlaps,
        clientSide: connection.clientSide,
      })),
      bounded: reassembly.bounded,
      counted: { ipv4Packets, tcpSegments, notDecoded: [...notDecoded], badChecksums: reassembly.badChecksums },
    },
    ordinary,
  };
}

const RUNS = { numRuns: Number(process.env['MAILSCOPE_RUNS'] ?? 300) };

describe('a conversation in Ethernet, whose ordinary packets take the short way,', () => {
  it.each(['auto', 'on', 'off'] as const)('gives what it gives without it (checksums %s)', (checksums) => {
    fc.assert(
      fc.property(conversation, fc.boolean(), (made, fromStart) => {
        const sent = [...(fromStart ? handshake(made.initial) : []), ...packetsOf(made)];
        expect(outcome(capture(sent, 'padded ethernet'), { checksums }).told).toEqual(
          outcome(capture(sent), { checksums }).told,
        );
      }),
      RUNS,
    );
  });

  it.each(['auto', 'on', 'off'] as const)('gives the same with any octet changed (checksums %s)', (checksums) => {
    const change = fc.record({ packet: fc.nat(60), at: fc.nat(45), to: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(conversation, fc.array(change, { minLength: 1, maxLength: 4 }), (made, changes) => {
        const sent = [...handshake(made.initial), ...packetsOf(made)];
        const frames = changed(capture(sent, 'ethernet'), ETHERNET_BYTES, changes);
        expect(outcome(frames, { checksums }).told).toEqual(
          outcome(changed(capture(sent), 0, changes), { checksums }).told,
        );
      }),
      RUNS,
    );
  });

  it('takes it with all but the first and the last packets', () => {
    const talk = [0, 1, 0, 1].map((side, turn): Sent => {
      const said = Math.ceil(turn / 2) * 6;
      const heard = Math.floor(turn / 2) * 6 + side * 6;
      return side === 0
        ? { ...ENDS[0], sequence: 101 + said, acknowledgement: 501 + heard, payload: 'NOOP\r\n', flags: ACK }
        : {
            ...ENDS[1],
            sequence: 501 + heard - 6,
            acknowledgement: 101 + said,
            payload: '250 k\r\n'.slice(1),
            flags: ACK,
          };
    });
    const frames = capture([...handshake([100, 500]), ...talk], 'ethernet');
    expect(outcome(frames, {}).ordinary).toBe(talk.length);
  });
});

const PCAP_BYTES = { header: 24, record: 16 };
const ETHERNET_BYTES = 14;

/** The capture with octets of its IP packets changed, which lie behind `linkBytes` of each record; the version stays. */
function changed(
  packets: Buffer,
  linkBytes: number,
  changes: readonly { readonly packet: number; readonly at: number; readonly to: number }[],
): Buffer {
  const octets = Buffer.from(packets);
  let number = 0;
  for (let at = PCAP_BYTES.header; at < octets.length; number++) {
    const length = octets.readUInt32LE(at + 8);
    const start = at + PCAP_BYTES.record + linkBytes;
    for (const change of changes) {
      if (change.packet !== number || start + change.at >= at + PCAP_BYTES.record + length) continue;
      octets[start + change.at] = change.at === 0 ? 0x40 | (change.to & 15) : change.to;
    }
    at += PCAP_BYTES.record + length;
  }
  return octets;
}

/** What a connection's row says; its neighbours in the lists aside. */
function numbersOf(connection: Connection): unknown {
  const halves = connection.halves.map((half) => ({
    isKnown: half.isKnown,
    sawSyn: half.sawSyn,
    isFinished: half.isFinished,
    isFinAcknowledged: half.isFinAcknowledged,
    isOffloading: half.isOffloading,
    sawFin: half.sawFin,
    next: half.next,
    offset: half.offset,
    initial: half.initial,
    finOffset: half.finOffset,
    acknowledged: half.acknowledged,
    acknowledgedUnseen: half.acknowledgedUnseen,
    packets: half.packets,
    payloadPackets: half.payloadPackets,
    bytes: half.bytes,
    goodChecksums: half.goodChecksums,
    disorder: half.disorder === null ? null : { ...half.disorder },
  }));
  return { halves, row: connection.row, isOver: connection.isOver };
}

/** One connection at a time: the next one takes the row of the one before. */
const ONE_ROW = { ...DEFAULT_LIMITS, flows: 1 };

describe('a row that was given back', () => {
  it('is all zero for the next one, whatever was in it', () => {
    const rows = new FlowRows<object>();
    const row = rows.take({});
    rows.numbers.fill(7, row * ROW_FIELDS, (row + 1) * ROW_FIELDS);
    for (const side of [0, 1] as const) new HalfStream(rows, row, side).ownDisorder.gaps = 3;
    const neighbour = rows.take({});
    rows.numbers[neighbour * ROW_FIELDS + COLUMN.lastPacket] = 5;
    rows.release(row);
    const owner = {};
    expect(rows.take(owner)).toBe(row);
    expect([...rows.numbers.subarray(row * ROW_FIELDS, (row + 1) * ROW_FIELDS)]).toEqual(
      new Array<number>(ROW_FIELDS).fill(0),
    );
    expect([0, 1].map((side) => rows.disorders.has(halfAt(row, side as Side)))).toEqual([false, false]);
    expect(rows.connection(row)).toBe(owner);
    expect(rows.numbers[neighbour * ROW_FIELDS + COLUMN.lastPacket]).toBe(5);
  });

  it('says of the next connection what it would have said in a row of its own', () => {
    fc.assert(
      fc.property(conversation, conversation, (former, next) => {
        const before = [...handshake(former.initial), ...packetsOf(former)];
        const after = [...handshake(next.initial), ...packetsOf(next)].map((fields) =>
          fields.sourcePort === 25 ? { ...fields, destinationPort: 40_001 } : { ...fields, sourcePort: 40_001 },
        );
        const alone = endsOf(after);
        const behind = endsOf([...before, ...after]);
        expect(behind.slice(-alone.length)).toEqual(alone);
      }),
      RUNS,
    );
  });
});

/** The numbers of each connection when it opens and when it ends, in a table that has room for one. */
function endsOf(sent: readonly Sent[]): unknown[] {
  const told: unknown[] = [];
  collectStreams(capture(sent), {
    limits: ONE_ROW,
    opened: (connection) => {
      const opened = numbersOf(connection);
      atEnd(connection, () => told.push({ opened, ended: numbersOf(connection) }));
    },
  });
  return told;
}

describe('a session that is kept', () => {
  it('still says its own numbers when another connection has its row', () => {
    const talk = (port: number, texts: readonly [string, string], lost: number): Sent[] => {
      const client = { ...ENDS[0], sourcePort: port };
      const server = { ...ENDS[1], destinationPort: port };
      return [
        { ...client, sequence: 100, flags: SYN },
        { ...server, sequence: 500, flags: SYN | ACK, acknowledgement: 101 },
        { ...server, sequence: 501, payload: texts[1], acknowledgement: 101 },
        { ...client, sequence: 101 + lost, payload: texts[0], acknowledgement: 501 + texts[1].length },
      ];
    };
    const sessions: SessionHandle[] = [];
    const closed: unknown[] = [];
    const pipeline = new Pipeline({
      policy: { ...profilePolicy('modern'), limits: ONE_ROW },
      sink: {
        sessionOpened: (session) => sessions.push(session),
        sessionClosed: (session) => closed.push([session.summary(), session.stretch, session.version]),
      },
    });
    pipeline.push(
      capture([
        ...talk(40_000, ['NOOP\r\n', '220 mx ESMTP\r\n'], 6),
        ...talk(40_001, ['EHLO a.example\r\n', '220 other.example ESMTP\r\n'], 0),
        ...talk(40_002, ['QUIT\r\n', '220 third ESMTP ready to go\r\n'], 2),
      ]),
    );
    pipeline.end();
    const said = sessions.map((session) => [session.summary(), session.stretch, session.version]);
    expect(said).toEqual(closed);
    expect(
      sessions.map((session) => {
        const { bytesToServer, bytesToClient, packetsToServer, gaps, missingBytes } = session.summary();
        return [bytesToServer, bytesToClient, packetsToServer, gaps, missingBytes, session.stretch.lastPacket];
      }),
    ).toEqual([
      [6, 14, 2, 1, 6, 4],
      [16, 25, 2, 0, 0, 8],
      [6, 29, 2, 1, 2, 12],
    ]);
  });
});
