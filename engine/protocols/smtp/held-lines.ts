/**
 * Lines whose meaning is not known yet: behind DATA before its reply, behind
 * STARTTLS before its reply. Copies, at most 64 KiB of them (PROTECTIONS 1.1.5).
 */
import { looksLikeBase64 } from '../sasl/base64.js';
import { isAuthVerb } from './auth.js';
import { skipBlanks, splitCommand, wordEnd, type CommandParts } from './grammar.js';
import { Line } from './line.js';

const HELD_BYTES = 65_536;
/** A line costs at least so much, however short it is. */
const LINE_OVERHEAD_BYTES = 64;
const SECRET_BYTES = 8;

export class HeldLines {
  private lines: Line[] = [];
  private bytes = 0;

  get isEmpty(): boolean {
    return this.lines.length === 0;
  }

  get isFull(): boolean {
    return this.bytes >= HELD_BYTES;
  }

  get first(): Line | undefined {
    return this.lines[0];
  }

  add(line: Line): void {
    this.lines.push(line.copy());
    this.bytes += line.end - line.start + LINE_OVERHEAD_BYTES;
  }

  /** Hands out what is held and forgets it. */
  release(): readonly Line[] {
    const { lines } = this;
    this.lines = [];
    this.bytes = 0;
    return lines;
  }

  /** All held lines as one stretch with their terminators; what may be a credential in it is marked. */
  joined(): Line {
    const first = this.lines[0] as Line;
    const joined = new Line(first.direction);
    joined.buffer = new Uint8Array(this.lines.reduce((sum, line) => sum + line.buffer.length, 0));
    joined.offset = first.offset;
    joined.line = first.line;
    joined.timeUs = first.timeUs;
    joined.packet = first.packet;
    let at = 0;
    let secret = -1;
    for (const line of this.lines) {
      joined.buffer.set(line.buffer, at);
      const start = secretStart(line);
      if (secret === -1 && start !== -1) secret = at + start;
      at += line.buffer.length;
      joined.lengthBytes += line.lengthBytes;
    }
    joined.end = at;
    if (secret !== -1) joined.markSecret(secret, at, 'response');
    return joined;
  }
}

const parts: CommandParts = { verb: 0, verbStart: 0, verbEnd: 0, argumentStart: 0 };

/** Where a credential begins in a line that nobody has understood yet; -1 when there is none. */
function secretStart(line: Line): number {
  splitCommand(line.buffer, line.start, line.end, parts);
  if (isAuthVerb(parts.verb)) {
    const mechanism = skipBlanks(line.buffer, parts.argumentStart, line.end);
    const response = skipBlanks(line.buffer, wordEnd(line.buffer, mechanism, line.end), line.end);
    return response < line.end ? response : -1;
  }
  return looksLikeBase64(line.buffer, line.start, line.end, SECRET_BYTES) ? line.start : -1;
}
