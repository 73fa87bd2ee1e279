/** Attacks on what is kept of connections, segments and fragments. */
import { collidingKeys } from './collisions.js';
import { repeat, type Attack } from './attack.js';
import { ACK, NOTHING, SERVER, SYN, Talk, Wire, clientAddress, clientPort } from './wire.js';

const GREETING = '220 mail.example.org ESMTP\r\n';
const ONE_OCTET = Buffer.from('x');
const SEGMENT = Buffer.alloc(1460, 'This line goes on and on, and has an end all the same.\r\n');
const PERIMETER = { networks: { own: ['10.0.0.0/24'], relays: ['10.0.0.26'] } };

function synFlood(wire: Wire, index: number): void {
  wire.segment({
    source: clientAddress(index),
    destination: SERVER,
    sourcePort: clientPort(index),
    destinationPort: 25,
    flags: SYN,
    sequence: index,
    acknowledgement: 0,
    payload: NOTHING,
  });
}

const DATA = ['EHLO a.example\r\n', '250 ok\r\n', 'MAIL FROM:<a@b.example>\r\n', '250 ok\r\n'];
/** A connection in the middle of a message. */
function sendingMessage(wire: Wire, number: number): Talk {
  const talk = new Talk(wire, number, 25).open(GREETING);
  for (const [index, line] of [...DATA, 'RCPT TO:<c@d.example>\r\n', '250 ok\r\n', 'DATA\r\n', '354 go\r\n'].entries())
    if (index % 2 === 0) talk.client(line);
    else talk.server(line);
  return talk.client('Subject: a\r\n\r\n');
}

const WINDOW = 32;
const HELD_EACH = 4000;

export const CONNECTION_ATTACKS: readonly Attack[] = [
  {
    name: 'half-open',
    does: 'opens a connection with every packet, and never says a word',
    counted: 'flows',
    write: (output, bytes) => {
      const wire = new Wire(output);
      repeat(output, bytes, (index) => synFlood(wire, index));
    },
  },
  {
    name: 'half-open-perimeter',
    does: 'floods with SYN what an access list denies, from a new address each',
    counted: 'pastKeys',
    policy: PERIMETER,
    write: (output, bytes) => {
      const wire = new Wire(output);
      repeat(output, bytes, (index) => synFlood(wire, index));
    },
  },
  {
    name: 'one-octet-segments',
    does: 'sends every octet of a dialogue in a segment of its own',
    write: (output, bytes) => {
      const wire = new Wire(output);
      repeat(output, bytes, (index) => {
        const talk = new Talk(wire, index, 25).open(GREETING);
        for (let turn = 0; turn < 20; turn++) {
          for (const octet of 'MAIL FROM:<somebody@example.org>\r\n') talk.client(octet);
          for (const octet of '503 5.5.1 not now\r\n') talk.server(octet);
        }
      });
    },
  },
  {
    name: 'out-of-order',
    does: 'sends every window of segments from its end to its start',
    write: (output, bytes) => {
      const talk = sendingMessage(new Wire(output), 0);
      repeat(output, bytes, () => {
        for (let i = WINDOW - 1; i >= 0; i--) talk.clientAhead(i * SEGMENT.length, SEGMENT);
        talk.clientSaid(WINDOW * SEGMENT.length);
      });
    },
  },
  {
    name: 'out-of-order-octets',
    does: 'sends octets behind a hole, one by one, from the last to the first',
    write: (output, bytes) => {
      const talk = sendingMessage(new Wire(output), 0);
      repeat(output, bytes, () => {
        for (let i = HELD_EACH; i > 0; i--) talk.clientAhead(i * 2, ONE_OCTET);
        talk.clientSaid(HELD_EACH * 2 + 1);
      });
    },
  },
  {
    name: 'held-octets',
    does: 'makes many connections hold single octets behind a hole that is never filled',
    counted: 'outOfOrderTotalBytes',
    write: (output, bytes) => {
      const wire = new Wire(output);
      repeat(output, bytes, (index) => {
        const talk = sendingMessage(wire, index);
        for (let i = 1; i < HELD_EACH && output.bytes < bytes; i++) talk.clientAhead(i * 2, ONE_OCTET);
      });
    },
  },
  {
    name: 'wrong-checksums',
    does: 'sends octets with a wrong checksum that nobody acknowledges, and an acknowledgement behind each',
    counted: 'outOfOrderSegments',
    write: (output, bytes) => {
      const talk = sendingMessage(new Wire(output), 0);
      repeat(output, bytes, (index) => {
        talk.clientAhead(10 + (index % 60_000), ONE_OCTET, { isDamaged: true });
        talk.acknowledge();
      });
    },
  },
  {
    name: 'headers-only',
    does: 'shows long connections of which the snap length left the headers only',
    write: (output, bytes) => {
      const wire = new Wire(output);
      const talk = new Talk(wire, 0, 25);
      repeat(output, bytes, () => {
        talk.clientAhead(0, SEGMENT, { capturedBytes: 0, flags: ACK });
        talk.clientSaid(SEGMENT.length);
      });
    },
  },
  {
    name: 'fragments',
    does: 'sends first fragments of datagrams that are never completed',
    counted: 'fragmentSets',
    write: (output, bytes) => {
      const wire = new Wire(output);
      repeat(output, bytes, (index) =>
        wire.fragment(clientAddress(index >> 8), index, 0, true, SEGMENT.subarray(0, 64)),
      );
    },
  },
  {
    name: 'small-fragments',
    does: 'sends datagrams in fragments of eight octets, last ones first, and never the first',
    counted: 'fragmentSets',
    write: (output, bytes) => {
      const wire = new Wire(output);
      const pieces = 8000;
      repeat(output, bytes, (index) => {
        const datagram = Math.floor(index / pieces);
        const piece = pieces - (index % pieces);
        wire.fragment(clientAddress(datagram >> 8), datagram, piece * 8, true, SEGMENT.subarray(0, 8));
      });
    },
  },
  {
    name: 'colliding-connections',
    does: 'opens connections in groups of 256 whose keys have the same MurmurHash3 whatever its seed',
    counted: 'flows',
    write: (output, bytes) => {
      const wire = new Wire(output);
      const keys = collidingKeys();
      repeat(output, bytes, () => {
        const { source, destination, sourcePort, destinationPort } = keys.next().value;
        const ports = { sourcePort, destinationPort };
        wire.segment({ source, destination, ...ports, flags: SYN, sequence: 1, acknowledgement: 0, payload: NOTHING });
      });
    },
  },
];
