/** Reassembly: whatever happens on the way, both streams come out as they were sent, or the loss is told. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import { ACK, FIN, ipPacket, LINK, pcapFile, RST, SYN, type TcpFields } from '../packet/build.js';
import { collectStreams, type CollectedStream } from './reassembled-streams.js';

interface Sent extends TcpFields {
  readonly atUs?: number;
}

const CLIENT = { source: '192.0.2.1', destination: '198.51.100.25', sourcePort: 40_000, destinationPort: 25 };
const SERVER = { source: '198.51.100.25', destination: '192.0.2.1', sourcePort: 25, destinationPort: 40_000 };
const C = (sequence: number, payload = '', more: Partial<Sent> = {}): Sent => ({
  ...CLIENT,
  sequence,
  payload,
  flags: ACK,
  ...more,
});
const S = (sequence: number, payload = '', more: Partial<Sent> = {}): Sent => ({
  ...SERVER,
  sequence,
  payload,
  flags: ACK,
  ...more,
});
const HANDSHAKE = [
  C(100, '', { flags: SYN }),
  S(500, '', { flags: SYN | ACK, acknowledgement: 101 }),
  C(101, '', { acknowledgement: 501 }),
];

function run(sent: readonly Sent[], options: Parameters<typeof collectStreams>[1] = {}): CollectedStream[] {
  const packets = sent.map((fields, index) => ({ timeUs: fields.atUs ?? 1_000_000 + index, octets: ipPacket(fields) }));
  return collectStreams(pcapFile(packets, { linkType: LINK.raw }), options).streams;
}

const calls = (sent: readonly Sent[], options?: Parameters<typeof collectStreams>[1]): string[][] =>
  run(sent, options).map((stream) => stream.calls);

describe('a conversation', () => {
  it('is delivered in order with its sides, and ends when both sides have finished', () => {
    const sent = [
      ...HANDSHAKE,
      S(501, '220 hi\r\n', { acknowledgement: 101 }),
      C(101, 'QUIT\r\n', { acknowledgement: 509, flags: ACK | FIN }),
      S(509, '221\r\n', { acknowledgement: 108, flags: ACK | FIN }),
      C(108, '', { acknowledgement: 515 }),
    ];
    expect(calls(sent)).toEqual([['S 0 220 hi\r\n', 'C 0 QUIT\r\n', 'S 8 221\r\n', 'end closed']]);
  });

  it('out of order, retransmitted and overlapping comes out once and in order', () => {
    const sent = [
      ...HANDSHAKE,
      C(107, 'GHI'),
      C(104, 'DEF'),
      C(107, 'GHI'),
      C(101, 'ABCD'),
      C(101, 'ABC'),
      C(108, 'HIJ'),
    ];
    expect(calls(sent)).toEqual([['C 0 ABCD', 'C 4 EF', 'C 6 GHI', 'C 9 J', 'end capture-end']]);
  });

  it('keeps the octets that came first where segments differ, and says that they differ', () => {
    const [stream] = run([...HANDSHAKE, C(104, 'DEF'), C(104, 'xyz'), C(101, 'ABC')]);
    expect(stream?.calls).toEqual(['C 0 ABC', 'C 3 DEF', 'end capture-end']);
    expect(stream?.overlaps).toEqual([1, 0]);
  });

  it('goes on where sequence numbers wrap around', () => {
    const sent = [C(0xfffffffd, '', { flags: SYN }), C(0xfffffffe, 'abcd'), C(2, 'ef'), C(4, 'gh')];
    expect(calls(sent)).toEqual([['C 0 abcd', 'C 4 ef', 'C 6 gh', 'end capture-end']]);
  });

  it('that is met in the middle starts there, with the mail port as the server', () => {
    expect(calls([S(900, '250 ok\r\n', { acknowledgement: 77 }), C(77, 'QUIT\r\n')])).toEqual([
      ['S 0 250 ok\r\n', 'C 0 QUIT\r\n', 'end capture-end'],
    ]);
  });

  it('ends with RST, but not with one whose sequence number is far off', () => {
    expect(
      calls([
        ...HANDSHAKE,
        C(101, 'a'),
        C(90_000_000, '', { flags: RST }),
        C(102, 'b'),
        C(103, '', { flags: RST }),
        C(103, 'c'),
      ]),
    ).toEqual([['C 0 a', 'C 1 b', 'end reset']]);
  });
});

describe('loss', () => {
  it('is declared when the other side acknowledged what never came', () => {
    const sent = [...HANDSHAKE, C(101, 'abc'), C(110, 'jkl'), S(501, 'x', { acknowledgement: 113 })];
    expect(calls(sent)).toEqual([['C 0 abc', 'C 3 gap 6', 'C 9 jkl', 'S 0 x', 'end capture-end']]);
  });

  it('is declared at the end for octets that were acknowledged and for holes before held octets', () => {
    const sent = [
      ...HANDSHAKE,
      C(101, 'abc'),
      S(501, 'x', { acknowledgement: 110 }),
      S(503, 'z', { acknowledgement: 110 }),
    ];
    expect(calls(sent)).toEqual([['C 0 abc', 'S 0 x', 'C 3 gap 6', 'S 1 gap 1', 'S 2 z', 'end capture-end']]);
  });

  it('by the snap length becomes a gap behind what was captured', () => {
    const packets = [...HANDSHAKE, C(101, 'abcdef'), C(107, 'ghi')].map((fields, index) => {
      const octets = ipPacket(fields);
      return { timeUs: index, octets: index === 3 ? octets.subarray(0, 42) : octets, wireLength: octets.length };
    });
    const [stream] = collectStreams(pcapFile(packets, { linkType: LINK.raw })).streams;
    expect(stream?.calls).toEqual(['C 0 ab', 'C 2 gap 4', 'C 6 ghi', 'end capture-end']);
  });

  it('is declared when more is held out of order than the bound', () => {
    const limits = { ...DEFAULT_LIMITS, outOfOrderBytes: 5 };
    expect(calls([...HANDSHAKE, C(105, 'abc'), C(110, 'def')], { limits })).toEqual([
      ['C 0 gap 4', 'C 4 abc', 'C 7 gap 2', 'C 9 def', 'end capture-end'],
    ]);
  });
});

describe('checksums', () => {
  const forged = [
    ...HANDSHAKE,
    C(101, 'NOOP\r\n', { checksumError: 9 }),
    C(101, 'EVIL\r\n'),
    S(501, 'ok', { acknowledgement: 107 }),
  ];

  it('leave out a wrong segment when the right one comes', () => {
    expect(calls(forged)).toEqual([['C 0 EVIL\r\n', 'S 0 ok', 'end capture-end']]);
  });

  it('are believed when wrong but acknowledged, as with offloading', () => {
    const wrong = { checksumError: 3 };
    const sent = [
      ...HANDSHAKE,
      C(101, 'NOOP\r\n', wrong),
      S(501, 'ok', { acknowledgement: 107 }),
      C(107, 'QUIT\r\n', wrong),
    ];
    expect(calls(sent)).toEqual([['C 0 NOOP\r\n', 'S 0 ok', 'C 6 QUIT\r\n', 'end capture-end']]);
  });

  it('are ignored when told so, and always enforced when told so', () => {
    expect(calls(forged, { checksums: 'off' })).toEqual([['C 0 NOOP\r\n', 'S 0 ok', 'end capture-end']]);
    expect(calls([...HANDSHAKE, C(101, 'a', { checksumError: 1 })], { checksums: 'on' })).toEqual([
      ['end capture-end'],
    ]);
  });
});

describe('port reuse', () => {
  it('opens a new connection after the old one was closed', () => {
    const again = HANDSHAKE.map((fields) => ({
      ...fields,
      sequence: (fields.sequence ?? 0) + 7000,
      acknowledgement: (fields.acknowledgement ?? 0) + 7000,
    }));
    const sent = [...HANDSHAKE, C(101, 'a'), C(102, '', { flags: RST }), ...again, C(7101, 'b')];
    expect(calls(sent)).toEqual([
      ['C 0 a', 'end reset'],
      ['C 0 b', 'end capture-end'],
    ]);
  });

  it('is not taken from a lone SYN into a living connection, but from one that is answered', () => {
    const lone = C(9000, '', { flags: SYN });
    expect(calls([...HANDSHAKE, C(101, 'a'), lone, C(102, 'b')])).toEqual([['C 0 a', 'C 1 b', 'end capture-end']]);
    const answered = [lone, S(4000, '', { flags: SYN | ACK, acknowledgement: 9001 }), C(9001, 'c')];
    expect(calls([...HANDSHAKE, C(101, 'a'), ...answered])).toEqual([
      ['C 0 a', 'end replaced'],
      ['C 0 c', 'end capture-end'],
    ]);
  });
});

describe('bounds', () => {
  it('end a connection that is idle for too long', () => {
    const later = C(102, 'b', { atUs: 1_000_000 + 700 * 1e6 });
    expect(calls([...HANDSHAKE, C(101, 'a'), later])).toEqual([
      ['C 0 a', 'end timeout'],
      ['C 0 b', 'end capture-end'],
    ]);
  });

  it('end the connection idle for longest when there are too many, and count it', () => {
    const packets = Array.from({ length: 5 }, (_, index) => ({
      timeUs: index,
      octets: ipPacket({ ...CLIENT, sourcePort: 1000 + index, flags: SYN }),
    }));
    const limits = { ...DEFAULT_LIMITS, flows: 3 };
    const { streams, reassembly } = collectStreams(pcapFile(packets, { linkType: LINK.raw }), { limits });
    expect(streams.map((stream) => stream.calls)).toEqual([
      ['end timeout'],
      ['end timeout'],
      ['end capture-end'],
      ['end capture-end'],
      ['end capture-end'],
    ]);
    expect(reassembly.bounded['flows']).toBe(2);
  });
});

it('any segmentation, order and duplication of two streams gives the same octets', () => {
  const text = fc.string({ minLength: 1, maxLength: 200, unit: 'binary-ascii' });
  const cuts = fc.array(fc.nat(200), { maxLength: 12 });
  fc.assert(
    fc.property(
      text,
      cuts,
      fc.infiniteStream(fc.nat(1000)),
      fc.integer({ min: 0, max: 0xffffffff }),
      (content, at, random, initial) => {
        const edges = [...new Set([0, ...at.filter((cut) => cut < content.length), content.length])].sort(
          (a, b) => a - b,
        );
        const segments = edges
          .slice(0, -1)
          .map((from, index) => C(initial + 1 + from, content.slice(from, edges[index + 1])));
        const keyed = [...segments, ...segments.slice(0, 3)].map((segment) => ({
          segment,
          key: random.next().value as number,
        }));
        const shuffled = keyed.sort((one, other) => one.key - other.key).map(({ segment }) => segment);
        const [stream] = run([C(initial, '', { flags: SYN }), ...shuffled]);
        expect(Buffer.concat(stream?.octets[0] ?? []).toString('latin1')).toBe(content);
        expect(stream?.missing).toEqual([0, 0]);
      },
    ),
  );
});
