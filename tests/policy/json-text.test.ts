import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonText } from '../../engine/policy/json-text.js';
import { plainValue } from '../../engine/policy/policy-reader.js';

describe('the JSON reader', () => {
  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(plainValue(parseJsonText(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what JSON.parse refuses, comments apart', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"a"',
        '"',
        '\\',
        '1',
        '-',
        '0',
        '.5',
        'e3',
        'true',
        'null',
        ' ',
        '\n',
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        const accepts = (parse: (text: string) => unknown): boolean => {
          try {
            parse(text);
            return true;
          } catch {
            return false;
          }
        };
        // The one thing refused beyond JSON: a key that stands twice.
        const mayRepeatKey = (text.match(/"a"/g)?.length ?? 0) > 1;
        expect(accepts(parseJsonText) || mayRepeatKey).toBe(accepts(JSON.parse) || mayRepeatKey);
        expect(accepts(parseJsonText) && !accepts(JSON.parse)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
