/**
 * Entry of the worker thread: runs one `Inspection` and connects it to the
 * port of the thread that started it. Whatever is thrown here ends this thread
 * alone; the other side hears of it as the worker's `error`.
 */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { Inspection } from './inspection.js';
import type { Question, WorkerMessage, WorkerStart } from './messages.js';

function serve(port: MessagePort, start: WorkerStart): void {
  const tell = (message: WorkerMessage): void => port.postMessage(message);
  const inspection = new Inspection(
    start,
    (status) => tell({ kind: 'status', status }),
    (violations) => tell({ kind: 'found', violations }),
  );
  port.on('message', (question: Question) => {
    void inspection.answer(question).then((answer) => tell({ kind: 'answer', id: question.id, answer }));
  });
  void inspection.run();
}

if (parentPort === null) throw new Error('worker.js runs as a worker thread only.');
serve(parentPort, workerData as WorkerStart);
