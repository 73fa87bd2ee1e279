/**
 * Entry of a thread that puts the streams of captures in order: takes pieces of
 * one capture after the other and answers each with what happened in it, for the
 * thread that started it to hear. Whatever is thrown here ends this thread; the
 * other side hears of it as the worker's `error`.
 */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { batchRoom, ROOM_BYTES, sharedOctets, StreamHalf, type StreamBatch } from '../engine/index.js';
import { ANSWER, type StreamMessage, type StreamOrder, type StreamStart } from './split/messages.js';

function serve(port: MessagePort, { memory, slotBytes, rooms, answer, ...options }: StreamStart): void {
  const word = new Int32Array(answer);
  const { buffer } = sharedOctets(memory);
  let half: StreamHalf | null = null;
  let present = { slot: 0, length: 0 };
  const other = {
    early: (batch: StreamBatch) => tellEarly(port, batch, present),
    isWaiting(conversation: number): boolean {
      Atomics.store(word, 0, ANSWER.none);
      tell(port, { kind: 'ask', conversation });
      Atomics.wait(word, 0, ANSWER.none);
      return Atomics.load(word, 0) === ANSWER.yes;
    },
  };
  port.on('message', (order: StreamOrder) => {
    if (order.kind === 'begin') {
      half = new StreamHalf(options, other);
      return;
    }
    if (half === null) throw new Error('no capture was begun');
    if (order.kind === 'octets') {
      present = { slot: order.slot, length: order.length };
      const room = batchRoom(rooms, order.slot * ROOM_BYTES);
      half.take(new Uint8Array(buffer, order.slot * slotBytes, order.length), room);
      tell(port, { kind: 'batch', size: half.size, ...present, isFinished: half.isFinished });
      return;
    }
    present = { slot: 0, length: 0 };
    tellEarly(port, half.end(), present);
    tell(port, { kind: 'end', counts: half.counts, problem: half.problem });
    half = null;
  });
}

function tell(port: MessagePort, message: StreamMessage): void {
  port.postMessage(message);
}

/** A copy crosses: the room is needed for what comes next. */
function tellEarly(
  port: MessagePort,
  batch: StreamBatch,
  piece: { readonly slot: number; readonly length: number },
): void {
  const integers = batch.integers.slice();
  const numbers = batch.numbers.slice();
  const details = batch.details.slice();
  const octets = batch.octets.slice();
  tell(port, { kind: 'early', batch: { integers, numbers, details, octets }, ...piece });
}

if (parentPort === null) throw new Error('streams.js runs as a worker thread only.');
serve(parentPort, workerData as StreamStart);
