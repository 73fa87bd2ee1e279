/** A capture of messages whose first segment comes last, so that nearly all of each is held back for it. */
import { ACK, ethernet, ipPacket, pcapFile, SYN, type CapturedPacket } from '../packet/build.js';

const SEGMENT_BYTES = 1400;
/** Below what may be held of one direction. */
const HELD_SEGMENTS = 700;

/** `connections` messages of a megabyte each; what was lost of them comes at the very end, of all at once. */
export function heldBack(connections: number): Buffer {
  const packets: CapturedPacket[] = [];
  const late: Buffer[] = [];
  for (let i = 0; i < connections; i++) {
    const client = { source: '192.0.2.1', destination: '198.51.100.25', sourcePort: 40_000 + i, destinationPort: 25 };
    const server = { source: '198.51.100.25', destination: '192.0.2.1', sourcePort: 25, destinationPort: 40_000 + i };
    const hello = 'EHLO client.example\r\nMAIL FROM:<a@example.net>\r\nRCPT TO:<root>\r\nDATA\r\n';
    const put = (octets: Buffer): void => void packets.push({ timeUs: packets.length * 10, octets: ethernet(octets) });
    put(ipPacket({ ...client, sequence: 1000, flags: SYN }));
    put(ipPacket({ ...server, sequence: 5000, acknowledgement: 1001, flags: SYN | ACK }));
    const answers = '220 mx ESMTP\r\n250 mx\r\n250 ok\r\n250 ok\r\n354 go on\r\n';
    put(ipPacket({ ...server, sequence: 5001, acknowledgement: 1001, flags: ACK, payload: answers }));
    late.push(ipPacket({ ...client, sequence: 1001, acknowledgement: 5001, flags: ACK, payload: hello }));
    let sequence = 1001 + hello.length;
    for (let segment = 0; segment < HELD_SEGMENTS; segment++) {
      const payload = segment === HELD_SEGMENTS - 1 ? '\r\n.\r\nQUIT\r\n' : textOf(i, segment);
      put(ipPacket({ ...client, sequence, acknowledgement: 5001, flags: ACK, payload }));
      sequence += payload.length;
    }
  }
  for (const octets of late) packets.push({ timeUs: packets.length * 10, octets: ethernet(octets) });
  return pcapFile(packets);
}

/** A header section, then lines of a body that tell where they are. */
function textOf(connection: number, segment: number): string {
  const head = segment === 0 ? `Subject: number ${connection}\r\nFrom: a@example.net\r\n\r\n` : '';
  const line = `segment ${segment} of ${connection} ${'x'.repeat(50)}\r\n`;
  return (head + line.repeat(Math.ceil(SEGMENT_BYTES / line.length))).slice(0, SEGMENT_BYTES - 2) + '\r\n';
}
