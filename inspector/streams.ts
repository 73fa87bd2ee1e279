/**
 * Entry of a thread that puts the streams of captures in order: takes pieces of
 * one capture after the other and answers each with what happened in it, for the
 * thread that started it to hear. Whatever is thrown here ends this thread; the
 * other side hears of it as the worker's `error`.
 */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { StreamHalf, type StreamBatch } from '../engine/index.js';
import { ANSWER, type StreamMessage, type StreamOrder, type StreamStart } from './split/messages.js';

function serve(port: MessagePort, { memory, slotBytes, answer, ...options }: StreamStart): void {
  const word = new Int32Array(answer);
  let half: StreamHalf | null = null;
  let present = { slot: 0, length: 0 };
  const other = {
    early: (batch: StreamBatch) => tell(port, { kind: 'early', batch, ...present }),
    isWaiting(conversation: number): boolean {
      Atomics.store(word, 0, ANSWER.none);
      port.postMessage({ kind: 'ask', conversation } satisfies StreamMessage);
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
      const batch = half.take(new Uint8Array(memory, order.slot * slotBytes, order.length));
      tell(port, { kind: 'batch', batch, ...present, isFinished: half.isFinished });
      return;
    }
    present = { slot: 0, length: 0 };
    const batch = half.end();
    tell(port, { kind: 'end', batch, counts: half.counts, problem: half.problem });
    half = null;
  });
}

function tell(port: MessagePort, message: Exclude<StreamMessage, { readonly kind: 'ask' }>): void {
  const { integers, numbers, details, octets } = message.batch;
  port.postMessage(
    message,
    [integers, numbers, details, octets].map(({ buffer }) => buffer as ArrayBuffer),
  );
}

if (parentPort === null) throw new Error('streams.js runs as a worker thread only.');
serve(parentPort, workerData as StreamStart);
