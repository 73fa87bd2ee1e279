/**
 * A capture of an IMAP connection that says nothing for long, and of others that
 * speak meanwhile, so that time passes and idle connections are looked for.
 */
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import { ACK, ethernet, FIN, ipPacket, pcapFile, SYN, type CapturedPacket, type TcpFields } from '../packet/build.js';

const START_US = 1_700_000_000_000_000;

/** `<` the server's, `>` the client's line. */
const LOGIN = ['<* OK ready', '>a LOGIN otto Kz7-moon-Tar', '<a OK in', '>b SELECT INBOX', '<b OK'];
const IDLING = ['>c IDLE', '<+ idling'];
const LATER = ['<* 4 EXISTS', '>DONE', '<c OK', '>d LOGOUT', '<* BYE', '<d OK'];
const NOT_LATER = ['<* 4 EXISTS', '>d LOGOUT', '<* BYE', '<d OK'];

export interface Silence {
  /** The client asked for IDLE before. */
  readonly isIdling: boolean;
  readonly seconds: number;
  /** Another connection's packets come every so many seconds meanwhile; null: none do. */
  readonly othersEverySeconds: number | null;
  /** Connections that are silent like this. */
  readonly mailboxes?: number;
}

/** Beyond the time-out of mail, and within that of an agreed silence. */
export const LONG_SECONDS = DEFAULT_LIMITS.idleMailSeconds * 2;
/** Beyond both. */
export const TOO_LONG_SECONDS = DEFAULT_LIMITS.idleImapSeconds + 1000;

export function idleMailbox({ isIdling, seconds, othersEverySeconds, mailboxes = 1 }: Silence): Buffer {
  const packets: CapturedPacket[] = [];
  let timeUs = START_US;
  const put = (fields: TcpFields): void => {
    packets.push({ timeUs, octets: ethernet(ipPacket(fields)) });
    timeUs += 1000;
  };
  const clients = Array.from({ length: mailboxes }, (_, i) => new Talk(40_000 + i, 143, put));
  for (const client of clients) {
    client.begin();
    client.say(isIdling ? [...LOGIN, ...IDLING] : LOGIN);
  }
  const endUs = timeUs + seconds * 1e6;
  const every = othersEverySeconds ?? Infinity;
  for (let i = 0; timeUs + every * 1e6 < endUs; i++) {
    timeUs += every * 1e6;
    const other = new Talk(50_000 + i, i % 2 === 0 ? 110 : 80, put);
    other.begin();
    other.say(['<+OK ready', '>QUIT', '<+OK bye']);
    if (i % 3 > 0) other.end();
  }
  timeUs = endUs;
  for (const client of clients) {
    client.say(isIdling ? LATER : NOT_LATER);
    client.end();
  }
  return pcapFile(packets);
}

/** One TCP connection. */
class Talk {
  private readonly next = { '>': 1000, '<': 5000 };

  constructor(
    private readonly clientPort: number,
    private readonly serverPort: number,
    private readonly put: (fields: TcpFields) => void,
  ) {}

  begin(): void {
    this.send('>', SYN);
    this.send('<', SYN | ACK);
    this.send('>', ACK);
  }

  say(lines: readonly string[]): void {
    for (const line of lines) this.send(line.startsWith('>') ? '>' : '<', ACK, `${line.slice(1)}\r\n`);
  }

  end(): void {
    this.send('>', FIN | ACK);
    this.send('<', FIN | ACK);
    this.send('>', ACK);
  }

  private send(side: '>' | '<', flags: number, payload = ''): void {
    const { clientPort, serverPort, next } = this;
    const ends =
      side === '>'
        ? { source: '192.0.2.1', destination: '198.51.100.25', sourcePort: clientPort, destinationPort: serverPort }
        : { source: '198.51.100.25', destination: '192.0.2.1', sourcePort: serverPort, destinationPort: clientPort };
    this.put({ ...ends, sequence: next[side], acknowledgement: next[side === '>' ? '<' : '>'], flags, payload });
    next[side] += payload.length + ((flags & (SYN | FIN)) === 0 ? 0 : 1);
  }
}
