import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64DecodedLength, decodeBase64 } from '../../engine/protocols/sasl/base64.js';
import { SaslExchange } from '../../engine/protocols/sasl/exchange.js';

const octets = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const text = (value: Uint8Array | null): string | null => value && Buffer.from(value).toString('latin1');

function exchange(mechanism: string, ...responses: string[]): unknown {
  const sasl = new SaslExchange();
  sasl.begin(octets(mechanism), 0, mechanism.length);
  const attempts = responses.map((response) => sasl.respond(octets(response), 0, response.length, false));
  return [attempts, text(sasl.user), sasl.userBytes, text(sasl.password), sasl.passwordBytes];
}

describe('base64', () => {
  it('decodes what Node encodes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (raw) => {
        const encoded = octets(Buffer.from(raw).toString('base64'));
        expect(base64DecodedLength(encoded, 0, encoded.length)).toBe(raw.length);
        expect([...(decodeBase64(encoded, 0, encoded.length) as Uint8Array)]).toEqual([...raw]);
      }),
    );
  });

  it.each(['QUJD=QQ', 'Q', 'QQ===', 'QU D', 'Q*=='])('refuses %j', (line) => {
    expect(decodeBase64(octets(line), 0, line.length)).toBeNull();
  });

  it('keeps the first 16 KiB and counts the rest', () => {
    const line = octets('QUFB'.repeat(10_000));
    expect(decodeBase64(line, 0, line.length)?.length).toBe(16_384);
    expect(base64DecodedLength(line, 0, line.length)).toBe(30_000);
  });
});

describe('credentials', () => {
  it.each([
    ['plain', [base64('\0tim\0secret')], [[true], 'tim', 3, 'secret', 6]],
    ['PLAIN', [base64('admin\0tim\0')], [[true], 'tim', 3, '', 0]],
    ['LOGIN', [base64('tim'), base64('secret')], [[false, true], 'tim', 3, 'secret', 6]],
    ['CRAM-MD5', [base64('tim b 0123')], [[true], 'tim b', 5, null, -1]],
    ['XOAUTH2', [base64('user=tim@x\x01auth=Bearer t\x01\x01')], [[true], 'tim@x', 5, null, -1]],
    ['SCRAM-SHA-256', [base64('n,,n=tim,r=abc'), base64('c=biws,r=abc')], [[false, true], 'tim', 3, null, -1]],
    ['GSSAPI', [base64('token')], [[true], null, -1, null, -1]],
    ['LOGIN', ['*'], [[false], null, -1, null, -1]],
  ] as const)('of %s are found', (mechanism, responses, expected) => {
    expect(exchange(mechanism, ...responses)).toEqual(expected);
  });
});
