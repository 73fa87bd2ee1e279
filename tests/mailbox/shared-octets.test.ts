import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectionFacts } from '../../engine/protocols/facts.js';
import { sharedOctets } from '../../engine/protocols/shared-octets.js';

const octetsOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

describe('octets that connections have in common', () => {
  it('are the same copy from the second time on', () => {
    const buffer = octetsOf('x+OK maildrop of nobody\r\n');
    const [first, second, third] = [1, 2, 3].map(() => sharedOctets(buffer, 1, 23));
    expect([first, second, third === second]).toEqual([null, octetsOf('+OK maildrop of nobody'), true]);
  });

  it('do not change when the packet they came in is overwritten', () => {
    const buffer = octetsOf('-ERR busy just now');
    for (let i = 0; i < 3; i++) sharedOctets(buffer, 0, buffer.length);
    const shared = sharedOctets(buffer, 0, buffer.length);
    buffer.fill(0);
    expect(shared).toEqual(octetsOf('-ERR busy just now'));
  });

  it('are never those of another line, whatever came before', () => {
    const line = fc.array(fc.constantFrom(0x2b, 0x4f, 0x4b, 0x20, 0x31, 0xff), { maxLength: 9 });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), (lines) => {
        const kept = lines.map((octets) => {
          const facts = new ConnectionFacts('pop3');
          facts.keepLastReply(Uint8Array.from(octets), 0, octets.length);
          return Array.from(facts.lastReply ?? []).slice(0, facts.lastReplyBytes);
        });
        expect(kept).toEqual(lines);
      }),
    );
  });
});
