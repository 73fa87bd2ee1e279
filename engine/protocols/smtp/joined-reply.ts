/**
 * A reply of several lines as one stretch (RFC 5321 4.2.1). In: its lines. Out:
 * a line that holds all of them with their line ends, as far as they fit. Lines
 * that stand one behind the other in the octets at hand are such a stretch
 * already; they are copied only when the reply goes on in the next delivery.
 */
import { TO_CLIENT } from '../events.js';
import { wipe } from '../wipe.js';
import { Line } from './line.js';

const FIRST_CAPACITY = 512;
/** A long reply leaves its buffer behind; a short one's is used again. */
const RETAINED_BYTES = 4096;
const NO_OCTETS = new Uint8Array(0);
const CRLF = Uint8Array.from([13, 10]);

export class JoinedReply {
  lines = 0;
  codesDiffer = false;
  private code = 0;
  private readonly whole = new Line(TO_CLIENT);
  /** The lines lie in somebody else's octets. */
  private isBorrowed = false;
  private own: Uint8Array = NO_OCTETS;

  constructor(private maximumBytes: number) {}

  add(line: Line, code: number): void {
    if (this.lines++ === 0) return this.begin(line, code);
    const { whole } = this;
    if (code !== this.code) this.codesDiffer = true;
    if (this.isBorrowed && !this.standsBehind(line)) this.settle();
    if (this.isBorrowed) whole.end = line.end;
    else {
      this.append(CRLF, 0, 2);
      this.append(line.buffer, line.start, line.end);
    }
    whole.lengthBytes += line.lengthBytes;
    whole.terminator = line.terminator;
  }

  /** Makes the octets so far its own: those they lie in will be gone. */
  settle(): void {
    if (!this.isBorrowed) return;
    this.isBorrowed = false;
    const { whole } = this;
    const { buffer, start, end } = whole;
    whole.buffer = this.own;
    whole.start = whole.end = whole.secretStart = whole.secretEnd = 0;
    this.append(buffer, start, end);
  }

  /** The reply so far. Borrowed until the next `add`. */
  get reply(): Line {
    return this.whole;
  }

  /** Ready for another reply; of the former nothing is left. */
  clear(maximumBytes: number): void {
    const { whole, own } = this;
    if (whole.buffer === own) wipe(own, whole.end);
    this.lines = 0;
    this.maximumBytes = maximumBytes;
    whole.buffer = NO_OCTETS;
    if (this.own.length > RETAINED_BYTES) this.own = NO_OCTETS;
  }

  private begin(line: Line, code: number): void {
    const { whole } = this;
    this.code = code;
    this.codesDiffer = false;
    this.isBorrowed = true;
    whole.direction = line.direction;
    whole.buffer = line.buffer;
    whole.start = whole.secretStart = whole.secretEnd = line.start;
    whole.end = line.end;
    whole.offset = line.offset;
    whole.lengthBytes = line.lengthBytes;
    whole.terminator = line.terminator;
    whole.line = line.line;
    whole.timeUs = line.timeUs;
    whole.packet = line.packet;
  }

  private standsBehind(line: Line): boolean {
    const { whole } = this;
    return (
      line.buffer === whole.buffer &&
      whole.terminator === 'crlf' &&
      line.start === whole.end + 2 &&
      line.end - whole.start <= this.maximumBytes
    );
  }

  private append(buffer: Uint8Array, start: number, end: number): void {
    const { whole } = this;
    const length = Math.min(end - start, this.maximumBytes - whole.end);
    if (length <= 0) return;
    if (whole.end + length > this.own.length) {
      const larger = new Uint8Array(Math.max(FIRST_CAPACITY, Math.min(this.maximumBytes, (whole.end + length) * 2)));
      larger.set(this.own.subarray(0, whole.end));
      this.own = whole.buffer = larger;
    }
    for (let i = 0; i < length; i++) whole.buffer[whole.end + i] = buffer[start + i] as number;
    whole.end += length;
  }
}

/** Of no reply at the moment. */
const idle: JoinedReply[] = [];
const IDLE_REPLIES = 32;

export function borrowJoinedReply(maximumBytes: number): JoinedReply {
  const reply = idle.pop() ?? new JoinedReply(maximumBytes);
  reply.clear(maximumBytes);
  return reply;
}

export function returnJoinedReply(reply: JoinedReply): void {
  reply.clear(0);
  if (idle.length < IDLE_REPLIES) idle.push(reply);
}
