/** Two halves of an inspection say together what one pipeline says, in any format, of any capture. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { captureNames, capturePath, hasRealCaptures, type CaptureKind } from '../captures/real-captures.js';
import { busyCapture } from './busy-capture.js';
import { heldBack } from './held-back.js';
import { idleMailbox, LONG_SECONDS, TOO_LONG_SECONDS } from './idle-mailbox.js';
import { FORMATS, inspectShared } from './shared-runs.js';
import { inspectSplit, newLog } from './split-runs.js';

const SAMPLES = join(import.meta.dirname, '..', '..', 'assets', 'samples');
const samples = readdirSync(SAMPLES)
  .filter((name) => !name.endsWith('.md'))
  .map((name) => join(SAMPLES, name));
const folder = mkdtempSync(join(tmpdir(), 'mailscope-halves-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const NETWORKS = {
  own: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  mailServers: ['10.0.0.25'],
  ownDomains: ['example.org'],
};
const OFF = { action: 'off' };
/** All that crosses between connections, but nothing that judges handshakes. */
const NO_PERIMETER = put(
  'no-perimeter.json',
  JSON.stringify({
    networks: NETWORKS,
    protections: {
      'mail-external-server': OFF,
      'perimeter-smtp-denied': OFF,
      'perimeter-pop-denied': OFF,
      'perimeter-imap-denied': OFF,
    },
  }),
);
const PERIMETER = put('perimeter.json', JSON.stringify({ networks: NETWORKS }));

const PIECES = [1_048_576, 1999] as const;
const SMALLEST_PIECE = 64;
/** In pieces so small only captures up to this size are taken. */
const SMALL_BYTES = 60_000;

/** The files of which two halves say something else than one pipeline. */
async function differing(files: readonly string[], ...args: string[]): Promise<string[]> {
  const differing: string[] = [];
  for (const file of files) {
    const { size } = statSync(file);
    for (const format of FORMATS) {
      const all = ['--format', format, '--fail-on', 'medium', ...args, file];
      const alone = JSON.stringify(await inspectShared(1, all));
      for (const pieceBytes of size <= SMALL_BYTES ? [...PIECES, SMALLEST_PIECE] : PIECES) {
        const log = newLog();
        const split = JSON.stringify(await inspectSplit(all, pieceBytes, log));
        const isSplit = log.captures === (size === 0 ? 0 : 1);
        if (split !== alone || !isSplit) differing.push(`${file} as ${format} in pieces of ${pieceBytes}`);
      }
    }
  }
  return differing;
}

describe('an inspection in two halves', () => {
  it('says the same of the sample captures', async () => {
    expect(samples.length).toBeGreaterThan(5);
    expect(await differing(samples)).toEqual([]);
    expect(await differing(samples, '--policy', NO_PERIMETER, '--reveal-secrets')).toEqual([]);
  }, 120_000);

  it('says the same of several captures in one report, and of some that cannot be opened', async () => {
    const missing = join(folder, 'none.pcap');
    const letter = put('letter.txt', 'Dear reader, this is no capture.');
    for (const format of FORMATS) {
      const args = ['--format', format, ...samples, missing, letter, ...samples];
      const alone = await inspectShared(1, args);
      expect(alone.status).toBe(3);
      for (const pieceBytes of PIECES) expect(await inspectSplit(args, pieceBytes)).toEqual(alone);
    }
  });

  it.skipIf(!hasRealCaptures).each(['mail', 'formats', 'malformed'] as const)(
    'says the same of every public capture: %s',
    async (kind: CaptureKind) => {
      const files = captureNames(kind).map((name) => capturePath(kind, name));
      expect(await differing(files, '--policy', NO_PERIMETER)).toEqual([]);
    },
    300_000,
  );

  it('says the same of connections that lead to findings together', async () => {
    const missing = new Set(['-weak-password,', '-recipient']);
    for (const seed of [1, 2, 3, 104, 107, 114, 131]) {
      const file = put(`busy-${seed}.pcap`, busyCapture(seed));
      const { out } = await inspectShared(1, ['--format', 'csv', '--policy', NO_PERIMETER, file]);
      for (const words of missing) if (out.includes(words)) missing.delete(words);
      expect(await differing([file])).toEqual([]);
      expect(await differing([file], '--policy', NO_PERIMETER)).toEqual([]);
    }
    expect([...missing]).toEqual([]);
  }, 120_000);

  it.each(['on', 'off'])(
    'says the same with checksums %s, and of a port that is taken for another protocol',
    async (mode) => {
      const files = [4, 5, 6].map((seed) => put(`checked-${seed}.pcap`, busyCapture(seed)));
      const rules = [
        '--decode-as',
        'tcp.port==80,imap',
        '--decode-as',
        'tcp.port==2526,tls',
        '--decode-as',
        'tcp.port==25,pop3',
      ];
      expect(await differing(files, '--checksums', mode, ...rules)).toEqual([]);
      const plain = await inspectSplit(['--format', 'eve', ...files]);
      expect((await inspectSplit(['--format', 'eve', '--checksums', mode, ...files])).out === plain.out).toBe(false);
      expect((await inspectSplit(['--format', 'eve', ...rules, ...files])).out === plain.out).toBe(false);
    },
    60_000,
  );

  it('says the same where bounds are reached', async () => {
    const limits = { flows: 16, outOfOrderSegments: 4, pastKeys: 16, lingerSeconds: 3600, idleMailSeconds: 60 };
    const bounds = put('bounds.json', JSON.stringify({ limits }));
    for (const seed of [7, 8]) {
      const file = put(`bound-${seed}.pcap`, busyCapture(seed));
      expect((await inspectShared(1, ['--format', 'json', '--policy', bounds, file])).out).toContain(
        '"bounded":{"flows":',
      );
      expect(await differing([file], '--policy', bounds)).toEqual([]);
    }
  }, 60_000);

  it('says the same of a capture that was cut off or damaged anywhere', async () => {
    const octets = busyCapture(9);
    const places = [0, 3, 23, 24, 30, 40, 1000, 50_001, octets.length - 1];
    const cut = places.map((at) => put(`cut-${at}.pcap`, octets.subarray(0, at)));
    const damaged = places.slice(6).map((at) => {
      const copy = Buffer.from(octets);
      copy.fill(0xff, at, Math.min(copy.length, at + 400));
      return put(`damaged-${at}.pcap`, copy);
    });
    const packed = gzipSync(octets);
    const packedFiles = [packed, packed.subarray(0, 5000), packed.subarray(0, packed.length - 3)].map((content, i) =>
      put(`packed-${i}.gz`, content),
    );
    expect(await differing([...cut, ...damaged, ...packedFiles])).toEqual([]);
  }, 120_000);
});

describe('a silent connection', () => {
  const cases = [
    { isIdling: true, seconds: LONG_SECONDS, ends: ['closed'] },
    { isIdling: false, seconds: LONG_SECONDS, ends: ['timeout', 'closed'] },
    { isIdling: true, seconds: TOO_LONG_SECONDS, ends: ['timeout', 'closed'] },
  ];
  const turns = [null, 20, 500].flatMap((othersEverySeconds) => cases.map((one) => ({ ...one, othersEverySeconds })));

  it.each(turns)(
    'of $seconds s ends by its time unless it is IDLE (idling $isIdling), in two halves as in one; others every $othersEverySeconds s',
    async ({ ends, ...silence }) => {
      const file = put('idle.pcap', idleMailbox(silence));
      expect(await endsOf(['--format', 'eve', file])).toEqual(ends);
      expect(await differing([file])).toEqual([]);
      const log = newLog();
      await inspectSplit([file], 1999, log);
      const isAskedYes = silence.isIdling && silence.seconds === LONG_SECONDS;
      expect(log.answers.includes(true)).toBe(isAskedYes || (silence.isIdling && silence.othersEverySeconds !== null));
    },
    60_000,
  );
});

/** How the IMAP sessions ended, in the order of their ends. */
async function endsOf(args: readonly string[]): Promise<string[]> {
  const { out } = await inspectShared(1, args);
  const records = out.split('\n').filter((line) => line.includes('"event_type":"flow"') && line.includes('"imap"'));
  return records.map((line) => /"(closed|timeout)"/.exec(line)?.[1] ?? line);
}

describe('octets that were held back', () => {
  it('are handed over before the piece is through where they are many, and nothing else is said', async () => {
    const file = put('held.pcap', heldBack(4));
    const args = ['--format', 'eve', file];
    const alone = await inspectShared(1, args);
    expect(alone.out).toContain('number 3');
    for (const pieceBytes of PIECES) {
      const log = newLog();
      const split = await inspectSplit(args, pieceBytes, log);
      expect(split.out === alone.out).toBe(true);
      expect(log.early).toBeGreaterThan(1);
    }
    expect(await differing([file])).toEqual([]);
  }, 60_000);
});

describe('a policy that judges handshakes', () => {
  it('is not split, and says the same with any number of workers', async () => {
    const file = put('handshakes.pcap', busyCapture(3));
    for (const format of FORMATS) {
      const args = ['--format', format, '--policy', PERIMETER, file];
      const alone = await inspectShared(1, args);
      expect(alone.out).toContain('-denied');
      for (const workers of [1, 2, 3]) {
        const log = newLog();
        expect(await inspectSplit(args, 1999, log, workers)).toEqual(alone);
        expect(log.captures).toBe(0);
      }
    }
  }, 60_000);
});
