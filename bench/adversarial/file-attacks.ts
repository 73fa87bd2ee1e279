/** Attacks on the reading of capture files: pcapng that describes more than it holds. */
import type { CaptureWriter } from '../capture-writer.js';
import { repeat, type Attack } from './attack.js';

const BLOCK = { section: 0x0a0d0d0a, interface: 1, packet: 6 } as const;
const SECTION = block(BLOCK.section, Buffer.from('4d3c2b1a01000000ffffffffffffffff', 'hex'));
const INTERFACE = block(BLOCK.interface, Buffer.from('0100000000000400', 'hex'));
const INTERFACES_PER_SECTION = 60_000;
/** A comment of 64,000 octets on an interface. */
const COMMENT = block(
  BLOCK.interface,
  Buffer.concat([Buffer.from('01000000000004000100', 'hex'), Buffer.from([0x00, 0xfa]), Buffer.alloc(64_000, 'c')]),
);

/** A block between its two lengths. */
function block(type: number, body: Buffer): Buffer {
  const octets = Buffer.alloc(body.length + 12);
  octets.writeUInt32LE(type, 0);
  octets.writeUInt32LE(octets.length, 4);
  body.copy(octets, 8);
  octets.writeUInt32LE(octets.length, octets.length - 4);
  return octets;
}

function put(output: CaptureWriter, octets: Buffer): void {
  const at = output.begin(octets.length, 0);
  octets.copy(output.buffer, at);
  output.end(at + octets.length);
}

/** A packet of an interface that is beyond every bound. */
function strayPacket(id: number): Buffer {
  const body = Buffer.alloc(20 + 60);
  body.writeUInt32LE(id, 0);
  body.writeUInt32LE(60, 12);
  body.writeUInt32LE(60, 16);
  return block(BLOCK.packet, body);
}

export const FILE_ATTACKS: readonly Attack[] = [
  {
    name: 'interfaces',
    does: 'describes interfaces without end in one pcapng section, with a packet of each',
    fileHeader: SECTION,
    write: (output, bytes) =>
      repeat(output, bytes, (index) => {
        put(output, INTERFACE);
        put(output, strayPacket(index));
      }),
  },
  {
    name: 'interfaces-of-sections',
    does: 'describes 60,000 interfaces in each of many pcapng sections',
    fileHeader: SECTION,
    write: (output, bytes) =>
      repeat(output, bytes, (index) => put(output, index % INTERFACES_PER_SECTION === 0 ? SECTION : INTERFACE)),
  },
  {
    name: 'sections',
    does: 'begins a new pcapng section with every block',
    fileHeader: SECTION,
    write: (output, bytes) => repeat(output, bytes, () => put(output, SECTION)),
  },
  {
    name: 'comments',
    does: 'comments every interface with 64,000 octets',
    fileHeader: SECTION,
    write: (output, bytes) => repeat(output, bytes, () => put(output, COMMENT)),
  },
];
