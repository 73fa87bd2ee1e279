/** Writes a `StreamBatch`, event by event, into memory that it is given. */
import type { DeliveryPosition } from '../tcp/stream-assembler.js';
import { INTEGER, INTEGER_FIELDS, NUMBER, NUMBER_FIELDS, type StreamBatch } from './stream-batch.js';

/** Enough for what happens in a piece of 2 MiB, as a rule; what does not fit is handed over early. */
const MOST_EVENTS = 16_384;
const MOST_DETAILS = 65_536;
export const MOST_OCTETS = 262_144;
/** More than the details of any event: of a connection in many VLANs, or of one that ended. */
const EVENT_DETAILS = 64;

/** Octets that a room for one batch takes. */
export const ROOM_BYTES =
  MOST_EVENTS * (INTEGER_FIELDS * Int32Array.BYTES_PER_ELEMENT + NUMBER_FIELDS * Float64Array.BYTES_PER_ELEMENT) +
  MOST_DETAILS * Float64Array.BYTES_PER_ELEMENT +
  MOST_OCTETS;

/** Memory for a batch, `ROOM_BYTES` from `at` on, which is a multiple of 8. */
export function batchRoom(memory: ArrayBufferLike, at: number): StreamBatch {
  const numbers = new Float64Array(memory, at, MOST_EVENTS * NUMBER_FIELDS);
  const details = new Float64Array(memory, at + numbers.byteLength, MOST_DETAILS);
  const behind = details.byteOffset + details.byteLength;
  const integers = new Int32Array(memory, behind, MOST_EVENTS * INTEGER_FIELDS);
  return { numbers, details, integers, octets: new Uint8Array(memory, behind + integers.byteLength, MOST_OCTETS) };
}

/** How much of a room a batch takes up. */
export interface BatchSize {
  readonly events: number;
  readonly details: number;
  readonly octets: number;
}

/** The batch of that size in a room. */
export function batchIn({ integers, numbers, details, octets }: StreamBatch, size: BatchSize): StreamBatch {
  return {
    integers: integers.subarray(0, size.events * INTEGER_FIELDS),
    numbers: numbers.subarray(0, size.events * NUMBER_FIELDS),
    details: details.subarray(0, size.details),
    octets: octets.subarray(0, size.octets),
  };
}

export class StreamBatchWriter {
  private events = 0;
  private detailed = 0;
  private copied = 0;

  constructor(private room: StreamBatch) {}

  /** From now on writes there. */
  begin(room: StreamBatch): void {
    this.room = room;
    this.clear();
  }

  clear(): void {
    this.events = 0;
    this.detailed = 0;
    this.copied = 0;
  }

  get size(): BatchSize {
    return { events: this.events, details: this.detailed, octets: this.copied };
  }

  /** What was written since it began; borrowed. */
  get batch(): StreamBatch {
    return batchIn(this.room, this.size);
  }

  /** Is there room for one more event, with so many octets? */
  hasRoom(octets: number): boolean {
    const { events, detailed, copied } = this;
    return events < MOST_EVENTS && detailed + EVENT_DETAILS <= MOST_DETAILS && copied + octets <= MOST_OCTETS;
  }

  event(
    code: number,
    conversation: number,
    start: number,
    end: number,
    text: number,
    offset: number,
    position: DeliveryPosition,
    clockUs: number,
  ): void {
    const { integers, numbers } = this.room;
    const at = this.events * INTEGER_FIELDS;
    integers[at + INTEGER.code] = code;
    integers[at + INTEGER.conversation] = conversation;
    integers[at + INTEGER.start] = start;
    integers[at + INTEGER.end] = end;
    integers[at + INTEGER.text] = text;
    const place = this.events * NUMBER_FIELDS;
    numbers[place + NUMBER.offset] = offset;
    numbers[place + NUMBER.timeUs] = position.timeUs;
    numbers[place + NUMBER.packet] = position.packet;
    numbers[place + NUMBER.clockUs] = clockUs;
    this.events++;
  }

  detail(number: number): void {
    this.room.details[this.detailed++] = number;
  }

  detailAll(numbers: Float64Array): void {
    this.room.details.set(numbers, this.detailed);
    this.detailed += numbers.length;
  }

  /** Copies octets into the batch; returns where they begin there. */
  copy(buffer: Uint8Array, start: number, end: number): number {
    const { copied } = this;
    this.room.octets.set(buffer.subarray(start, end), copied);
    this.copied += end - start;
    return copied;
  }
}
