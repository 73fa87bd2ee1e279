import { describe, expect, it } from 'vitest';
import { narrowNetworks } from '../../engine/policy/own-networks.js';

describe("networks that can be one organisation's own", () => {
  it.each([
    ['10.0.0.0/8', '8.0.0.0/7'],
    ['192.0.2.7', '0.0.0.0/0'],
    ['::ffff:10.0.0.0/104', '::ffff:10.0.0.0/103'],
    ['2001:db8::/32', '2000::/3'],
    ['2001::/16', '2001::/15'],
    ['fc00::/7', 'fc00::/6'],
    ['fe80::/10', 'fe00::/9'],
    ['64:ff9b::/96', '::/64'],
    ['::1', '::/80'],
    ['::1:0:0/96', '::ffff:0:0/96'],
  ])('take in %s, not %s', (narrow, wide) => {
    expect(narrowNetworks([wide, narrow])).toEqual([narrow]);
  });

  it('are addresses or prefixes', () => {
    expect(narrowNetworks(['mx.example', ''])).toEqual([]);
  });
});
