/**
 * Entry of a thread that does its share of inspections: takes orders from the
 * thread that started it, one capture after the other, and answers each piece
 * of a capture with what happened in it. Whatever is thrown here ends this
 * thread; the other side hears of it as the worker's `error`.
 */
import { parentPort, type MessagePort } from 'node:worker_threads';
import { sharedOctets } from '../engine/index.js';
import type { Batch, ShardMessage, ShardOrder, ShardStart } from './shards/messages.js';
import { policyOf, ShareInspection } from './shards/share-inspection.js';

function serve(port: MessagePort, start: ShardStart): void {
  const options = { ...start, policy: policyOf(start.policy) };
  const { buffer } = sharedOctets(start.memory);
  let inspection: ShareInspection | null = null;
  port.on('message', (order: ShardOrder) => {
    if (order.kind === 'begin') {
      inspection = new ShareInspection(order.path, options);
      return;
    }
    if (inspection === null) throw new Error('no capture was begun');
    if (order.kind === 'octets') {
      const octets = new Uint8Array(buffer, order.slot * start.slotBytes, order.length);
      const batch = inspection.take(octets);
      tell(port, { kind: 'batch', batch, isFinished: inspection.isFinished });
      return;
    }
    tell(port, { kind: 'end', ...inspection.end() });
    inspection = null;
  });
}

function tell(port: MessagePort, message: ShardMessage): void {
  const { rows, octets }: Batch = message.batch;
  port.postMessage(message, [rows.buffer as ArrayBuffer, octets.buffer as ArrayBuffer]);
}

if (parentPort === null) throw new Error('shard.js runs as a worker thread only.');
const port = parentPort;
port.once('message', (start: ShardStart) => serve(port, start));
