import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { KnownTexts } from '../../engine/protocols/smtp/known-texts.js';
import { displayText } from '../../engine/text/display.js';

const someWord = fc.constantFrom('250 Ok', '220 mx', 'ä', '\\xE4', '\n', '…', 'x'.repeat(9));
const someOctets = fc.oneof(
  fc.array(someWord, { maxLength: 4 }).map((words) => Buffer.from(words.join(''), 'utf8')),
  fc.array(someWord, { maxLength: 4 }).map((words) => Buffer.from(words.join(''), 'latin1')),
);

it('says of all octets what displayText says, whatever was asked before', () => {
  fc.assert(
    fc.property(fc.array(someOctets, { maxLength: 40 }), (all) => {
      const texts = new KnownTexts(2, 20);
      const known = all.map((octets) => texts.of(octets, 0, octets.length));
      expect(known).toEqual(all.map((octets) => displayText(octets, 0, octets.length, 20)));
    }),
    { numRuns: 1000 },
  );
});
