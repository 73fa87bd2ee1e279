import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { borrowSecret, returnSecret } from '../../engine/protocols/mailbox/spare-secrets.js';

const octetsOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('a copy of a password', () => {
  it.each([0, 1, 7, 64, 65, 500])('of %i octets is wiped when it is given back', (length) => {
    const buffer = octetsOf(`PASS ${'s'.repeat(length)}`);
    const secret = borrowSecret(buffer, 5, 5 + length);
    const before = Array.from(secret);
    returnSecret(secret);
    expect([before, Array.from(secret)]).toEqual([Array(length).fill(0x73), Array(length).fill(0)]);
  });

  it('is that of nobody else, whatever was given back before', () => {
    const step = fc.tuple(fc.stringMatching(/^[a-c]{0,4}$/), fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const held: [string, Uint8Array][] = [];
        for (const [text, givesBack] of steps) {
          held.push([text, borrowSecret(octetsOf(text), 0, text.length)]);
          const [oldest] = givesBack ? held.splice(0, 1) : [];
          if (oldest !== undefined) returnSecret(oldest[1]);
        }
        expect(held.map(([, octets]) => octets)).toEqual(held.map(([text]) => octetsOf(text)));
      }),
    );
  });
});
