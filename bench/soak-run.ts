/**
 * `npm run soak [-- --seconds N] [--engine NAME]`: ten minutes of capturing,
 * sampled every ten seconds. The exit status is 1 when memory after the first
 * minute grows by more than a fifth.
 */
import { join } from 'node:path';
import { CAPTURE_ENGINES, type CaptureEngineChoice } from '../shared/capture.js';
import { soak, type SoakSample } from './soak.js';

const DIST = join(__dirname, '..', 'dist');
const DEFAULT_SECONDS = 600;
const SAMPLE_SECONDS = 10;
const WARM_UP_SECONDS = 60;
const ALLOWED_GROWTH = 1.2;
const COLUMNS = ['s', 'MiB', 'packets', 'sessions', 'let go', 'findings', 'lag kB', 'ring'];

async function main(): Promise<void> {
  const seconds = Number(option('--seconds') ?? DEFAULT_SECONDS);
  const given = option('--engine') ?? 'auto';
  const engine: CaptureEngineChoice | undefined = (['auto', ...CAPTURE_ENGINES] as const).find(
    (name) => name === given,
  );
  if (!Number.isInteger(seconds) || seconds < 1 || engine === undefined) {
    process.stderr.write('usage: npm run soak -- [--seconds N] [--engine auto|dumpcap|cap|tcpdump]\n');
    process.exitCode = 2;
    return;
  }
  print(COLUMNS);
  const samples = await soak({
    inspectorWorker: join(DIST, 'inspector', 'worker.js'),
    captureWorker: join(DIST, 'capture', 'worker.js'),
    engine,
    seconds,
    sampleSeconds: SAMPLE_SECONDS,
    onSample: (sample) => print(cells(sample)),
  });
  judge(samples);
}

function judge(samples: readonly SoakSample[]): void {
  const warm = samples.filter(({ seconds }) => seconds >= WARM_UP_SECONDS).map((sample) => sample.residentMegabytes);
  const last = samples.at(-1);
  if (last !== undefined)
    process.stdout.write(`ended: ${cells(last).join(' ')}; dropped: ${last.dropped ?? 'not known'}\n`);
  const [first] = warm;
  if (first === undefined) return;
  const most = Math.max(...warm);
  const isFlat = most <= first * ALLOWED_GROWTH;
  process.stdout.write(
    `memory after the first minute: ${first} MiB, at most ${most} MiB: ${isFlat ? 'flat' : 'GROWS'}\n`,
  );
  if (!isFlat) process.exitCode = 1;
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : (process.argv[at + 1] ?? '');
}

function cells(sample: SoakSample): readonly (string | number)[] {
  const { seconds, residentMegabytes, packets, sessions, discardedSessions, violations, lagBytes, ringDiscarded } =
    sample;
  const lag = Math.round(lagBytes / 1000);
  return [seconds, residentMegabytes, packets, sessions, discardedSessions, violations, lag, ringDiscarded];
}

function print(row: readonly (string | number)[]): void {
  process.stdout.write(`${row.map((cell) => String(cell).padStart(9)).join('')}\n`);
}

void main();
