/**
 * What SASL responses decode to: Kerberos in GSSAPI (RFC 4121, RFC 4120), NTLM
 * (MS-NLMP 2.2.1), SCRAM (RFC 5802), DIGEST-MD5 (RFC 2831), and plain
 * ciphertext. The structure is real, the contents are chance.
 */
import type { Benign } from './benign-text.js';
import type { Chance } from './chance.js';

/** A DER element: tag, length, content (X.690 8.1.3). */
function der(tag: number, content: readonly number[]): readonly number[] {
  const { length } = content;
  if (length < 0x80) return [tag, length, ...content];
  return length < 0x100 ? [tag, 0x81, length, ...content] : [tag, 0x82, length >> 8, length & 255, ...content];
}

const ascii = (text: string): readonly number[] => [...Buffer.from(text, 'latin1')];
const utf16 = (text: string): readonly number[] => [...Buffer.from(text, 'utf16le')];
const little = (value: number, size: number): readonly number[] =>
  Array.from({ length: size }, (_, i) => (value >>> (8 * i)) & 255);

/** An AP-REQ with ticket and authenticator, as a client sends it first. */
export function kerberosToken(chance: Chance): Benign {
  const encrypted = (length: number): readonly number[] =>
    der(0x30, [
      ...der(0xa0, der(0x02, [0x12])),
      ...der(0xa1, der(0x02, [chance.between(1, 9)])),
      ...der(0xa2, der(0x04, chance.octets(length))),
    ]);
  const name = der(0x30, [
    ...der(0xa0, der(0x02, [2])),
    ...der(0xa1, der(0x30, [...der(0x1b, ascii('smtp')), ...der(0x1b, ascii('mail.example.org'))])),
  ]);
  const ticket = der(
    0x61,
    der(0x30, [
      ...der(0xa0, der(0x02, [5])),
      ...der(0xa1, der(0x1b, ascii('EXAMPLE.ORG'))),
      ...der(0xa2, name),
      ...der(0xa3, encrypted(chance.between(150, 2600))),
    ]),
  );
  const request = der(
    0x6e,
    der(0x30, [
      ...der(0xa0, der(0x02, [5])),
      ...der(0xa1, der(0x02, [14])),
      ...der(0xa2, der(0x03, [0, 0x20, 0, 0, 0])),
      ...der(0xa3, ticket),
      ...der(0xa4, encrypted(chance.between(80, 500))),
    ]),
  );
  const oid = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2];
  return { what: 'Kerberos', content: Uint8Array.from(der(0x60, [...oid, 1, 0, ...request])) };
}

/** A wrap token with its checksum and ciphertext (RFC 4121 4.2.6.2). */
export function wrapToken(chance: Chance): Benign {
  const header = [5, 4, chance.between(0, 7), 0xff, 0, chance.between(0, 28), 0, chance.between(0, 28), 0, 0, 0, 0];
  return { what: 'GSSAPI wrap', content: Uint8Array.from([...header, ...chance.octets(chance.between(20, 120))]) };
}

/** NTLM messages of types 1 to 3. */
export function ntlmToken(chance: Chance): Benign {
  const type = chance.between(1, 3);
  const head = [...ascii('NTLMSSP\0'), ...little(type, 4)];
  const version = [10, 0, ...little(chance.between(10240, 22631), 2), 0, 0, 0, 15];
  if (type === 1) return token([...head, ...chance.octets(4), ...Array<number>(16).fill(0), ...version], type);
  const name = (): string => chance.of(['EXAMPLE', 'MAIL01', 'aaaaaaaaaaaaaaaa', 'j.smith', 'Büro', 'Петров', '山田']);
  const pairs = [1, 2, 3, 4].flatMap((id) => {
    const text = utf16(name());
    return [...little(id, 2), ...little(text.length, 2), ...text];
  });
  const target = [...pairs, 7, 0, 8, 0, ...chance.octets(8), 0, 0, 0, 0];
  const responses = [
    chance.octets(24),
    [...chance.octets(16), 1, 1, 0, 0, 0, 0, 0, 0, ...chance.octets(16), 0, 0, 0, 0, ...target, 0, 0, 0, 0],
  ];
  const fields =
    type === 2
      ? [utf16(name()), target]
      : [...responses, utf16(name()), utf16(name()), utf16(name()), chance.octets(16)];
  return token([...head, ...withFields(fields, type === 2 ? chance.octets(8) : [], version)], type);
}

/** Length, room and offset of each field, then the fields themselves. */
function withFields(
  fields: readonly (readonly number[])[],
  challenge: readonly number[],
  version: readonly number[],
): readonly number[] {
  let offset = 12 + fields.length * 8 + 4 + challenge.length + version.length;
  const entries = fields.flatMap((field) => {
    const entry = [...little(field.length, 2), ...little(field.length, 2), ...little(offset, 4)];
    offset += field.length;
    return entry;
  });
  return [...entries, 0x35, 0x82, 0x88, 0xe2, ...challenge, ...version, ...fields.flat()];
}

const token = (content: readonly number[], type: number): Benign => ({
  what: `NTLM ${type}`,
  content: Uint8Array.from(content),
});

/** SCRAM and DIGEST-MD5: text around base64 and hexadecimal. */
export function textToken(chance: Chance): Benign {
  const nonce = Buffer.from(chance.octets(chance.between(12, 32))).toString('base64');
  const user = chance.of(['user', 'j.smith@example.org', 'Büro', 'Петров', '山田太郎', 'a'.repeat(64)]);
  const text = chance.of([
    `n,,n=${user},r=${nonce}`,
    `c=biws,r=${nonce},p=${Buffer.from(chance.octets(32)).toString('base64')}`,
    `username="${user}",realm="example.org",nonce="${nonce}",nc=00000001,cnonce="${nonce}",digest-uri="smtp/mail.example.org",response=${Buffer.from(chance.octets(16)).toString('hex')},charset=utf-8`,
    `${user}\0${user}\0${nonce}`,
  ]);
  return { what: 'SCRAM, DIGEST-MD5, PLAIN', content: Uint8Array.from(Buffer.from(text)) };
}

export function ciphertext(chance: Chance): Benign {
  return {
    what: 'ciphertext',
    content: Uint8Array.from(chance.octets(chance.between(24, chance.one(10) ? 4096 : 600))),
  };
}
