/** What else is on the wire: web and shell connections, DNS over UDP, ARP. */
import type { Random } from './random.js';
import { Script, type Conversation } from './script.js';
import type { Flow, PacketProgram } from './program.js';

const RECORD = 16;
const NEVER_CAPTURED = Buffer.alloc(0);

/** Connections that are no mail; kinds take turns by `index`. */
export function otherConversation(random: Random, index: number): Conversation {
  const make = KINDS[index % KINDS.length] as (typeof KINDS)[number];
  return make(random);
}

function http(random: Random): Conversation {
  const body = noise(random, random.between(500, 40_000));
  const script = new Script().client(`GET /${random.below(1e6)} HTTP/1.1`, 'Host: www.example.com', '');
  script.server('HTTP/1.1 200 OK', `Content-Length: ${body.length}`, '', body);
  return { serverPort: 80, turns: script.turns };
}

function https(random: Random): Conversation {
  const script = new Script().add(true, `\x16\x03\x01\x02\x00\x01${noise(random, 511)}`);
  script.add(false, `\x16\x03\x03\x0b\xb8\x02${noise(random, 2999)}`);
  for (let i = random.between(2, 8); i > 0; i--) {
    script.add(true, `\x17\x03\x03\x01\x2c${noise(random, 300)}`);
    script.add(false, `\x17\x03\x03\x27\x10${noise(random, 10_000)}`);
  }
  return { serverPort: 443, turns: script.turns };
}

function shell(random: Random): Conversation {
  const script = new Script().server('SSH-2.0-OpenSSH_9.2').client('SSH-2.0-OpenSSH_9.2');
  for (let i = random.between(10, 60); i > 0; i--) script.add(random.chance(50), noise(random, 36));
  return { serverPort: 22, turns: script.turns };
}

const KINDS = [http, https, shell] as const;

function noise(random: Random, lengthBytes: number): string {
  const octets = Buffer.allocUnsafe(lengthBytes);
  for (let i = 0; i < lengthBytes; i++) octets[i] = random.below(256);
  return octets.toString('latin1');
}

/** A DNS question and its answer over UDP, and an ARP request: packets that belong to no connection. */
export class Datagrams implements PacketProgram {
  readonly records = 3;
  readonly bytes: number;
  private readonly packets: readonly Buffer[];

  constructor(random: Random) {
    const question = Buffer.from('000001000001000000000000037777770765786d61706c6503636f6d0000010001', 'hex');
    question.writeUInt16BE(random.below(65_536), 0);
    const answer = Buffer.concat([question, Buffer.from('c00c00010001000000780004cb007109', 'hex')]);
    answer.writeUInt16BE(0x8180, 2);
    const arp = Buffer.from(
      'ffffffffffff020000000001080600010800060400010200000000010a00000100000000000000000a000002',
      'hex',
    );
    this.packets = [udp(question, true), udp(answer, false), record(arp)];
    this.bytes = this.packets.reduce((sum, packet) => sum + packet.length, 0);
  }

  write(out: Buffer, at: number, flow: Flow, seconds: number, micros: number): number {
    const packet = this.packets[flow.next++] ?? NEVER_CAPTURED;
    packet.copy(out, at);
    out.writeUInt32LE(seconds, at);
    out.writeUInt32LE(micros, at + 4);
    return at + packet.length;
  }
}

function udp(payload: Buffer, isQuestion: boolean): Buffer {
  const header = Buffer.from('02000000001902000000000108004500000000004000401100000a0000010a000035', 'hex');
  header.writeUInt16BE(28 + payload.length, 16);
  const ports = Buffer.alloc(8);
  ports.writeUInt16BE(isQuestion ? 40_000 : 53, 0);
  ports.writeUInt16BE(isQuestion ? 53 : 40_000, 2);
  ports.writeUInt16BE(8 + payload.length, 4);
  return record(Buffer.concat([header, ports, payload]));
}

function record(frame: Buffer): Buffer {
  const header = Buffer.alloc(RECORD);
  header.writeUInt32LE(frame.length, 8);
  header.writeUInt32LE(frame.length, 12);
  return Buffer.concat([header, frame]);
}
