import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NetworkList, parsePrefix } from '../../engine/policy/networks.js';

describe('a list of networks', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.25', '10.0.0.25', true],
    ['10.0.0.25', '10.0.0.26', false],
    ['192.0.2.128/25', '192.0.2.127', false],
    ['192.0.2.128/25', '192.0.2.200', true],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:db8:0:8000::/49', '2001:db8:0:7fff::', false],
    ['2001:db8:0:8000::/49', '2001:db8:0:8001::', true],
    ['::/0', '2001:db8::1', true],
    ['::ffff:192.0.2.0/120', '192.0.2.7', true],
    ['192.0.2.0/24', '::ffff:192.0.2.7', true],
    ['10.0.0.0/8', 'mail.example', false],
  ])('%s and %s: %s', (network, address, expected) => {
    expect(new NetworkList([network]).contains(address)).toBe(expected);
  });

  it('contains nothing when it is empty', () => {
    expect(new NetworkList([]).contains('10.0.0.1')).toBe(false);
  });

  it('agrees with arithmetic on whole addresses', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const address = fc.tuple(octet, octet, octet, octet);
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: 32 }), (network, asked, bits) => {
        const number = (parts: number[]): bigint => parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
        const shift = BigInt(32 - bits);
        const expected = number(network) >> shift === number(asked) >> shift;
        expect(new NetworkList([`${network.join('.')}/${bits}`]).contains(asked.join('.'))).toBe(expected);
      }),
    );
  });
});

describe('what is no address or prefix', () => {
  it.each([
    '',
    'mail.example',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.01',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/+8',
    '10.0.0.0/8/8',
    '2001:db8::/129',
    '2001:db8',
    '1::2::3',
    ':::',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '::1%eth0',
    '::12345',
    '1.2.3.4::',
  ])('%j is refused', (text) => expect(parsePrefix(text)).toBeNull());
});
