import { describe, expect, it } from 'vitest';
import { DISORDER_FIELDS, ENDED, ENDED_FIELDS, FOLLOWED_FIELDS } from '../../engine/split/stream-batch.js';
import { ToldConnection, ToldNumbers } from '../../engine/split/told-connection.js';
import { COLUMN, HALF, halfAt, ROW_FIELDS } from '../../engine/tcp/flow-rows.js';

/** Details of a `follow` at 0: IPv4 in one VLAN, the higher side is the client. */
const FOLLOW = Float64Array.of(0, 0, 0, 1, 1, 5_000_000, 7, 900, 1, 42, 0x0a000001, 0x0a000002, (25 << 16) | 4000);

function ended(): Float64Array {
  const details = new Float64Array(ENDED_FIELDS + ROW_FIELDS);
  details.set([1, 6, 800]);
  details.set([1, 2, 300, 4, 5], ENDED.disorders + DISORDER_FIELDS);
  details[ENDED_FIELDS + COLUMN.lastUs] = 6_000_000;
  details[ENDED_FIELDS + COLUMN.lastPacket] = 70;
  details[ENDED_FIELDS + COLUMN.lastByte] = 6_000_000_000;
  for (const side of [0, 1] as const) {
    details[ENDED_FIELDS + halfAt(0, side) + HALF.packets] = 10 + side;
    details[ENDED_FIELDS + halfAt(0, side) + HALF.bytes] = 1000 + side;
  }
  return details;
}

function seen(connection: ToldConnection): unknown {
  const { lastUs, lastPacket, lastByte, endReason, isOver, firstPacket, firstByte } = connection;
  const halves = [connection.half(0), connection.half(1)].map(({ packets, bytes, disorder }) => [
    packets,
    bytes,
    disorder,
  ]);
  return { lastUs, lastPacket, lastByte, endReason, isOver, firstPacket, firstByte, halves };
}

function overAndForgotten(isKept: boolean): { readonly atEnd: unknown; readonly later: unknown } {
  const numbers = new ToldNumbers();
  const connection = new ToldConnection(0, [0], FOLLOW, 0, numbers);
  connection.isKept = isKept;
  numbers.take(ended(), 0);
  connection.ended(ended(), 0);
  const atEnd = seen(connection);
  connection.forget();
  numbers.clear();
  return { atEnd, later: seen(connection) };
}

const NO_HALVES = [
  [0, 0, null],
  [0, 0, null],
];
const OVER = {
  lastUs: 6_000_000,
  lastPacket: 70,
  lastByte: 6_000_000_000,
  endReason: 'closed',
  isOver: true,
  firstPacket: 6,
  firstByte: 800,
  halves: [
    [10, 1000, null],
    [11, 1001, { gaps: 2, missingBytes: 300, divergentOverlaps: 4, badChecksums: 5 }],
  ],
};

describe('ToldConnection', () => {
  it('is what was told when it began, with numbers of zero until it is over', () => {
    const connection = new ToldConnection(1, [0, 0b1001], FOLLOW, 0, new ToldNumbers());
    const { clientSide, fromStart, startUs, vlan, key } = connection;
    expect({ clientSide, fromStart, startUs, vlan, key, ports: [connection.port(0), connection.port(1)] }).toEqual({
      clientSide: 1,
      fromStart: true,
      startUs: 5_000_000,
      vlan: [42],
      key: [0x0a000001, 0x0a000002, (25 << 16) | 4000],
      ports: [25, 4000],
    });
    expect([connection.isSideMissing(0), connection.isSideMissing(1)]).toEqual([true, false]);
    expect([connection.isSideSilent(0), connection.isSideSilent(1)]).toEqual([false, true]);
    expect(connection.detailsEnd(0)).toBe(FOLLOWED_FIELDS + 4);
    expect(seen(connection)).toEqual({
      lastUs: 0,
      lastPacket: 0,
      lastByte: 0,
      endReason: 'open',
      isOver: false,
      firstPacket: 7,
      firstByte: 900,
      halves: NO_HALVES,
    });
  });

  it('has its numbers when it is over, and zeros once they are the next one’s', () => {
    expect(overAndForgotten(false)).toEqual({
      atEnd: OVER,
      later: { ...OVER, lastUs: 0, lastPacket: 0, lastByte: 0, halves: NO_HALVES },
    });
  });

  it('has its numbers for ever when it is kept', () => {
    expect(overAndForgotten(true)).toEqual({ atEnd: OVER, later: OVER });
  });
});
