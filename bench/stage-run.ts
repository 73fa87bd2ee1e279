/**
 * A process that sends a capture through a part of the engine and prints the
 * processor time that took. Each stage does all that those before it do:
 *
 *   read        the file's octets only
 *   records     the capture's records, none of a known link type
 *   decode      headers, and each connection's entry; no connection is followed
 *   reassemble  streams in order and what they speak, to dialogues that do not listen
 *   parse       the dialogues, with no protection on
 *   judge       every default protection
 *   output      everything that `inspect --format eve` does
 */
import { openSync, readSync } from 'node:fs';
import {
  describeProtections,
  newOctetMemory,
  parsePolicy,
  Pipeline,
  profilePolicy,
  StreamHalf,
} from '../engine/index.js';
import { eveSink } from './eve-sink.js';
import { STAGES, type Stage } from './stage-names.js';

const PIECE_BYTES = 1024 * 1024;
/** Where a classic pcap file says its link type, and one that nobody knows. */
const LINK_TYPE_AT = 20;
const NO_LINK_TYPE = 147;
const NOBODY = { sessionId: -1, wire: { line() {}, blob() {}, gap() {}, tls() {}, note() {} }, occurrence() {} };

function main([name, file]: readonly string[]): void {
  const stage = STAGES.find((known) => known === name);
  if (stage === undefined || file === undefined) throw new Error('usage: stage-run STAGE FILE');
  const pipeline = pipelineOf(stage, file);
  const descriptor = openSync(file, 'r');
  const piece = Buffer.from((newOctetMemory(PIECE_BYTES) ?? new Uint8Array(PIECE_BYTES)).buffer, 0, PIECE_BYTES);
  const started = process.cpuUsage();
  let isFirst = true;
  for (;;) {
    const length = readSync(descriptor, piece, 0, PIECE_BYTES, null);
    if (length === 0) break;
    if (isFirst && stage === 'records') piece.writeUInt32LE(NO_LINK_TYPE, LINK_TYPE_AT);
    isFirst = false;
    pipeline?.push(piece.subarray(0, length));
  }
  pipeline?.end();
  const { user, system } = process.cpuUsage(started);
  process.stdout.write(`${(user + system) / 1e6}\n`);
}

function pipelineOf(stage: Stage, file: string): Pick<Pipeline, 'push' | 'end'> | null {
  const policy = profilePolicy('modern');
  switch (stage) {
    case 'read':
      return null;
    case 'records':
    case 'judge':
      return new Pipeline({ policy, sink: {} });
    case 'decode':
      return new Pipeline({ policy, sink: {}, focus: NOBODY });
    case 'reassemble':
      return withoutDialogues();
    case 'parse':
      return new Pipeline({ policy: parsePolicy(nothingOn(), 'nothing'), sink: {} });
    case 'output':
      return new Pipeline({ policy, sink: eveSink(file) });
  }
}

function withoutDialogues(): Pick<Pipeline, 'push' | 'end'> {
  const { limits } = profilePolicy('modern');
  const other = { early() {}, isWaiting: () => false };
  const half = new DeafStreams({ limits, checksums: 'auto', decodeAs: new Map() }, other);
  return { push: (octets) => void half.take(octets), end: () => void half.end() };
}

/** Follows every connection, and tells of none. */
class DeafStreams extends StreamHalf {
  override converse(): ReturnType<StreamHalf['converse']> {
    return { data() {}, gap() {}, end() {} };
  }
}

function nothingOn(): string {
  const off = describeProtections().map(({ id }) => [id, { action: 'off' }]);
  return JSON.stringify({ schema: 1, protections: Object.fromEntries(off) });
}

main(process.argv.slice(2));
