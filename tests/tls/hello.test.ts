import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TO_CLIENT, TO_SERVER } from '../../engine/protocols/events.js';
import { TlsHello } from '../../engine/protocols/tls/hello.js';
import { TLS_START, tlsStart } from '../../engine/protocols/tls/detect.js';
import { TLS10, TLS12, TLS13 } from './recorded-hellos.js';

const octets = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const text = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes).toString('latin1');

function push(hello: TlsHello, direction: 0 | 1, bytes: Uint8Array, cuts: readonly number[] = []): void {
  let from = 0;
  for (const cut of [...cuts.filter((c) => c < bytes.length).sort((a, b) => a - b), bytes.length]) {
    hello.push(direction, bytes, from, cut);
    from = cut;
  }
}
const seen = (hello: TlsHello): object => ({ version: hello.version, sni: text(hello.sni), failed: hello.failed });

/** The handshake message of a one-record hello, cut into records of `size` octets. */
function inSmallRecords(record: Uint8Array, size: number): Uint8Array {
  const out: number[] = [];
  for (let at = 5; at < record.length; at += size) {
    const piece = record.subarray(at, Math.min(record.length, at + size));
    out.push(22, 3, 1, piece.length >> 8, piece.length & 255, ...piece);
  }
  return new Uint8Array(out);
}

describe('TLS hellos', () => {
  it.each([
    ['TLS 1.0', TLS10],
    ['TLS 1.2', TLS12],
    ['TLS 1.3', TLS13],
  ])('names %s and the server name of a recorded handshake', (version, recorded) => {
    const hello = new TlsHello();
    push(hello, TO_SERVER, octets(recorded.client));
    expect(seen(hello)).toEqual({ version: '', sni: 'mail.example.org', failed: false });
    push(hello, TO_CLIENT, octets(recorded.server));
    expect(seen(hello)).toEqual({ version, sni: 'mail.example.org', failed: false });
    expect(hello.isDone).toBe(true);
  });

  it('reads the same at every cut and in records of every size', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(TLS10, TLS12, TLS13),
        fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 300 }),
        (recorded, cuts, size) => {
          const whole = new TlsHello();
          push(whole, TO_SERVER, octets(recorded.client));
          push(whole, TO_CLIENT, octets(recorded.server));
          const cut = new TlsHello();
          push(cut, TO_SERVER, inSmallRecords(octets(recorded.client), size), cuts);
          push(cut, TO_CLIENT, inSmallRecords(octets(recorded.server), size), cuts);
          expect(seen(cut)).toEqual(seen(whole));
        },
      ),
    );
  });

  it('knows an SSL 2 client hello that offers TLS and an SSL 2 server hello', () => {
    const client = octets(
      '802e 01 0301 0015 0000 0010 010080 000004 000005 00000a 000009 000064 000062 00112233445566778899aabbccddeeff',
    );
    const server = octets('800b 04 00 01 0002 0000 0000 0000');
    const hello = new TlsHello();
    push(hello, TO_SERVER, client);
    push(hello, TO_CLIENT, server);
    expect(seen(hello)).toEqual({ version: 'SSL 2.0', sni: null, failed: false });
  });

  it('says that clear text is no handshake, and that an alert is none either but no failure', () => {
    const clear = new TlsHello();
    push(clear, TO_SERVER, Buffer.from('EHLO example.org\r\n'));
    expect(seen(clear)).toEqual({ version: '', sni: null, failed: true });
    const alert = new TlsHello();
    push(alert, TO_CLIENT, octets('15 0301 0002 0228'));
    expect(seen(alert)).toEqual({ version: '', sni: null, failed: false });
  });

  it('refuses lengths that do not fit and hellos beyond 64 KiB without holding them', () => {
    const wrong = octets(TLS13.server);
    // The length of the session id.
    wrong[43] = 0xff;
    const hello = new TlsHello();
    push(hello, TO_CLIENT, wrong);
    expect(seen(hello)).toEqual({ version: '', sni: null, failed: true });
    const huge = new TlsHello();
    push(huge, TO_SERVER, octets('16 0301 4000 01 ffffff'));
    expect(seen(huge)).toEqual({ version: '', sni: null, failed: true });
  });

  it('never throws on random octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (random, framed) => {
        const hello = new TlsHello();
        const record = new Uint8Array([22, 3, 1, random.length >> 8, random.length & 255, ...random]);
        push(hello, TO_CLIENT, framed ? record : random);
        push(hello, TO_SERVER, framed ? record : random);
        expect(typeof hello.failed).toBe('boolean');
      }),
    );
  });
});

describe('the start of TLS', () => {
  const answer = (bytes: Uint8Array): string =>
    Object.entries(TLS_START).find(([, value]) => value === tlsStart(bytes, 0, bytes.length))?.[0] ?? '';
  it('is decided by the record header and the handshake type', () => {
    expect({
      client: answer(octets(TLS12.client)),
      server: answer(octets(TLS13.server)),
      alert: answer(octets('15 0303 0002 0228')),
      nothing: answer(octets('')),
      cut: answer(octets('16 0301')),
      http: answer(Buffer.from('GET / HTTP/1.1')),
      binary: answer(octets('16 0301 0000 01')),
      sslv2: answer(octets('802e 01 0002 0015 0000 0010')),
      looksLikeSslv2: answer(octets('802e 01 0002 0016 0000 0010')),
    }).toEqual({
      client: 'yes',
      server: 'yes',
      alert: 'yes',
      nothing: 'undecided',
      cut: 'undecided',
      http: 'no',
      binary: 'no',
      sslv2: 'yes',
      looksLikeSslv2: 'no',
    });
  });
});
