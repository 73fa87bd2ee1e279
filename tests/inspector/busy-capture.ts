/**
 * A capture of many connections at once whose findings need each other: hosts
 * that knock where the perimeter denies it, the same weak passwords again and
 * again, names guessed at. Packets are lost, repeated, fragmented and out of
 * order, ports are used again, and at times nothing comes for minutes or hours.
 */
import {
  ACK,
  ethernet,
  FIN,
  ipPacket,
  ipv4Fragments,
  pcapFile,
  RST,
  SYN,
  type CapturedPacket,
} from '../packet/build.js';

const START_US = 1_700_000_000_000_000;
const CONNECTIONS = 120;
const AT_ONCE = 12;
const LINES: Readonly<Record<number, readonly string[]>> = {
  25: [
    '<220 mx.example.org ESMTP',
    '>EHLO client.example',
    '<250-mx.example.org\r\n250 SIZE 1000',
    '>MAIL FROM:<a@example.net>',
    '<250 ok',
    '>RCPT TO:<root>',
    '<250 ok',
    '>RCPT TO:<c@elsewhere.example>',
    '<250 ok',
    '>DATA',
    '<354 go on',
    '>Subject: one\r\nFrom: a@example.net\r\n\r\nText\r\n.',
    '<250 taken',
    '>QUIT',
    '<221 bye',
  ],
  110: ['<+OK ready', '>USER anna', '<+OK', '>PASS 123456', '<+OK in', '>STAT', '<+OK 0 0', '>QUIT', '<+OK bye'],
  143: ['<* OK ready', '>a LOGIN otto secret', '<a OK in', '>b SELECT INBOX', '<b OK', '>c IDLE', '<+ idling'],
  993: ['>\u0016\u0003\u0001', '<\u0016\u0003\u0003'],
  80: ['>GET / HTTP/1.1', '<HTTP/1.1 200 OK'],
  2526: ['<220 other.example ESMTP', '>EHLO there.example', '<250 other.example'],
};
const PORTS = Object.keys(LINES).map(Number);

/** The same for the same seed. */
export function busyCapture(seed: number): Buffer {
  const below = random(seed);
  const packets: CapturedPacket[] = [];
  let timeUs = START_US;
  const open: Iterator<Buffer>[] = [];
  for (let left = CONNECTIONS; left > 0 || open.length > 0;) {
    if (left > 0 && open.length < AT_ONCE) {
      open.push(below(8) === 0 ? knocking(below) : connection(below));
      left--;
    }
    timeUs += below(80) === 0 ? below(4) * 700_000_000 : below(2_000);
    const chosen = below(open.length);
    const next = open[chosen]?.next();
    if (next === undefined || next.done === true) open.splice(chosen, 1);
    else if (below(25) > 0) {
      // Now and then a packet's clock is behind.
      const at = timeUs - (below(40) === 0 ? below(3_000_000) : 0);
      const pieces = below(15) === 0 && next.value.length > 60 ? ipv4Fragments(next.value, 24) : [next.value];
      for (const piece of pieces) packets.push({ timeUs: at, octets: ethernet(piece) });
      if (below(30) === 0) packets.push({ timeUs: at, octets: ethernet(next.value) });
    }
  }
  return pcapFile(packets);
}

/** Nobody answers, so it is tried again and again. */
function* knocking(below: (limit: number) => number): Generator<Buffer, void, undefined> {
  const destinationPort = PORTS[below(3)] as number;
  for (let sourcePort = 50_000 + below(1000); below(6) > 0; sourcePort++) {
    yield ipPacket({ source: '198.51.100.9', destination: '10.0.0.28', sourcePort, destinationPort, flags: SYN });
  }
}

/** The IP packets of one connection. */
function* connection(below: (limit: number) => number): Generator<Buffer, void, undefined> {
  const server = `10.0.0.${25 + below(4)}`;
  const client = below(2) === 0 ? `198.51.100.${1 + below(2)}` : `10.1.0.${1 + below(3)}`;
  const port = PORTS[below(PORTS.length)] as number;
  // Few ports, so that they are used again.
  const clientPort = 40_000 + below(40);
  const next = { '>': 1000 + below(1e9), '<': 5000 + below(1e9) };
  const packet = (side: '>' | '<', flags: number, payload = ''): Buffer => {
    const isClient = side === '>';
    const made = ipPacket({
      source: isClient ? client : server,
      destination: isClient ? server : client,
      sourcePort: isClient ? clientPort : port,
      destinationPort: isClient ? port : clientPort,
      sequence: next[side],
      acknowledgement: next[isClient ? '<' : '>'],
      flags,
      payload,
      checksumError: below(80) === 0 ? 1 : 0,
    });
    next[side] += payload.length + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
    return made;
  };
  if (below(6) > 0) {
    yield packet('>', SYN);
    const answer = below(4);
    if (answer === 0) return;
    if (answer === 1) {
      yield packet('<', RST | ACK);
      return;
    }
    yield packet('<', SYN | ACK);
    yield packet('>', ACK);
  }
  yield* talk(LINES[port] ?? [], packet, below);
  if (below(3) === 0) return;
  yield packet('>', FIN | ACK);
  if (below(3) > 0) yield packet('<', FIN | ACK);
  yield packet('>', ACK);
}

function* talk(
  lines: readonly string[],
  packet: (side: '>' | '<', flags: number, payload: string) => Buffer,
  below: (limit: number) => number,
): Generator<Buffer, void, undefined> {
  let late: Buffer | null = null;
  for (const line of lines) {
    const side = line.startsWith('>') ? '>' : '<';
    const made = packet(side, ACK, `${line.slice(1)}\r\n`);
    if (late === null && below(8) === 0) {
      late = made;
      continue;
    }
    yield made;
    if (late !== null) yield late;
    late = null;
  }
}

/** Whole numbers below a limit (mulberry32, public domain). */
function random(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) % limit;
  };
}
