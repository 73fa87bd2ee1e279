/** Where the octets of a capture lie, and how they are cut, changes nothing of what is reported. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  EveReport,
  Pipeline,
  profilePolicy,
  sharedOctets,
  newSharedMemory,
  type PipelineSink,
} from '../../engine/index.js';
import { inspectFile } from '../../inspector/inspect-file.js';
import { captureNames, capturePath } from '../captures/real-captures.js';

const SAMPLES = join(import.meta.dirname, '..', '..', 'assets', 'samples');
const policy = profilePolicy('modern');

function eveInto(written: (string | Buffer)[]): PipelineSink {
  const report = new EveReport(
    (text) => written.push(text),
    (octets) => written.push(Buffer.from(octets)),
  );
  report.begin('capture');
  return {
    finding: (violation) => report.finding(violation),
    transaction: (transaction, session) => report.transaction(transaction, session),
    sessionClosed: (session) => report.ended(session, session.violations()),
  };
}

function text(written: readonly (string | Buffer)[]): string {
  return Buffer.concat(written.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))).toString('latin1');
}

/** As the product reads it. */
async function eveOfFile(path: string): Promise<string> {
  const written: (string | Buffer)[] = [];
  await inspectFile(path, { policy }, eveInto(written));
  return text(written);
}

/** Each piece is overwritten as soon as it was taken. */
function eveOfPieces(octets: Uint8Array, piece: Uint8Array): string {
  const written: (string | Buffer)[] = [];
  const pipeline = new Pipeline({ policy, sink: eveInto(written) });
  for (let at = 0; at < octets.length; at += piece.length) {
    const part = octets.subarray(at, at + piece.length);
    piece.set(part);
    pipeline.push(piece.subarray(0, part.length));
    piece.fill(0x0a);
  }
  pipeline.end();
  return text(written);
}

async function expectSame(path: string): Promise<void> {
  const file = readFileSync(path);
  const octets = path.endsWith('.gz') ? gunzipSync(file) : file;
  const shared = sharedOctets(newSharedMemory(65_536));
  const expected = eveOfPieces(octets, Buffer.alloc(octets.length));
  const others = [
    await eveOfFile(path),
    ...[17_011, 65_536].map((size) => eveOfPieces(octets, shared.subarray(0, size))),
  ];
  for (const other of [...others, eveOfPieces(octets, Buffer.alloc(1009))]) expect(other === expected).toBe(true);
}

describe('the report of a capture that is read from a file is that of its octets', () => {
  it.each(['sample.pcapng', 'small.pcap'])('for the bundled %s', (name) => expectSame(join(SAMPLES, name)));

  it.each(captureNames('mail'))('for %s', (name) => expectSame(capturePath('mail', name)));
});
