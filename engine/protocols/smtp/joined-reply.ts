/**
 * A reply of several lines as one stretch (RFC 5321 4.2.1). In: its lines. Out:
 * a line that holds all of them with their line ends, as far as they fit.
 */
import { TO_CLIENT } from '../events.js';
import { Line } from './lane.js';

const FIRST_CAPACITY = 512;

export class JoinedReply {
  lines = 0;
  codesDiffer = false;
  private code = 0;
  private readonly whole = new Line(TO_CLIENT);

  constructor(private readonly maximumBytes: number) {}

  add(line: Line, code: number): void {
    const { whole } = this;
    if (this.lines === 0) {
      this.code = code;
      this.codesDiffer = false;
      whole.direction = line.direction;
      whole.start = whole.end = 0;
      whole.offset = line.offset;
      whole.lengthBytes = 0;
      whole.line = line.line;
      whole.timeUs = line.timeUs;
      whole.packet = line.packet;
    } else {
      this.append(CRLF, 0, 2);
      if (code !== this.code) this.codesDiffer = true;
    }
    this.append(line.buffer, line.start, line.end);
    whole.lengthBytes += line.lengthBytes;
    whole.terminator = line.terminator;
    this.lines++;
  }

  /** The reply so far; a new one begins. Borrowed until the next `add`. */
  take(): Line {
    this.lines = 0;
    return this.whole;
  }

  private append(buffer: Uint8Array, start: number, end: number): void {
    const { whole } = this;
    const length = Math.min(end - start, this.maximumBytes - whole.end);
    if (length <= 0) return;
    if (whole.end + length > whole.buffer.length) {
      const larger = new Uint8Array(Math.max(FIRST_CAPACITY, Math.min(this.maximumBytes, (whole.end + length) * 2)));
      larger.set(whole.buffer.subarray(0, whole.end));
      whole.buffer = larger;
    }
    for (let i = 0; i < length; i++) whole.buffer[whole.end + i] = buffer[start + i] as number;
    whole.end += length;
  }
}

const CRLF = Uint8Array.from([13, 10]);
