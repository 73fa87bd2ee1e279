/** What is understood of the programs' talk, whatever comes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CapEar, capAnswers } from '../../capture/engines/cap-ear.js';
import type { ProgramEar } from '../../capture/engines/child-capture.js';
import { dumpcapDevices } from '../../capture/engines/dumpcap-devices.js';
import { oneLine } from '../../capture/engines/problems.js';
import { SyncPipeEar } from '../../capture/engines/sync-pipe.js';
import { TcpdumpEar } from '../../capture/engines/tcpdump-ear.js';

function message(letter: string, body: Buffer | string): Buffer {
  const octets = Buffer.isBuffer(body) ? body : Buffer.from(`${body}\0`);
  const head = Buffer.from([letter.charCodeAt(0), 0, octets.length >> 8, octets.length & 255]);
  return Buffer.concat([head, octets]);
}

const summary = (ear: ProgramEar): unknown => ({ told: ear.told, ...ear.statistics() });

/** As dumpcap 4.0 writes when its interface is unplugged. */
const UNPLUGGED = Buffer.concat([
  message('F', '-'),
  message('P', '2'),
  message('E', Buffer.concat([message('E', 'The network adapter "eth7" is no longer attached.'), message('E', '')])),
  message('D', '17:eth7'),
]);

describe('the talk of dumpcap', () => {
  test('tells the error and the drops, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(UNPLUGGED.length), { maxLength: 8 }), (cuts) => {
        const ear = new SyncPipeEar();
        const places = [0, ...cuts.sort((a, b) => a - b), UNPLUGGED.length];
        for (let index = 1; index < places.length; index++)
          ear.push(UNPLUGGED.subarray(places[index - 1], places[index]));
        expect(summary(ear)).toEqual({
          told: { kind: 'error', text: 'The network adapter "eth7" is no longer attached.' },
          received: null,
          dropped: 17,
        });
      }),
    );
  });

  test('tells a bad filter without the number of its interface', () => {
    const ear = new SyncPipeEar();
    ear.push(message('B', '0:syntax error'));
    expect(ear.told).toEqual({ kind: 'filter', text: 'syntax error' });
  });

  test('halves what a loopback socket counted twice', () => {
    const ear = new SyncPipeEar(2);
    ear.push(message('D', '7:lo'));
    expect(ear.statistics()).toEqual({ received: null, dropped: 4 });
  });

  test('is taken as text when it is none, without keeping all of it', () => {
    const ear = new SyncPipeEar();
    ear.push(Buffer.from('error while loading shared libraries: libpcap.so.0.8'));
    for (let count = 0; count < 100; count++) ear.push(Buffer.alloc(65_536, 'x'));
    expect({ kind: ear.told?.kind, start: ear.told?.text.slice(0, 27), length: ear.told?.text.length }).toEqual({
      kind: 'error',
      start: 'error while loading shared ',
      length: 4096,
    });
  });
});

describe('the talk of tcpdump', () => {
  const heard = (text: string, sightings = 1): TcpdumpEar => {
    const ear = new TcpdumpEar(sightings);
    ear.push(Buffer.from(text));
    return ear;
  };

  test('tells its counters at its end', () => {
    expect(
      summary(
        heard(
          'tcpdump: listening on lo, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n18 packets captured\n60 packets received by filter\n3 packets dropped by kernel\n',
        ),
      ),
    ).toEqual({ told: null, received: 60, dropped: 3 });
  });

  test('goes on counting where 32 bits end', () => {
    const ear = heard(
      'tcpdump: 1 packet captured, 4294967295 packets received by filter, 0 packets dropped by kernel\n',
    );
    ear.push(Buffer.from('tcpdump: 2 packets captured, 4 packets received by filter, 1 packet dropped by kernel\n'));
    expect(summary(ear)).toEqual({ told: null, received: 4_294_967_300, dropped: 1 });
  });

  test.each([
    ["tcpdump: can't parse filter expression: syntax error\n", 'filter', "can't parse filter expression: syntax error"],
    ['tcpdump: pcap_loop: The interface disappeared\n', 'error', 'pcap_loop: The interface disappeared'],
  ])('tells %j', (text, kind, told) => {
    expect(heard(text).told).toEqual({ kind, text: told });
  });
});

describe('the talk of the capture helper', () => {
  test('tells errors, passes over chatter, and counts nothing', () => {
    const ear = new CapEar();
    ear.push(Buffer.from('Warning: one0: no IPv4 address\n{"kind":"filter","te'));
    ear.push(Buffer.from('xt":"syntax error"}\n{"kind":"error","text":"later"}\n'));
    expect(summary(ear)).toEqual({ told: { kind: 'filter', text: 'syntax error' }, received: null, dropped: null });
  });

  test('is never believed when it is no answer', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(capAnswers(text.replaceAll('"kind"', '"sort"'))).toEqual([]);
      }),
    );
  });
});

test('the list of dumpcap is read by its columns', () => {
  expect(
    dumpcapDevices('1. eth0\t\t\t0\t192.0.2.2,fd00::2\tnetwork\t\n3. lo\t\tLoopback\t0\t\tloopback\t\nnonsense\n'),
  ).toEqual([
    { name: 'eth0', description: '', addresses: ['192.0.2.2', 'fd00::2'] },
    { name: 'lo', description: 'Loopback', addresses: [] },
  ]);
});

test('what a program said is quoted in one line, without controls, and ends somewhere', () => {
  expect(oneLine(`a\u001b[31m\r\n\u202eb\u0085  c`)).toBe('a [31m b c');
  expect(oneLine('x'.repeat(1000))).toHaveLength(301);
});
