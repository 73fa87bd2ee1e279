/** Sharing an inspection among several changes nothing of what it says, in any format. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { captureNames, capturePath, hasRealCaptures, type CaptureKind } from '../captures/real-captures.js';
import { busyCapture } from './busy-capture.js';
import { FORMATS, inspectShared } from './shared-runs.js';

const SAMPLES = join(import.meta.dirname, '..', '..', 'assets', 'samples');
const folder = mkdtempSync(join(tmpdir(), 'mailscope-shards-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What crosses between connections is judged too: whose networks these are, and what the perimeter denies. */
const NETWORKS = put(
  'networks.json',
  JSON.stringify({
    networks: {
      own: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
      mailServers: ['10.0.0.25'],
      ownDomains: ['example.org'],
    },
  }),
);

/** The files for which some number of shares says something else than one. */
async function differing(files: readonly string[], counts: readonly number[], ...args: string[]): Promise<string[]> {
  const differing: string[] = [];
  for (const file of files) {
    for (const format of FORMATS) {
      const all = ['--format', format, '--fail-on', 'medium', ...args, file];
      const alone = JSON.stringify(await inspectShared(1, all));
      for (const count of counts) {
        const shared = JSON.stringify(await inspectShared(count, all));
        if (shared !== alone) differing.push(`${file} as ${format} by ${count}`);
      }
    }
  }
  return differing;
}

describe('an inspection that is shared', () => {
  const samples = readdirSync(SAMPLES)
    .filter((name) => !name.endsWith('.md'))
    .map((name) => join(SAMPLES, name));

  it('says the same of the sample captures', async () => {
    expect(samples.length).toBeGreaterThan(5);
    expect(await differing(samples, [2, 3, 4])).toEqual([]);
    expect(await differing(samples, [2, 3, 4], '--policy', NETWORKS)).toEqual([]);
  });

  it('says the same of several captures in one report, and of some that cannot be opened', async () => {
    const missing = join(folder, 'none.pcap');
    for (const format of FORMATS) {
      const args = ['--format', format, ...samples, missing, put('letter.txt', 'Dear reader, this is no capture.')];
      const alone = await inspectShared(1, args);
      expect(alone.status).toBe(3);
      expect(await inspectShared(3, args)).toEqual(alone);
    }
  });

  it.skipIf(!hasRealCaptures).each(['mail', 'formats', 'malformed'] as const)(
    'says the same of every public capture: %s',
    async (kind: CaptureKind) => {
      const files = captureNames(kind).map((name) => capturePath(kind, name));
      expect(await differing(files, [2, 3], '--policy', NETWORKS)).toEqual([]);
    },
    300_000,
  );

  it('says the same of connections that lead to findings together, wherever they are cut', async () => {
    const missing = new Set(['-denied,', '-weak-password,', 'further packets within']);
    for (const seed of [1, 2, 3, 104, 107, 114, 131]) {
      const file = put(`busy-${seed}.pcap`, busyCapture(seed));
      const { out } = await inspectShared(1, ['--format', 'csv', '--policy', NETWORKS, file]);
      for (const words of missing) if (out.includes(words)) missing.delete(words);
      expect(await differing([file], [2, 3, 4], '--policy', NETWORKS)).toEqual([]);
      for (const format of FORMATS) {
        const args = ['--format', format, '--policy', NETWORKS, file];
        expect(await inspectShared(3, args, 1999)).toEqual(await inspectShared(1, args));
      }
    }
    expect([...missing]).toEqual([]);
  });

  it('says the same of a capture that was cut off or damaged anywhere', async () => {
    const octets = busyCapture(9);
    const places = [23, 24, 30, 40, 1000, 50_001, octets.length - 1];
    const cut = places.map((at) => put(`cut-${at}.pcap`, octets.subarray(0, at)));
    const damaged = places.slice(4).map((at) => {
      const copy = Buffer.from(octets);
      copy.fill(0xff, at, Math.min(copy.length, at + 400));
      return put(`damaged-${at}.pcap`, copy);
    });
    expect(await differing([...cut, ...damaged], [2, 4], '--policy', NETWORKS)).toEqual([]);
  });

  it('shares the sessions: each has some, none has all', async () => {
    const file = put('shared.pcap', busyCapture(11));
    const eve = await inspectShared(1, ['--format', 'eve', file]);
    const flows = eve.out.split('\n').filter((line) => line.includes('"event_type":"flow"')).length;
    expect(flows).toBeGreaterThan(50);
    expect(readFileSync(file).length).toBeGreaterThan(50_000);
  });
});
