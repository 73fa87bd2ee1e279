/**
 * Entry of a thread that puts the streams of captures in order: takes pieces of
 * one capture after the other, or reads them itself, and answers each with what
 * happened in it, for the thread that started it to hear. Whatever is thrown here
 * ends this thread; the other side hears of it as the worker's `error`.
 */
import { parentPort, type MessagePort } from 'node:worker_threads';
import { StreamThread } from './split/stream-thread.js';
import type { StreamOrder, StreamStart } from './split/messages.js';

function serve(port: MessagePort, start: StreamStart): void {
  const thread = new StreamThread(start, (message, handedOver = []) => port.postMessage(message, handedOver));
  port.on('message', (order: StreamOrder) => thread.take(order));
}

if (parentPort === null) throw new Error('streams.js runs as a worker thread only.');
const port = parentPort;
port.once('message', (start: StreamStart) => serve(port, start));
