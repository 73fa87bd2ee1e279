/**
 * Writes a capture of a load, of any size: many connections at once, packets
 * interleaved, time rising. The same load, size and seed give the same octets.
 * `generate-run.ts` is its command line.
 */
import type { CaptureWriter } from './capture-writer.js';
import { SHAPES, otherPrograms, type Load, type Shape } from './loads.js';
import type { Flow, PacketProgram } from './program.js';
import { Random } from './random.js';

export interface Generation {
  readonly load: Load;
  /** Octets of the capture; of `many-open`, the number of connections that are open at once and stay so. */
  readonly size: number;
  readonly seed: number;
}
export interface Generated {
  readonly bytes: number;
  readonly packets: number;
  /** TCP connections. */
  readonly sessions: number;
}

const LARGEST_RECORD = 2048;
const CLIENTS = 4096;
const FIRST_CLIENT = 0x0a40_0000; // 10.64.0.0

/** Writes the load; whole connections only, so it ends a little beyond its size. */
export function generate({ load, size, seed }: Generation, output: CaptureWriter): Generated {
  const random = new Random(seed);
  const shape = SHAPES[load];
  const isOpen = load === 'many-open';
  const source = new FlowSource(random, shape, isOpen ? Infinity : size);
  const flows: Flow[] = [];
  const before = { bytes: output.bytes, packets: output.packets };
  for (let i = isOpen ? size : shape.flows; i > 0; i--) {
    const flow = source.next();
    if (flow !== null) flows.push(flow);
  }
  while (flows.length > 0) {
    const slot = random.below(flows.length);
    const flow = flows[slot] as Flow;
    const stop = Math.min(flow.program.records, flow.next + random.between(1, shape.burst));
    while (flow.next < stop) write(output, flow, 1 + random.below(2 * shape.pauseUs));
    if (flow.next < flow.program.records) continue;
    const successor = isOpen ? null : source.next();
    const last = flows.length - 1;
    flows[slot] = successor ?? (flows[last] as Flow);
    if (successor === null) flows.pop();
  }
  const { connections } = source;
  return { bytes: output.bytes - before.bytes, packets: output.packets - before.packets, sessions: connections };
}

function write(output: CaptureWriter, flow: Flow, pauseUs: number): void {
  const at = output.begin(LARGEST_RECORD, pauseUs);
  output.end(flow.program.write(output.buffer, at, flow, output.seconds, output.micros));
}

/** Opens connections until what they will write in all reaches the size wanted. */
class FlowSource {
  connections = 0;
  private promisedBytes = 0;
  private otherBytes = 0;
  private others = 0;
  private readonly mail: readonly PacketProgram[];
  private readonly other: readonly PacketProgram[];

  constructor(
    private readonly random: Random,
    private readonly shape: Shape,
    private readonly bytes: number,
  ) {
    this.mail = shape.mail(random);
    this.other = shape.otherPercent > 0 ? otherPrograms(random) : [];
  }

  next(): Flow | null {
    if (this.promisedBytes >= this.bytes) return null;
    const number = this.connections++;
    const program = this.program(number);
    this.promisedBytes += program.bytes;
    return {
      program,
      next: 0,
      clientAddress: FIRST_CLIENT + (number % CLIENTS),
      clientPort: 1025 + (Math.floor(number / CLIENTS) % 64_511),
      clientIsn: this.random.below(0x1_0000_0000) | 0,
      serverIsn: this.random.below(0x1_0000_0000) | 0,
    };
  }

  private program(number: number): PacketProgram {
    const { shape, mail, other } = this;
    if (this.otherBytes * 100 >= this.promisedBytes * shape.otherPercent)
      return mail[(number - this.others) % mail.length] as PacketProgram;
    const program = other[this.others++ % other.length] as PacketProgram;
    this.otherBytes += program.bytes;
    return program;
  }
}
