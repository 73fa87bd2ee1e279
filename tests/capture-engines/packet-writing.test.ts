/** What the capture helper writes, read by the engine's reader. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linkTypeOf } from '../../capture/engines/cap-link-type.js';
import { lengthOnWire } from '../../capture/engines/length-on-wire.js';
import { PacketClock } from '../../capture/engines/packet-clock.js';
import { captureStart, packetBlockBytes, writePacket } from '../../capture/pcapng/write.js';
import { readCaptured } from './captured.js';
import { synFrame, TAG, tag } from './frames.js';

const HEAD = captureStart({ name: 'eth0', linkType: 1, snapLength: 65_535, filter: 'tcp port 25' }, 'test');

test('every packet is read as it was written', () => {
  const packet = fc.record({
    octets: fc.uint8Array({ maxLength: 90 }),
    timeUs: fc.nat({ max: 2 ** 52 }),
    cut: fc.nat(1000),
  });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 5 }), (packets) => {
      const target = Buffer.alloc(1000, 0xee);
      let end = 0;
      for (const { octets, timeUs, cut } of packets) {
        const before = end;
        end = writePacket(target, end, timeUs, octets, octets.length, octets.length + cut);
        expect(end - before).toBe(packetBlockBytes(octets.length));
      }
      expect(readCaptured(Buffer.concat([HEAD, target.subarray(0, end)]))).toEqual({
        damage: null,
        packets: packets.map(({ octets, timeUs, cut }) => ({
          timeUs,
          linkType: 1,
          octets: Buffer.from(octets),
          wireLength: octets.length + cut,
        })),
      });
    }),
  );
});

describe('a frame that was cut', () => {
  const frame = (totalLength: number, ...tags: readonly string[]): Buffer => {
    const octets = Buffer.concat([Buffer.from(synFrame(25, ...tags), 'hex'), Buffer.alloc(100)]);
    octets.writeUInt16BE(totalLength, 14 + tags.length * 4 + 2);
    return octets;
  };

  test.each([
    ['by what IP says', frame(65_535), 1, 65_549],
    ['with a tag', frame(65_535, tag(TAG, 5)), 1, 65_553],
    ['never shorter than what is there', frame(10), 1, 154],
    ['of an unknown kind', frame(65_535), 127, 154],
    ['of no network protocol', Buffer.alloc(154), 1, 154],
    ['under tags without end', Buffer.from(TAG.repeat(77), 'hex'), 1, 154],
  ])('has its length on the wire %s', (_case, octets, linkType, length) => {
    expect(lengthOnWire(octets, octets.length, linkType)).toBe(length);
  });
});

test('a link type that cap does not know by name is taken by its number', () => {
  expect(
    ['ETHERNET', 'RAW', 'LINKTYPE_LINUX_SLL', 'Unknown linktype 276', 'Unknown linktype 12'].map(linkTypeOf),
  ).toEqual([1, 101, 113, 276, 101]);
  expect(() => linkTypeOf('nonsense')).toThrow('nonsense');
});

test('the clock follows the monotonic one, goes forward after a sleep, and never back', () => {
  let monotonicMs = 1000;
  let wallMs = 5_000_000;
  const clock = new PacketClock({ monotonicMs: () => monotonicMs, wallMs: () => wallMs });
  const seen: number[] = [clock.nowUs()];
  const step = (monotonic: number, wall: number): void => {
    monotonicMs += monotonic;
    wallMs += wall;
    clock.realign();
    seen.push(clock.nowUs());
  };
  step(10, 10);
  step(10, -3_600_000);
  step(10, 3_600_010);
  step(10, 60_000);
  expect(seen.map((timeUs) => timeUs - 5_000_000_000)).toEqual([0, 10_000, 20_000, 30_000, 60_020_000]);
});
