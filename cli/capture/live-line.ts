/** One line on a terminal that says how a capture goes; redrawn at most twice a second. */
import { displayString, formatBytes } from '../../engine/index.js';
import type { LiveStatus } from '../../shared/capture.js';
import type { Totals } from '../../shared/inspection.js';
import type { Output } from '../host.js';

const INTERVAL_MS = 500;
const ERASE_LINE = '\r\u001b[K';
/** Less is not worth telling: a push of the capture waits a moment by itself. */
const SHOWN_LAG_BYTES = 4_194_304;

export class LiveLine {
  #drawnAtMs = -Infinity;
  #isDrawn = false;

  constructor(
    private readonly output: Output,
    private readonly columns: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  show(live: LiveStatus, totals: () => Totals): void {
    const nowMs = this.nowMs();
    if (nowMs - this.#drawnAtMs < INTERVAL_MS) return;
    this.#drawnAtMs = nowMs;
    this.#isDrawn = true;
    const text = liveText(live, totals());
    this.output.write(ERASE_LINE + [...text].slice(0, Math.max(1, this.columns - 1)).join(''));
    this.output.flush();
  }

  /** Takes the line away, so that other text can stand there. */
  clear(): void {
    if (!this.#isDrawn) return;
    this.#isDrawn = false;
    this.output.write(ERASE_LINE);
    this.output.flush();
  }
}

function liveText(live: LiveStatus, totals: Totals): string {
  const name = displayString(live.interfaceName);
  if (live.phase === 'starting') return `${name}: starting`;
  const findings = Object.values(totals.violations).reduce((sum, count) => sum + count, 0);
  const lag = live.writtenBytes - live.inspectedBytes;
  return [
    `${name} (${live.engine}): ${live.packets} packets, ${live.packetsPerSecond}/s`,
    `${totals.sessions} sessions`,
    `${findings} findings`,
    ...(live.dropped === null || live.dropped === 0 ? [] : [`${live.dropped} dropped`]),
    ...(lag < SHOWN_LAG_BYTES ? [] : [`${formatBytes(lag)} to inspect`]),
  ].join(', ');
}
