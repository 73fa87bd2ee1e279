/**
 * One engine in a process of its own, so that a test can put it into a network
 * namespace, give it another user, or kill it. One argument: a `Task` as JSON.
 * Answers are JSON lines on standard output; orders (`stop`, `statistics`) come
 * as lines on standard input.
 */
import { createSocket } from 'node:dgram';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { CaptureEngineChoice, CaptureEngineName } from '../../shared/capture.js';
import { captureEngines, chooseEngine } from '../../capture/engines/engines.js';
import { nodeHelper } from '../../capture/engines/helper-program.js';
import { mailFilterFor } from '../../capture/engines/mail-filter.js';
import { listInterfaces } from '../../capture/interfaces/list-interfaces.js';

export type Task =
  | {
      readonly kind: 'capture';
      readonly engine: CaptureEngineName;
      readonly interfaceName: string;
      /** `mail`: the default filter for this interface. */
      readonly filter: string;
      readonly file: string;
      /** The output is not read before the order `read`. */
      readonly unread?: boolean;
    }
  | {
      readonly kind: 'permission' | 'check';
      readonly engine: CaptureEngineName;
      readonly interfaceName: string;
      readonly filter: string;
    }
  | { readonly kind: 'choose'; readonly choice: CaptureEngineChoice; readonly interfaceName: string }
  | { readonly kind: 'list' }
  /** UDP datagrams to a port of this namespace's loopback; with `burst`, so many and then a pause of some milliseconds. */
  | {
      readonly kind: 'datagrams';
      readonly count: number;
      readonly bytes: number;
      readonly port: number;
      readonly burst?: number;
    }
  /** Ethernet frames as hex, put onto an interface as they are. */
  | { readonly kind: 'frames'; readonly interfaceName: string; readonly frames: readonly string[] };

const [text = '{}', helper = '', node = process.execPath] = process.argv.slice(2);
const task = JSON.parse(text) as Task;
const engines = captureEngines(nodeHelper(helper, node));

function tell(answer: unknown): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function capture(request: Extract<Task, { kind: 'capture' }>): Promise<void> {
  const engine = engines[request.engine];
  const filter = request.filter === 'mail' ? await mailFilterFor(engine, request.interfaceName) : request.filter;
  const running = engine.start({ interfaceName: request.interfaceName, filter, promiscuous: true });
  const orders = createInterface(process.stdin);
  orders.on('line', (order) => {
    if (order === 'stop') running.stop();
    if (order === 'read') running.output.pipe(createWriteStream(request.file));
    if (order === 'statistics') tell({ statistics: running.statistics() });
  });
  let octets = 0;
  if (request.unread === true) running.output.once('readable', () => tell({ octets }));
  else {
    running.output.on('data', (chunk: Buffer) => tell({ octets: (octets += chunk.length) }));
    running.output.pipe(createWriteStream(request.file));
  }
  tell({ started: running.pid, format: running.format });
  tell({ ended: await running.ended, statistics: running.statistics() });
  orders.close();
  process.stdin.destroy();
}

const PAUSE_MS = 5;

async function sendDatagrams(task: Extract<Task, { kind: 'datagrams' }>): Promise<void> {
  const { count, bytes, port, burst = count } = task;
  const socket = createSocket('udp4');
  const payload = Buffer.alloc(bytes, 'x');
  for (let sent = 0; sent < count; sent++) {
    await new Promise((resolve) => socket.send(payload, port, '127.0.0.1', resolve));
    if (sent % burst === burst - 1) await setTimeout(PAUSE_MS);
  }
  socket.close();
}

async function sendFrames(interfaceName: string, frames: readonly string[]): Promise<void> {
  const { Cap } = (await import('cap')).default;
  const sender = new Cap();
  const buffer = Buffer.alloc(65_535);
  sender.open(interfaceName, 'less 1', 1_048_576, buffer);
  for (const frame of frames) sender.send(Buffer.from(frame, 'hex'));
  sender.close();
}

async function main(): Promise<void> {
  switch (task.kind) {
    case 'capture':
      return capture(task);
    case 'permission':
      return tell({ permission: await engines[task.engine].permission(task.interfaceName) });
    case 'check':
      return tell({ refusal: await engines[task.engine].checkFilter(task.filter, task.interfaceName) });
    case 'choose': {
      const choice = await chooseEngine(task.choice, task.interfaceName, engines);
      return tell(
        choice.kind === 'chosen' ? { chosen: choice.engine.name, reason: choice.reason } : { refused: choice.problem },
      );
    }
    case 'datagrams':
      await sendDatagrams(task);
      return tell({ sent: task.count });
    case 'frames':
      await sendFrames(task.interfaceName, task.frames);
      return tell({ sent: task.frames.length });
    case 'list':
      return tell({ interfaces: await listInterfaces(engines) });
  }
}

void main();
