/**
 * Captures and inspects mixed mail traffic on loopback for a while, with a
 * small ring and few sessions kept, so that both bounds are at work, and
 * samples memory and lag. The traffic comes from a process of its own.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InspectorClient } from '../inspector/client.js';
import type { CaptureEngineChoice } from '../shared/capture.js';

const RING = { fileBytes: 1_048_576, files: 4, fileSeconds: 0 };
const SESSIONS_KEPT = 1000;
const MEBIBYTE = 1_048_576;

export interface SoakOptions {
  /** The built threads. */
  readonly inspectorWorker: string;
  readonly captureWorker: string;
  readonly engine: CaptureEngineChoice;
  readonly seconds: number;
  readonly sampleSeconds: number;
  /** Called with each sample as it is taken. */
  readonly onSample?: (sample: SoakSample) => void;
}

export interface SoakSample {
  readonly seconds: number;
  /** Of this process with all its threads. */
  readonly residentMegabytes: number;
  readonly packets: number;
  readonly sessions: number;
  readonly discardedSessions: number;
  readonly violations: number;
  /** Written and not yet inspected. */
  readonly lagBytes: number;
  readonly dropped: number | null;
  readonly ringDiscarded: number;
}

/** The samples, the last one after the end, everything inspected. Rejects when capturing cannot start or breaks off. */
export async function soak(options: SoakOptions): Promise<readonly SoakSample[]> {
  const parent = mkdtempSync(join(tmpdir(), 'mailscope-soak-'));
  const traffic = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname ?? __dirname, 'soak-traffic.ts')],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const policy = { name: 'soak', text: JSON.stringify({ schema: 1, limits: { sessionsKept: SESSIONS_KEPT } }) };
  let wake = (): void => undefined;
  const client = new InspectorClient({
    workerFile: options.inspectorWorker,
    captureWorkerFile: options.captureWorker,
    policy,
    onStatus: () => wake(),
  });
  try {
    const port = Number(await new Promise<Buffer>((resolve) => traffic.stdout.once('data', resolve)));
    await client.startLive({
      interfaceName: 'lo',
      engine: options.engine,
      filter: `tcp port ${port}`,
      promiscuous: false,
      ring: RING,
      folder: join(parent, 'spool'),
    });
    const samples = await sampled(client, options);
    traffic.kill();
    await client.stopLive();
    while (client.status.phase === 'live') await new Promise<void>((resolve) => (wake = resolve));
    if (client.status.problem !== null) throw new Error(client.status.problem.message);
    return [...samples, sampleOf(client, options.seconds)];
  } finally {
    traffic.kill();
    await client.stopLive();
    client.close();
    rmSync(parent, { recursive: true, force: true });
  }
}

async function sampled(client: InspectorClient, options: SoakOptions): Promise<SoakSample[]> {
  const samples: SoakSample[] = [];
  for (let seconds = 0; seconds <= options.seconds; seconds += options.sampleSeconds) {
    if (client.status.phase !== 'live') break;
    const sample = sampleOf(client, seconds);
    samples.push(sample);
    options.onSample?.(sample);
    await new Promise((resolve) => setTimeout(resolve, options.sampleSeconds * 1000));
  }
  return samples;
}

function sampleOf(client: InspectorClient, seconds: number): SoakSample {
  const { totals, live } = client.status;
  return {
    seconds,
    residentMegabytes: Math.round(process.memoryUsage().rss / MEBIBYTE),
    packets: totals.packets,
    sessions: totals.sessions,
    discardedSessions: totals.discardedSessions,
    violations: Object.values(totals.violations).reduce((sum, count) => sum + count, 0),
    lagBytes: (live?.writtenBytes ?? 0) - (live?.inspectedBytes ?? 0),
    dropped: live?.dropped ?? null,
    ringDiscarded: live?.ringDiscarded ?? 0,
  };
}
