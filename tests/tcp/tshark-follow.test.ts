/**
 * Second opinion on the reassembly: every mail stream of the public captures
 * has the same octets as tshark's `follow,tcp`.
 */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, it } from 'vitest';
import { collectStreams, MAIL_PORTS } from './reassembled-streams.js';

const FOLDER = join(
  process.env['MAILSCOPE_CAPTURES'] ?? resolve(import.meta.dirname, '../../../shared/captures'),
  'mail',
);
const hasTshark = spawnSync('tshark', ['--version']).status === 0;
const canCompare = hasTshark && existsSync(FOLDER);
if (!canCompare)
  console.warn(`not compared with tshark: ${hasTshark ? `no captures in ${FOLDER}` : 'tshark is not installed'}`);

/** Content of both directions as hex, sorted, so that it does not matter who is "node 0". */
function contentKey(one: Buffer, other: Buffer): string {
  return [one.toString('hex'), other.toString('hex')].sort().join('/');
}

async function tsharkStreams(path: string, count: number): Promise<Map<number, string>> {
  const follow = Array.from({ length: count }, (_, index) => ['-z', `follow,tcp,raw,${index}`]).flat();
  // A capture that is cut short makes tshark fail after it has printed what it could read.
  const stdout = await new Promise<string>((resolveOutput) => {
    execFile('tshark', ['-r', path, '-q', ...follow], { maxBuffer: 1 << 28 }, (_error, output) =>
      resolveOutput(output),
    );
  });
  const streams = new Map<number, string>();
  for (const part of stdout.split(/^=+$/m)) {
    const index = /tcp\.stream eq (\d+)/.exec(part)?.[1];
    const ports = [...part.matchAll(/^Node \d: .*:(\d+)$/gm)].map((match) => Number(match[1]));
    if (index === undefined || !ports.some((port) => MAIL_PORTS.includes(port))) continue;
    const lines = part.slice(part.lastIndexOf('Node 1')).split('\n').slice(1);
    const side = (isSecond: boolean): Buffer =>
      Buffer.from(
        lines
          .filter((line) => line.startsWith('\t') === isSecond)
          .map((line) => line.trim())
          .join(''),
        'hex',
      );
    streams.set(Number(index), contentKey(side(false), side(true)));
  }
  return streams;
}

const MISSING_MARK = Buffer.from(' bytes missing in capture file]').toString('hex');

describe.skipIf(!canCompare)('reassembled octets equal those of tshark', () => {
  for (const file of existsSync(FOLDER) ? readdirSync(FOLDER) : []) {
    it.concurrent(file, async ({ expect }) => {
      const raw = readFileSync(join(FOLDER, file));
      const { streams } = collectStreams(raw[0] === 0x1f ? gunzipSync(raw) : raw);
      const ours = new Set(streams.map(({ octets }) => contentKey(Buffer.concat(octets[0]), Buffer.concat(octets[1]))));
      const differing: string[] = [];
      for (const [index, content] of await tsharkStreams(join(FOLDER, file), Math.min(streams.length, 60))) {
        if (content === '/' || content.includes(MISSING_MARK) || ours.has(content)) continue;
        differing.push(`stream ${index}: ${content.length / 2} octets at tshark`);
      }
      expect(differing).toEqual([]);
    });
  }
});
