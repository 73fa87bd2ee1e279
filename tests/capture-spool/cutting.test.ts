/** The output of capture processes, cut into blocks at every chunk size. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockCutter, type BlockSink } from '../../capture/spool/block-cutter.js';
import { PcapConverter } from '../../capture/spool/pcap-converter.js';
import { bigEndian, contents, cut, packets, pcap, pcapng, readCapture, somePackets } from './made-capture.js';

/** Keeps the blocks it is given. */
class KeptBlocks implements BlockSink {
  readonly blocks: Buffer[] = [];
  block(_type: number, buffer: Uint8Array, start: number, end: number): void {
    this.blocks.push(Buffer.from(buffer.subarray(start, end)));
  }
}

const someSizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 });

describe('cutting pcapng into blocks', () => {
  it('gives every block whole and in order, however the octets come, in either byte order', () => {
    fc.assert(
      fc.property(somePackets, someSizes, fc.boolean(), fc.nat(60), (made, sizes, isBig, missing) => {
        const capture = isBig ? bigEndian(pcapng(made)) : pcapng(made);
        const given = capture.subarray(0, capture.length - missing);
        const kept = new KeptBlocks();
        const cutter = new BlockCutter(kept);
        for (const piece of cut(given, sizes)) cutter.push(Buffer.from(piece));
        const whole = Buffer.concat(kept.blocks);
        expect(whole.equals(given.subarray(0, whole.length))).toBe(true);
        expect(cutter.consumedBytes + cutter.carriedBytes).toBe(given.length);
        expect(cutter.consumedBytes).toBe(whole.length);
        // What is missing at the end costs the blocks it lies in, no more.
        const last = readCapture(given.subarray(0, whole.length));
        expect(whole.length === 0 ? null : last.damage).toBe(null);
        if (missing === 0) expect(whole.length).toBe(given.length);
      }),
    );
  });

  it('turns numbers around in the test as the engine reads them', () => {
    expect(contents(readCapture(bigEndian(pcapng(packets(3)))))).toEqual(contents(readCapture(pcapng(packets(3)))));
  });

  it.each([
    ['no section header at the beginning', Buffer.from('this is no capture at all')],
    [
      'a section header without byte-order magic',
      Buffer.concat([Buffer.from('0a0d0d0a1c000000', 'hex'), Buffer.alloc(20)]),
    ],
    ['a block of 4 bytes', Buffer.concat([pcapng([]), Buffer.from('06000000040000000000000000', 'hex')])],
    ['a block of 1073741824 bytes', Buffer.concat([pcapng([]), Buffer.from('060000000000004000000000', 'hex')])],
    [
      'a block whose two lengths differ',
      Buffer.concat([pcapng([]), Buffer.from('99000000100000000000000014000000', 'hex')]),
    ],
  ])('refuses %s, and has handed on what came before', (found, octets) => {
    const kept = new KeptBlocks();
    const cutter = new BlockCutter(kept);
    let problem: unknown;
    try {
      for (const piece of cut(octets, [5])) cutter.push(piece);
    } catch (error) {
      problem = error;
    }
    expect(problem).toMatchObject({
      problem: { code: 'capture-output-damaged', message: expect.stringContaining(found) },
    });
    expect(kept.blocks.length).toBe(octets.subarray(0, 28).equals(pcapng([]).subarray(0, 28)) ? 2 : 0);
  });
});

describe('making pcapng of classic pcap', () => {
  it('keeps every packet with its time, lengths and link type, however the octets come', () => {
    const kinds = fc.record({ littleEndian: fc.boolean(), nanoseconds: fc.boolean() });
    fc.assert(
      fc.property(somePackets, someSizes, kinds, (made, sizes, kind) => {
        const capture = pcap(made, kind);
        const kept = new KeptBlocks();
        const converter = new PcapConverter(kept, 'eth0');
        for (const piece of cut(capture, sizes)) converter.push(Buffer.from(piece));
        expect(converter.carriedBytes).toBe(0);
        const converted = readCapture(Buffer.concat(kept.blocks));
        expect(converted.damage).toBe(null);
        expect(contents(converted)).toEqual(contents(readCapture(capture)));
      }),
    );
  });

  it('refuses what is no pcap, and a packet longer than any', () => {
    const refused = { problem: expect.objectContaining({ code: 'capture-output-damaged' }) as unknown };
    const converter = new PcapConverter(new KeptBlocks(), 'eth0');
    expect(() => converter.push(Buffer.alloc(24, 'x'))).toThrow(expect.objectContaining(refused) as Error);
    const capture = pcap(packets(1), { littleEndian: true, nanoseconds: false });
    capture.writeUInt32LE(0x7fffffff, 32);
    expect(() => new PcapConverter(new KeptBlocks(), 'eth0').push(capture)).toThrow(
      expect.objectContaining(refused) as Error,
    );
  });
});
