/**
 * Packets into pcapng blocks into a file descriptor: gathered in one buffer,
 * written when it is full and when the event loop comes round. Writing blocks
 * when the reader is slow; that is how the helper is held back.
 */
import { writeSync } from 'node:fs';
import { packetBlockBytes, writePacket } from '../pcapng/write.js';
import { PacketClock } from './packet-clock.js';
import { lengthOnWire } from './length-on-wire.js';

const BUFFER_BYTES = 262_144;
const REALIGN_MS = 1000;
const RETRY_MS = 1;

export class PacketOutput {
  private readonly blocks = Buffer.alloc(BUFFER_BYTES);
  private used = 0;
  private isFlushPending = false;
  private readonly clock = new PacketClock();
  private readonly pause = new Int32Array(new SharedArrayBuffer(4));
  private readonly flushLater = (): void => {
    this.isFlushPending = false;
    this.flush();
  };

  /** `failed` is called with the system's code when nothing can be written any more. */
  constructor(
    private readonly descriptor: number,
    private readonly linkType: number,
    private readonly snapLength: number,
    private readonly failed: (code: string) => void,
  ) {
    setInterval(() => this.clock.realign(), REALIGN_MS).unref();
  }

  start(head: Buffer): void {
    this.write(head, head.length);
  }

  /** Takes the first `length` octets of `packet` (borrowed). */
  packet(packet: Buffer, length: number): void {
    if (this.used + packetBlockBytes(length) > BUFFER_BYTES) this.flush();
    const original = length < this.snapLength ? length : lengthOnWire(packet, length, this.linkType);
    this.used = writePacket(this.blocks, this.used, this.clock.nowUs(), packet, length, original);
    if (this.isFlushPending) return;
    this.isFlushPending = true;
    setImmediate(this.flushLater);
  }

  flush(): void {
    const length = this.used;
    this.used = 0;
    this.write(this.blocks, length);
  }

  private write(octets: Buffer, length: number): void {
    let written = 0;
    while (written < length) {
      try {
        written += writeSync(this.descriptor, octets, written, length - written);
      } catch (error) {
        const code = codeOf(error);
        // A descriptor that somebody made non-blocking: try again in a moment.
        if (code !== 'EAGAIN') return this.failed(code);
        Atomics.wait(this.pause, 0, 0, RETRY_MS);
      }
    }
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error';
}
