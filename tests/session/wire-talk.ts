/**
 * Plays a conversation to a `WireListener` as a dialogue would: borrowed lines
 * in a buffer that is overwritten after each call, so that nothing may be kept
 * without a copy.
 */
import type { LineRole } from '../../shared/transcript.js';
import type { WireLine, WireListener } from '../../engine/protocols/dialogue.js';
import { KNOWLEDGE, TO_CLIENT, TO_SERVER, type Direction } from '../../engine/protocols/events.js';

export interface SpokenOptions {
  readonly role?: LineRole;
  /** Text within the line that is secret. */
  readonly secret?: string;
  readonly secretLabel?: string;
  readonly message?: number;
  readonly terminator?: 'crlf' | 'lf' | 'none';
  /** Octets of text that crossed and were not held. */
  readonly omittedBytes?: number;
  /** Seconds since the line before. */
  readonly after?: number;
}

export const START_US = 1_700_000_000_000_000;

export class WireTalk {
  timeUs = START_US;
  lines = 0;
  private readonly offsets: [number, number] = [0, 0];
  private readonly buffer = new Uint8Array(262_144);

  constructor(private readonly listener: WireListener) {}

  client(text: string | Uint8Array, options: SpokenOptions = {}): this {
    return this.say(TO_SERVER, text, { role: 'command', ...options });
  }

  server(text: string | Uint8Array, options: SpokenOptions = {}): this {
    return this.say(TO_CLIENT, text, { role: 'reply', ...options });
  }

  /** Stream offset that the next octet of this direction will have. */
  offsetOf(direction: Direction): number {
    return this.offsets[direction];
  }

  blob(
    direction: Direction,
    what: 'chunk' | 'literal',
    pieces: readonly (string | Uint8Array)[],
    secretLabel = '',
  ): this {
    this.lines++;
    pieces.forEach((piece, i) => {
      const { start, end } = this.place(octetsOf(piece));
      const last = i === pieces.length - 1;
      this.listener.blob(
        direction,
        what,
        this.lines,
        this.buffer,
        start,
        end,
        this.offsets[direction],
        last,
        secretLabel,
      );
      this.offsets[direction] += end - start;
      this.buffer.fill(0x21);
    });
    return this;
  }

  gap(direction: Direction, lengthBytes: number): this {
    this.listener.gap(direction, this.offsets[direction], lengthBytes);
    this.offsets[direction] += lengthBytes;
    return this;
  }

  tls(direction: Direction): this {
    this.listener.tls(direction, this.offsets[direction]);
    return this;
  }

  private say(
    direction: Direction,
    text: string | Uint8Array,
    options: SpokenOptions & { readonly role: LineRole },
  ): this {
    const octets = octetsOf(text);
    const { start, end } = this.place(octets);
    const secret = secretRange(octets, options.secret);
    const terminator = options.terminator ?? 'crlf';
    const terminatorBytes = { crlf: 2, lf: 1, none: 0 }[terminator];
    const omittedBytes = options.omittedBytes ?? 0;
    this.timeUs += (options.after ?? 0) * 1_000_000;
    this.lines++;
    const line: WireLine = {
      direction,
      timeUs: this.timeUs,
      packet: this.lines,
      line: this.lines,
      knowledge: KNOWLEDGE.synced,
      state: 'READY',
      buffer: this.buffer,
      start,
      end,
      offset: this.offsets[direction],
      lengthBytes: octets.length + omittedBytes + terminatorBytes,
      terminator,
      secretStart: start + secret.start,
      secretEnd: start + secret.end,
      secretLabel: options.secretLabel ?? (options.secret === undefined ? '' : 'password'),
      role: options.role,
      secure: false,
      message: options.message ?? (options.role === 'body' || options.role === 'header' ? 0 : -1),
      omittedBytes,
    };
    this.listener.line(line);
    this.offsets[direction] += line.lengthBytes;
    this.buffer.fill(0x21);
    return this;
  }

  /** Puts octets somewhere into the shared buffer, not at its beginning. */
  private place(octets: Uint8Array): { readonly start: number; readonly end: number } {
    const start = 7;
    this.buffer.set(octets, start);
    return { start, end: start + octets.length };
  }
}

export function octetsOf(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? new TextEncoder().encode(text) : text;
}

function secretRange(octets: Uint8Array, secret: string | undefined): { readonly start: number; readonly end: number } {
  if (secret === undefined) return { start: 0, end: 0 };
  const wanted = octetsOf(secret);
  const start = Buffer.from(octets).indexOf(wanted);
  if (start < 0) throw new Error(`the line does not contain ${secret}`);
  return { start, end: start + wanted.length };
}
