/** The capture helper with a tiny heap that is collected all the time, under traffic: nothing that cap points into is taken from it. */
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildHelper, hasCap, type BuiltHelper } from './built-helper.js';
import { readCaptured } from './captured.js';
import { Driver, Namespace } from './driver.js';
import { mayMakeNamespaces } from './permitted.js';

const SENT = 50_000;
/** What a busy machine may lose before cap's buffer: the kernel drops it, and cap has no counter. */
const LEAST = SENT * 0.8;
/** Ethernet, IPv4 and UDP headers, and the payload. */
const FRAME = 42 + 600;

let built: BuiltHelper;
let namespace: Namespace;

describe.skipIf(!mayMakeNamespaces || !hasCap)('the capture helper', () => {
  beforeAll(async () => {
    built = await buildHelper();
    namespace = new Namespace();
  }, 60_000);
  afterAll(() => {
    namespace.remove();
    built.remove();
  });

  test.each([
    ['a heap of 16 MiB', ['--max-old-space-size=16', '--max-semi-space-size=1']],
    ['a collection every 200 allocations', ['--gc-interval=200', '--stress-compaction']],
  ])(
    'survives %s',
    async (_name, flags) => {
      const [file, ...args] = [...namespace.prefix, process.execPath, ...flags, built.helper, 'capture', 'lo', 'udp'];
      const helper = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
      const chunks: Buffer[] = [];
      const started = new Promise((resolve) => helper.stdout.once('data', resolve));
      helper.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
      const words: Buffer[] = [];
      helper.stderr.on('data', (chunk: Buffer) => words.push(chunk));
      const ended = new Promise((resolve) => helper.once('close', (status, signal) => resolve({ status, signal })));
      await started;
      const sender = new Driver(
        built,
        { kind: 'datagrams', count: SENT, bytes: 600, port: 2525, burst: 100 },
        namespace.prefix,
      );
      await sender.answer('sent');
      const arrived = (): number => chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      await expect.poll(arrived, { timeout: 20_000 }).toBeGreaterThan(LEAST * FRAME);
      helper.stdin.end();
      const end = await ended;
      const { packets, damage } = readCaptured(Buffer.concat(chunks));
      expect({
        end,
        damage,
        words: Buffer.concat(words).toString(),
        isMostThere: packets.length >= LEAST && packets.length <= SENT,
        isWhole: packets.every(
          ({ octets }) => octets.length === FRAME && octets.subarray(42).every((octet) => octet === 0x78),
        ),
      }).toEqual({ end: { status: 0, signal: null }, damage: null, words: '', isMostThere: true, isWhole: true });
    },
    60_000,
  );
});
