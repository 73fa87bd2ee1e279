/**
 * Entry of the capture supervisor's thread: runs one capture and connects it to
 * the port of the thread that started it. The thread ends with the capture;
 * what is thrown here ends it too, and the other side hears of it.
 */
import { join } from 'node:path';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { captureEngines } from './engines/engines.js';
import { nodeHelper } from './engines/helper-program.js';
import { CaptureRun } from './supervisor/capture-run.js';
import type { SupervisorOrder, SupervisorReport, SupervisorStart } from './supervisor/messages.js';

async function supervise(port: MessagePort, start: SupervisorStart): Promise<void> {
  const helper = start.capHelper ?? nodeHelper(join(__dirname, 'cap-helper.js'));
  const run = new CaptureRun(start, captureEngines(helper), (status) => {
    const report: SupervisorReport = { kind: 'status', status };
    port.postMessage(report);
  });
  port.on('message', (_order: SupervisorOrder) => run.stop());
  await run.run();
  port.close();
}

if (parentPort === null) throw new Error('worker.js runs as a worker thread only.');
void supervise(parentPort, workerData as SupervisorStart);
