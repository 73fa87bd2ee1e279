/** Decoding packets: every link layer and IP variant leads to the same TCP segment, or to a counted reason. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newPacketRecord } from '../../engine/capture/record.js';
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import { addressText } from '../../engine/packet/address.js';
import { PacketDecoder } from '../../engine/packet/decode.js';
import { NOT_DECODED } from '../../engine/packet/segment.js';
import { addressOctets, ethernet, ipPacket, ipv4, ipv4Fragments, ipv6, ipv6Fragments, LINK } from './build.js';

function decodeAll(
  packets: readonly Buffer[],
  linkType: number,
  wireLength?: number,
): { segments: unknown[]; reasons: Record<string, number> } {
  const decoder = new PacketDecoder(DEFAULT_LIMITS, 'all');
  const segments: unknown[] = [];
  packets.forEach((octets, index) => {
    const record = { ...newPacketRecord(), number: index + 1, linkType, buffer: octets, start: 0, end: octets.length };
    record.wireLength = wireLength ?? octets.length;
    if (!decoder.decode(record)) return;
    const { segment } = decoder;
    segments.push({
      from: `${addressText(segment.isIpv6, segment.source)} ${segment.sourcePort}`,
      to: `${addressText(segment.isIpv6, segment.destination)} ${segment.destinationPort}`,
      payload: Buffer.from(segment.buffer.subarray(segment.start, segment.end)).toString('latin1'),
      wireBytes: segment.wireBytes,
      checksum: segment.checksum,
      vlan: [...segment.vlan.subarray(0, segment.vlanCount)],
    });
  });
  const reasons = Object.fromEntries(
    NOT_DECODED.map((reason, index) => [reason, decoder.notDecoded[index] as number]).filter(
      ([, count]) => count !== 0,
    ),
  );
  return { segments, reasons };
}

const payload = 'MAIL FROM:<a@example.org>\r\n';
const v4 = ipPacket({ payload });
const v6 = ipPacket({ payload, source: '2001:db8::1', destination: '2001:db8:0:1::25' });
const expectedV4 = {
  from: '192.0.2.1 40000',
  to: '198.51.100.25 25',
  payload,
  wireBytes: payload.length,
  checksum: 'good',
  vlan: [],
};
const expectedV6 = { ...expectedV4, from: '2001:db8::1 40000', to: '2001:db8:0:1::25 25' };
const sll = (packet: Buffer): Buffer => Buffer.concat([Buffer.alloc(14), Buffer.from([8, 0]), packet]);
const sll2 = (packet: Buffer): Buffer => Buffer.concat([Buffer.from([8, 0]), Buffer.alloc(18), packet]);

describe('a segment is the same', () => {
  it.each([
    ['in Ethernet', ethernet(v4), LINK.ethernet],
    ['in Ethernet with padding', Buffer.concat([ethernet(v4), Buffer.alloc(9)]), LINK.ethernet],
    [
      'in LLC/SNAP',
      Buffer.concat([Buffer.alloc(12), Buffer.from([0, 99, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0]), v4]),
      LINK.ethernet,
    ],
    ['in Linux cooked', sll(v4), LINK.sll],
    ['in Linux cooked v2', sll2(v4), LINK.sll2],
    ['in NULL, little-endian host', Buffer.concat([Buffer.from([2, 0, 0, 0]), v4]), LINK.null],
    ['in NULL, big-endian host', Buffer.concat([Buffer.from([0, 0, 0, 2]), v4]), LINK.null],
    ['in LOOP', Buffer.concat([Buffer.from([0, 0, 0, 2]), v4]), LINK.loop],
    ['raw', v4, LINK.raw],
    ['in the IPv4 link type', v4, LINK.ipv4],
    ['behind IPv4 options', ipv4(v4.subarray(12, 16), v4.subarray(16, 20), v4.subarray(20), 0, 6, 12), LINK.raw],
  ])('%s', (_name, octets, linkType) => {
    expect(decodeAll([octets], linkType)).toEqual({ segments: [expectedV4], reasons: {} });
  });

  it('in 802.1Q and QinQ, with the tags noted', () => {
    expect(decodeAll([ethernet(v4, [7]), ethernet(v4, [100, 200], 0x88a8)], LINK.ethernet).segments).toEqual([
      { ...expectedV4, vlan: [7] },
      { ...expectedV4, vlan: [100, 200] },
    ]);
  });

  it('in IPv6, also behind extension headers and in an atomic fragment', () => {
    const [source, destination, segment] = [v6.subarray(8, 24), v6.subarray(24, 40), v6.subarray(40)];
    const options: [number, Buffer] = [60, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])];
    const chained = ipv6(source, destination, segment, [
      [0, Buffer.alloc(8)],
      options,
      [43, Buffer.alloc(8)],
      [44, Buffer.alloc(8)],
    ]);
    expect(decodeAll([v6, chained], LINK.ipv6)).toEqual({ segments: [expectedV6, expectedV6], reasons: {} });
  });

  it('from fragments in any order, duplicated and overlapping, first octets winning', () => {
    for (const [fragments, expected] of [
      [ipv4Fragments(v4, 8), expectedV4],
      [ipv6Fragments(v6, 16), expectedV6],
    ] as const) {
      const orders = fc.shuffledSubarray([...fragments], { minLength: fragments.length });
      fc.assert(
        fc.property(orders, fc.nat(fragments.length - 1), (shuffled, again) => {
          const twice = [shuffled[again] as Buffer, ...shuffled.filter((_, index) => index !== again)];
          expect(decodeAll(twice, LINK.raw).segments).toEqual([expected]);
        }),
      );
    }
  });
});

describe('what is no segment is counted by its reason', () => {
  it.each([
    ['unknown-link-type', v4, 147],
    ['truncated-link-header', v4.subarray(0, 10), LINK.ethernet],
    ['not-ip', Buffer.concat([Buffer.alloc(12), Buffer.from([8, 6]), Buffer.alloc(28)]), LINK.ethernet],
    ['truncated-ip-header', v4.subarray(0, 15), LINK.raw],
    ['malformed-ip-header', Buffer.concat([Buffer.from([0x41]), v4.subarray(1)]), LINK.raw],
    ['not-tcp', ipv4(v4.subarray(12, 16), v4.subarray(16, 20), Buffer.alloc(20), 0, 17), LINK.raw],
    ['truncated-tcp-header', v4.subarray(0, 35), LINK.raw],
    [
      'encrypted-esp',
      ipv6(v6.subarray(8, 24), v6.subarray(24, 40), Buffer.alloc(20), [[50, Buffer.alloc(8)]]),
      LINK.raw,
    ],
    ['ip-fragment-waiting', ipv4Fragments(v4, 8)[0] as Buffer, LINK.raw],
    ['malformed-fragment', (ipv4Fragments(v4, 8)[0] as Buffer).subarray(0, 25), LINK.raw],
  ])('%s', (reason, octets, linkType) => {
    expect(decodeAll([octets], linkType)).toEqual({ segments: [], reasons: { [reason]: 1 } });
  });

  it('and a data offset that points outside the segment is malformed', () => {
    const broken = Buffer.from(v4);
    broken[32] = 0x40;
    expect(decodeAll([broken], LINK.raw).reasons).toEqual({ 'malformed-tcp-header': 1 });
  });
});

it('a packet cut by the snap length keeps what was captured and its length on the wire', () => {
  expect(decodeAll([v4.subarray(0, 50)], LINK.raw, v4.length).segments).toEqual([
    { ...expectedV4, payload: payload.slice(0, 10), checksum: 'unknown' },
  ]);
});

it('a wrong checksum is seen, at every payload length', () => {
  for (let length = 0; length < 40; length++) {
    const good = ipPacket({ payload: 'x'.repeat(length) });
    const bad = ipPacket({ payload: 'x'.repeat(length), checksumError: 1 });
    expect(decodeAll([good, bad], LINK.raw).segments).toMatchObject([{ checksum: 'good' }, { checksum: 'bad' }]);
  }
});

it('random octets in every link layer never throw', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(LINK)),
      fc.uint8Array({ maxLength: 120 }),
      fc.nat(20),
      (linkType, octets, at) => {
        const mutated = Buffer.from(ethernet(v6, [1]));
        mutated.set(octets.subarray(0, mutated.length - at), at);
        decodeAll([Buffer.from(octets), mutated], linkType);
      },
    ),
    { numRuns: 1000 },
  );
});

it('addresses are written as RFC 5952 says', () => {
  const texts = ['::', '::1', '2001:db8::1', '2001:db8:0:1:1:1:1:1', '2001:db8:0:0:1::1', '1::8', 'fe80::'];
  const shown = texts.map((text) => {
    const octets = addressOctets(text);
    return addressText(
      true,
      [0, 4, 8, 12].map((at) => octets.readInt32BE(at)),
    );
  });
  expect(shown).toEqual(['::', '::1', '2001:db8::1', '2001:db8:0:1:1:1:1:1', '2001:db8::1:0:0:1', '1::8', 'fe80::']);
});
