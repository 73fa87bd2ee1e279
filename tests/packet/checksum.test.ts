/** The quick checksum equals the definition of RFC 1071, at every alignment and length. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isTcpChecksumGood } from '../../engine/packet/checksum.js';
import { IpPacket } from '../../engine/packet/segment.js';

function slowSum(octets: Uint8Array, protocolAndLength: number): number {
  let sum = protocolAndLength;
  for (let i = 0; i < octets.length; i += 2) sum += ((octets[i] as number) << 8) + (octets[i + 1] ?? 0);
  while (sum > 0xffff) sum = Math.floor(sum / 65536) + (sum % 65536);
  return sum;
}

it('a segment is good exactly when its ones’ complement sum is all ones', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 20, maxLength: 300 }),
      fc.nat(7),
      fc.nat(7),
      fc.boolean(),
      (octets, before, view, makeGood) => {
        const segment = Uint8Array.from(octets);
        segment.fill(0, 16, 18);
        const complement = 0xffff - slowSum(segment, 6 + segment.length);
        const checksum = makeGood ? complement : (complement + 0x101) & 0xffff;
        segment[16] = checksum >> 8;
        segment[17] = checksum & 0xff;
        const memory = new Uint8Array(before + view + segment.length + 9);
        const buffer = memory.subarray(view);
        buffer.set(segment, before);
        const ip = new IpPacket(new Int32Array(4), new Int32Array(4));
        Object.assign(ip, { buffer, start: before, end: before + segment.length });
        expect(isTcpChecksumGood(ip)).toBe(slowSum(segment, 6 + segment.length) === 0xffff);
      },
    ),
  );
});
