import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressText } from '../../engine/packet/address.js';
import { RecordOctets, fixedPiece } from '../../engine/report/record-octets.js';
import { isoMicroseconds } from '../../engine/session/timestamp.js';
import { displayText } from '../../engine/text/display.js';

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

  it('has captured octets as JSON has their display-safe text', () => {
    const ascii = fc.array(fc.integer({ min: 0x20, max: 0x7e }), { maxLength: 200 });
    const captured = fc.oneof(
      ascii,
      fc.uint8Array({ maxLength: 200 }),
      fc.string().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(captured, fc.nat(200), fc.integer({ min: 1, max: 150 }), (values, length, maximum) => {
        const octets = Uint8Array.from(values);
        const end = Math.min(length, octets.length);
        const expected = JSON.stringify(displayText(octets, 0, end, maximum));
        expect(written((record) => record.shown(octets, end, maximum))).toBe(`<${expected}>`);
      }),
    );
  });

  it('has IPv4 addresses and packet times as text has them', () => {
    fc.assert(
      fc.property(fc.integer(), (word) => {
        const [address] = Int32Array.of(word);
        expect(written((record) => record.ipv4(word))).toBe(`<${addressText(false, [address ?? 0])}>`);
      }),
    );
    const times = fc.oneof(fc.double(), fc.maxSafeNat(), fc.constantFrom(NaN, -1, 0, 2 ** 63, Infinity));
    fc.assert(
      fc.property(times, (timeUs) => {
        const clamped = Math.min(Math.max(0, Number.isNaN(timeUs) ? 0 : timeUs), 253_402_300_799_000_000);
        const seconds = Math.floor(clamped / 1e6);
        const microseconds = String(Math.floor(clamped - seconds * 1e6)).padStart(6, '0');
        const expected = `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${microseconds}`;
        expect(written((record) => record.time(timeUs))).toBe(`<${expected}>`);
        expect(isoMicroseconds(timeUs)).toBe(expected);
      }),
    );
  });

  it('repeats what stands in it', () => {
    const repeated = written((record) => {
      record.raw('once ');
      for (let i = 0; i < 5000; i++) record.again(1, 6);
    });
    expect(repeated).toBe(`<${'once '.repeat(5001)}>`);
  });

  it('holds as much as is written to it', () => {
    const long = 'é'.repeat(40_000);
    expect(written((octets) => octets.raw(long))).toBe(`<${long}>`);
    const plain = 'a'.repeat(100_000);
    expect(written((octets) => octets.quoted(plain))).toBe(`<"${plain}">`);
    expect(written((octets) => octets.fixed(fixedPiece(plain)))).toBe(`<${plain}>`);
  });
});
