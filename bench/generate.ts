/**
 * Writes a capture of mail traffic of any size: many connections at once, packets
 * interleaved, time rising. The same load, size and seed give the same octets.
 *
 *   npx tsx bench/generate.ts bulk|commands MEGABYTES FILE [SEED]
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { conversation, type Load } from './dialogues.js';
import { Program, type Flow } from './program.js';
import { Random } from './random.js';

export interface Generation {
  readonly load: Load;
  readonly bytes: number;
  readonly file: string;
  readonly seed: number;
}
export interface Generated {
  readonly bytes: number;
  readonly packets: number;
  readonly sessions: number;
}

/** Different conversations of a load, connections open at once, longest burst of one connection, mean µs between packets. */
const SHAPES = {
  bulk: { programs: 12, flows: 48, burst: 10, pauseUs: 60 },
  commands: { programs: 240, flows: 400, burst: 3, pauseUs: 90 },
} as const;
const BUFFER_BYTES = 4 * 1024 * 1024;
const LARGEST_RECORD = 2048;
const CLIENTS = 4096;
/** 2026-11-21 08:00:00 UTC. */
const START_SECONDS = 1_795_248_000;

/** Writes the file; whole connections only, so it ends a little beyond `bytes`. */
export function generate({ load, bytes, file, seed }: Generation): Generated {
  const random = new Random(seed);
  const shape = SHAPES[load];
  const source = new FlowSource(random, load, bytes);
  const output = new RecordFile(file);
  const flows: Flow[] = [];
  for (let i = 0; i < shape.flows; i++) {
    const flow = source.next();
    if (flow !== null) flows.push(flow);
  }
  while (flows.length > 0) {
    const slot = random.below(flows.length);
    const flow = flows[slot] as Flow;
    const stop = Math.min(flow.program.records, flow.next + random.between(1, shape.burst));
    while (flow.next < stop) output.write(flow, 1 + random.below(2 * shape.pauseUs));
    if (flow.next < flow.program.records) continue;
    const successor = source.next();
    if (successor !== null) flows[slot] = successor;
    else flows.splice(slot, 1);
  }
  output.close();
  return { bytes: output.bytes, packets: output.packets, sessions: source.sessions };
}

/** Opens connections until what they will write in all reaches the size wanted. */
class FlowSource {
  sessions = 0;
  private promisedBytes = 0;
  private readonly programs: readonly Program[];

  constructor(
    private readonly random: Random,
    load: Load,
    private readonly bytes: number,
  ) {
    this.programs = Array.from({ length: SHAPES[load].programs }, (_, i) => new Program(conversation(random, load, i)));
  }

  next(): Flow | null {
    if (this.promisedBytes >= this.bytes) return null;
    const number = this.sessions++;
    const program = this.programs[number % this.programs.length] as Program;
    this.promisedBytes += program.bytes;
    return {
      program,
      next: 0,
      clientAddress: 0x0a40_0000 + (number % CLIENTS), // 10.64.0.0
      clientPort: 1025 + Math.floor(number / CLIENTS),
      clientIsn: this.random.below(0x1_0000_0000) | 0,
      serverIsn: this.random.below(0x1_0000_0000) | 0,
    };
  }
}

/** A classic pcap file, little-endian, microseconds, Ethernet, written through one buffer. */
class RecordFile {
  bytes = 0;
  packets = 0;
  private readonly buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  private readonly descriptor: number;
  private at: number;
  private seconds = START_SECONDS;
  private micros = 0;

  constructor(file: string) {
    this.descriptor = openSync(file, 'w');
    this.at = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex').copy(this.buffer);
    this.bytes = this.at;
  }

  /** Writes the next packet of `flow`, `pauseUs` after the one before. */
  write(flow: Flow, pauseUs: number): void {
    if (this.at + LARGEST_RECORD > BUFFER_BYTES) this.flush();
    this.micros += pauseUs;
    if (this.micros >= 1_000_000) {
      this.micros -= 1_000_000;
      this.seconds++;
    }
    const end = flow.program.write(this.buffer, this.at, flow, this.seconds, this.micros);
    this.bytes += end - this.at;
    this.at = end;
    this.packets++;
  }

  close(): void {
    this.flush();
    closeSync(this.descriptor);
  }

  private flush(): void {
    for (let from = 0; from < this.at;) from += writeSync(this.descriptor, this.buffer, from, this.at - from);
    this.at = 0;
  }
}

function main([load, megabytes, file, seed = '1']: string[]): void {
  if ((load !== 'bulk' && load !== 'commands') || !(Number(megabytes) > 0) || file === undefined) {
    process.stderr.write('usage: tsx bench/generate.ts bulk|commands MEGABYTES FILE [SEED]\n');
    process.exitCode = 2;
    return;
  }
  const started = process.hrtime.bigint();
  const made = generate({ load, bytes: Number(megabytes) * 1e6, file, seed: Number(seed) });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  process.stdout.write(
    `${file}: ${made.bytes} bytes, ${made.packets} packets, ${made.sessions} sessions, ${(made.bytes / 1e6 / seconds).toFixed(0)} MB/s\n`,
  );
}

if ((process.argv[1] ?? '').endsWith('generate.ts')) main(process.argv.slice(2));
