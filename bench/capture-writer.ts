/**
 * A classic pcap file as it is written: little-endian, microseconds, Ethernet,
 * time rising with each packet. Records are put together in one reused buffer,
 * which is handed on when it is full: to a file, a pipe, or a pipeline.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

const BUFFER_BYTES = 1024 * 1024;
/** 2026-11-21 08:00:00 UTC. */
const START_SECONDS = 1_795_248_000;
const FILE_HEADER = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');
export const RECORD_HEADER_BYTES = 16;

export class CaptureWriter {
  /** Octets and packets written so far. */
  bytes = 0;
  packets = 0;
  seconds = START_SECONDS;
  micros = 0;
  /** Where the next record is written. */
  readonly buffer: Buffer;
  private at: number;

  /** `deliver` borrows the octets until it returns. */
  constructor(
    private readonly deliver: (octets: Buffer) => void,
    fileHeader: Uint8Array = FILE_HEADER,
    bufferBytes = BUFFER_BYTES,
  ) {
    this.buffer = Buffer.allocUnsafe(bufferBytes);
    this.buffer.set(fileHeader);
    this.at = fileHeader.length;
    this.bytes = this.at;
  }

  /** Position in `buffer` of a record that takes at most `mostBytes`; time moves on by `pauseUs`. */
  begin(mostBytes: number, pauseUs: number): number {
    if (this.at + mostBytes > this.buffer.length) this.flush();
    this.micros += pauseUs;
    while (this.micros >= 1_000_000) {
      this.micros -= 1_000_000;
      this.seconds++;
    }
    return this.at;
  }

  /** The record that `begin` made room for ends at `end`. */
  end(end: number): void {
    this.bytes += end - this.at;
    this.at = end;
    this.packets++;
  }

  flush(): void {
    if (this.at > 0) this.deliver(this.buffer.subarray(0, this.at));
    this.at = 0;
  }
}

/** Lets `write` fill a file or a named pipe; returns what it returned. */
export function writeCaptureFile<T>(file: string, write: (writer: CaptureWriter) => T): T {
  const descriptor = openSync(file, 'w');
  try {
    const writer = new CaptureWriter((octets) => {
      for (let from = 0; from < octets.length;) from += writeSync(descriptor, octets, from, octets.length - from);
    });
    const result = write(writer);
    writer.flush();
    return result;
  } finally {
    closeSync(descriptor);
  }
}
