import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordOctets, fixedPiece } from '../../engine/report/record-octets.js';

/** Everything that `put` writes behind some octets, twice with the same object. */
function written(put: (octets: RecordOctets) => void): string {
  const octets = new RecordOctets();
  let text = '';
  for (let i = 0; i < 2; i++) {
    octets.begin();
    octets.fixed(fixedPiece('<'));
    put(octets);
    octets.fixed(fixedPiece('>'));
    text = octets.text;
    expect(new TextDecoder().decode(octets.written)).toBe(text);
  }
  return text;
}

describe('a record as octets', () => {
  it('has strings as JSON has them', () => {
    const strings = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(strings, (text) => {
        expect(written((octets) => octets.quoted(text))).toBe(`<${JSON.stringify(text)}>`);
      }),
    );
  });

  it('has numbers as String has them', () => {
    const edges = [0, 9, 10, 999_999_999, 1e9, 1e9 + 1, 4_294_967_296, 2 ** 53 - 1, 2 ** 53, 1e21, -1, 0.5, NaN];
    for (const number of edges) expect(written((octets) => octets.number(number))).toBe(`<${number}>`);
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeNat(), fc.nat(), fc.double(), fc.maxSafeInteger()), (number) => {
        expect(written((octets) => octets.number(number))).toBe(`<${String(number)}>`);
      }),
    );
  });

  it('holds as much as is written to it', () => {
    const long = 'é'.repeat(40_000);
    expect(written((octets) => octets.raw(long))).toBe(`<${long}>`);
    const plain = 'a'.repeat(100_000);
    expect(written((octets) => octets.quoted(plain))).toBe(`<"${plain}">`);
    expect(written((octets) => octets.fixed(fixedPiece(plain)))).toBe(`<${plain}>`);
  });
});
