/** Writes a `StreamBatch`, event by event; its arrays grow as needed. */
import type { DeliveryPosition } from '../tcp/stream-assembler.js';
import { INTEGER, INTEGER_FIELDS, NUMBER, NUMBER_FIELDS, type StreamBatch } from './stream-batch.js';

const FIRST_EVENTS = 4096;

export class StreamBatchWriter {
  private integers = new Int32Array(FIRST_EVENTS * INTEGER_FIELDS);
  private numbers = new Float64Array(FIRST_EVENTS * NUMBER_FIELDS);
  private details = new Float64Array(FIRST_EVENTS);
  private octets = new Uint8Array(4096);
  private events = 0;
  private detailed = 0;
  private copied = 0;

  event(
    code: number,
    conversation: number,
    start: number,
    end: number,
    offset: number,
    position: DeliveryPosition,
    clockUs: number,
  ): void {
    if ((this.events + 1) * INTEGER_FIELDS > this.integers.length) this.growEvents();
    const { integers, numbers } = this;
    const at = this.events * INTEGER_FIELDS;
    integers[at + INTEGER.code] = code;
    integers[at + INTEGER.conversation] = conversation;
    integers[at + INTEGER.start] = start;
    integers[at + INTEGER.end] = end;
    const place = this.events * NUMBER_FIELDS;
    numbers[place + NUMBER.offset] = offset;
    numbers[place + NUMBER.timeUs] = position.timeUs;
    numbers[place + NUMBER.packet] = position.packet;
    numbers[place + NUMBER.clockUs] = clockUs;
    this.events++;
  }

  detail(number: number): void {
    if (this.detailed === this.details.length) this.growDetails(1);
    this.details[this.detailed++] = number;
  }

  detailAll(numbers: Float64Array): void {
    if (this.detailed + numbers.length > this.details.length) this.growDetails(numbers.length);
    this.details.set(numbers, this.detailed);
    this.detailed += numbers.length;
  }

  /** Copies octets into the batch; returns where they begin there. */
  copy(buffer: Uint8Array, start: number, end: number): number {
    const { copied } = this;
    const total = copied + end - start;
    if (total > this.octets.length) {
      const larger = new Uint8Array(Math.max(total, this.octets.length * 2));
      larger.set(this.octets.subarray(0, copied));
      this.octets = larger;
    }
    this.octets.set(buffer.subarray(start, end), copied);
    this.copied = total;
    return copied;
  }

  /** Octets that were copied since the last `take`. */
  get copiedBytes(): number {
    return this.copied;
  }

  /** Everything since the last call, and begins anew. The caller owns it. */
  take(): StreamBatch {
    const batch = {
      integers: this.integers.slice(0, this.events * INTEGER_FIELDS),
      numbers: this.numbers.slice(0, this.events * NUMBER_FIELDS),
      details: this.details.slice(0, this.detailed),
      octets: this.octets.slice(0, this.copied),
    };
    this.events = 0;
    this.detailed = 0;
    this.copied = 0;
    return batch;
  }

  private growEvents(): void {
    const integers = new Int32Array(this.integers.length * 2);
    integers.set(this.integers);
    this.integers = integers;
    const numbers = new Float64Array(this.numbers.length * 2);
    numbers.set(this.numbers);
    this.numbers = numbers;
  }

  private growDetails(more: number): void {
    const details = new Float64Array(Math.max(this.details.length * 2, this.detailed + more));
    details.set(this.details);
    this.details = details;
  }
}
