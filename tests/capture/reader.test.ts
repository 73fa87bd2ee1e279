/** Reading capture files: formats, chunking, damage, and reading again from the middle. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../../engine/capture/problem.js';
import { CaptureReader, type ReaderCheckpoint } from '../../engine/capture/reader.js';
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import {
  enhancedPacket,
  ethernet,
  fixed,
  interfaceBlock,
  ipPacket,
  LINK,
  pcapFile,
  pcapngBlock,
  pcapngOption,
  sectionHeader,
} from '../packet/build.js';

interface ReadPacket {
  readonly number: number;
  readonly timeUs: number;
  readonly linkType: number;
  readonly hex: string;
  readonly wireLength: number;
  readonly recordStart: number;
  readonly recordEnd: number;
}

function read(
  file: Uint8Array,
  cuts: readonly number[] = [],
  resume?: ReaderCheckpoint,
): { packets: ReadPacket[]; reader: CaptureReader } {
  const packets: ReadPacket[] = [];
  const reader = new CaptureReader(
    DEFAULT_LIMITS,
    ({ number, timeUs, linkType, buffer, start, end, wireLength, recordStart, recordEnd }) => {
      const hex = Buffer.from(buffer.subarray(start, end)).toString('hex');
      packets.push({ number, timeUs, linkType, hex, wireLength, recordStart, recordEnd });
    },
    resume,
  );
  let at = 0;
  for (const cut of [...cuts, file.length]) {
    reader.push(file.slice(at, Math.max(at, cut)));
    at = Math.max(at, cut);
  }
  reader.end();
  return { packets, reader };
}

const frame = ethernet(ipPacket({ payload: 'EHLO x\r\n' }));
const other = ethernet(ipPacket({ payload: 'QUIT\r\n' }));
const TIME_US = 1_700_000_000_123_456;
const twoPackets = [
  { timeUs: TIME_US, octets: frame },
  { timeUs: TIME_US + 5, octets: other },
];

const comment = pcapngOption(1, Buffer.from('looks odd'));
const mixedPcapng = Buffer.concat([
  sectionHeader(true),
  interfaceBlock(LINK.ethernet),
  interfaceBlock(LINK.raw, pcapngOption(9, Buffer.from([9]))),
  enhancedPacket(0, TIME_US, frame, comment),
  pcapngBlock(0x0bad, Buffer.from('unknown block')),
  enhancedPacket(1, TIME_US * 1000 + 1000, ipPacket({ payload: 'QUIT\r\n' })),
  pcapngBlock(3, Buffer.concat([fixed(4, frame.length, true), frame])),
  sectionHeader(false),
  interfaceBlock(LINK.ethernet, Buffer.alloc(0), false),
  enhancedPacket(0, TIME_US, other, Buffer.alloc(0), false),
]);

describe('formats', () => {
  it('reads the same packets from pcap of both byte orders and both resolutions', () => {
    const seen = [true, false].flatMap((littleEndian) =>
      [true, false].map((nanoseconds) => read(pcapFile(twoPackets, { littleEndian, nanoseconds })).packets),
    );
    const expected = [
      {
        number: 1,
        timeUs: TIME_US,
        linkType: 1,
        hex: frame.toString('hex'),
        wireLength: frame.length,
        recordStart: 24,
        recordEnd: 40 + frame.length,
      },
      {
        number: 2,
        timeUs: TIME_US + 5,
        linkType: 1,
        hex: other.toString('hex'),
        wireLength: other.length,
        recordStart: 40 + frame.length,
        recordEnd: 56 + frame.length + other.length,
      },
    ];
    for (const packets of seen) expect(packets).toEqual(expected);
  });

  it('reads pcapng with two sections of different byte order, two interfaces, simple packets and unknown blocks', () => {
    const { packets, reader } = read(mixedPcapng);
    expect(packets.map(({ number, timeUs, linkType }) => ({ number, timeUs, linkType }))).toEqual([
      { number: 1, timeUs: TIME_US, linkType: LINK.ethernet },
      { number: 2, timeUs: TIME_US + 1, linkType: LINK.raw },
      { number: 3, timeUs: 0, linkType: LINK.ethernet },
      { number: 4, timeUs: TIME_US, linkType: LINK.ethernet },
    ]);
    expect(reader.damage).toBeNull();
    expect(reader.comments.map(({ packet, octets }) => [packet, Buffer.from(octets).toString()])).toEqual([
      [1, 'looks odd'],
    ]);
  });

  it('says how many packets the capturing machine dropped, and null when the file does not say', () => {
    const count = Buffer.alloc(8);
    count.writeUInt32LE(42, 0);
    const statistics = pcapngBlock(5, Buffer.concat([Buffer.alloc(12), pcapngOption(5, count)]));
    expect(
      read(Buffer.concat([mixedPcapng.subarray(0, 28), interfaceBlock(1), statistics])).reader.droppedPackets,
    ).toBe(42);
    expect(read(mixedPcapng).reader.droppedPackets).toBeNull();
  });

  it('counts packets of an interface that was never described', () => {
    const { packets, reader } = read(Buffer.concat([sectionHeader(), enhancedPacket(3, 0, frame)]));
    expect({ packets, stray: reader.strayPackets, damage: reader.damage }).toEqual({
      packets: [],
      stray: 1,
      damage: null,
    });
  });

  it('skips an unknown block that is longer than its bound without holding it', () => {
    const huge = Buffer.alloc(DEFAULT_LIMITS.blockBytes + 12);
    const file = Buffer.concat([
      sectionHeader(),
      interfaceBlock(1),
      pcapngBlock(0x0bad, huge),
      enhancedPacket(0, 7, frame),
    ]);
    expect(read(file, [100, 5000, 70_000]).packets.map(({ timeUs }) => timeUs)).toEqual([7]);
  });
});

describe('chunks', () => {
  it('of any size give the same packets at the same places', () => {
    for (const file of [pcapFile(twoPackets), mixedPcapng]) {
      const whole = read(file).packets;
      const cutsOf = fc.array(fc.nat(file.length), { maxLength: 12 }).map((cuts) => cuts.sort((a, b) => a - b));
      fc.assert(
        fc.property(cutsOf, (cuts) => {
          expect(read(file, cuts).packets).toEqual(whole);
        }),
      );
      const everyOctet = Array.from({ length: file.length }, (_, index) => index);
      expect(read(file, everyOctet).packets).toEqual(whole);
    }
  });

  it('from any packet on can be read again with the same numbers and places', () => {
    for (const file of [pcapFile(twoPackets), mixedPcapng]) {
      const { packets, reader } = read(file);
      packets.forEach(({ recordStart, number }, index) => {
        const checkpoint = reader.checkpointBefore(recordStart, number);
        expect(read(file.subarray(recordStart), [], checkpoint).packets).toEqual(packets.slice(index));
      });
    }
  });
});

describe('damage', () => {
  it('in the form of a cut keeps every packet before it and names the place', () => {
    for (const file of [pcapFile(twoPackets), mixedPcapng]) {
      const whole = read(file).packets;
      for (let length = 24; length < file.length; length++) {
        const { packets, reader } = read(file.subarray(0, length));
        expect(packets).toEqual(whole.filter(({ recordEnd }) => recordEnd <= length));
        if (reader.damage !== null)
          expect([reader.damage.code, reader.damage.byteOffset]).toEqual(['capture-cut-short', length]);
      }
    }
  });

  it.each([
    ['an empty file', Buffer.alloc(0), 'capture-empty', 'This is an empty file; expected a capture file.'],
    [
      'text',
      Buffer.from('From: me\r\nTo: you\r\n\r\nhello'),
      'not-a-capture',
      'This is text beginning with "From: me\\x0D\\x0ATo: yo"; expected a pcap or pcapng file.',
    ],
    [
      'snoop',
      Buffer.from('snoop\0\0\0\0\0\0\x02\0\0\0\x04abcdefghij'),
      'not-a-capture',
      'This is a Solaris snoop capture (convert it: editcap -F pcapng); expected a pcap or pcapng file.',
    ],
    [
      'three octets',
      Buffer.from([1, 2, 3]),
      'not-a-capture',
      'This is a file that begins with the bytes 01 02 03; expected a pcap or pcapng file.',
    ],
    [
      'a block length that cannot be',
      Buffer.concat([sectionHeader(), fixed(4, 6, true), fixed(4, 7, true), Buffer.alloc(20)]),
      'capture-damaged',
      'At byte 28: found a block of 7 bytes; expected a multiple of 4, at least 12.',
    ],
    [
      'a record longer than any',
      pcapFile([{ octets: frame }]).fill(0x7f, 32, 36),
      'capture-damaged',
      'At byte 24: found a packet record of 2139062143 bytes; expected at most 262144 bytes.',
    ],
  ])('%s is refused in words', (_name, file, code, message) => {
    const { reader } = read(file);
    expect(reader.damage === null ? null : problemOf(reader.damage)).toMatchObject({ code, message });
  });

  it('of random octets behind a valid header never throws', () => {
    const headers = [pcapFile([]), Buffer.concat([sectionHeader(), interfaceBlock(1)])];
    fc.assert(
      fc.property(
        fc.constantFrom(...headers),
        fc.uint8Array({ maxLength: 400 }),
        fc.array(fc.nat(400), { maxLength: 5 }),
        (header, rest, cuts) => {
          read(
            Buffer.concat([header, rest]),
            cuts.sort((a, b) => a - b),
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});
