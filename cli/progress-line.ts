/** One line on a terminal that says how far an inspection is; redrawn at most ten times a second. */
import { displayString, formatBytes } from '../engine/index.js';
import type { Output } from './host.js';

const INTERVAL_MS = 100;
const ERASE_LINE = '\r\u001b[K';

export class ProgressLine {
  private drawnAtMs = -Infinity;
  private isDrawn = false;

  constructor(
    private readonly output: Output,
    private readonly columns: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** `sizeBytes` is 0 when nobody knows it, as for a pipe. */
  show(path: string, readBytes: number, sizeBytes: number): void {
    const nowMs = this.nowMs();
    if (nowMs - this.drawnAtMs < INTERVAL_MS) return;
    this.drawnAtMs = nowMs;
    this.isDrawn = true;
    const share =
      sizeBytes > 0 ? `${String(Math.min(100, Math.floor((100 * readBytes) / sizeBytes))).padStart(3)} % of ` : '';
    const amount = formatBytes(sizeBytes > 0 ? sizeBytes : readBytes);
    const text = `${share}${amount}  ${displayString(path)}`;
    this.output.write(ERASE_LINE + [...text].slice(0, Math.max(1, this.columns - 1)).join(''));
    this.output.flush();
  }

  /** Takes the line away, so that other text can stand there. */
  clear(): void {
    if (!this.isDrawn) return;
    this.isDrawn = false;
    this.output.write(ERASE_LINE);
    this.output.flush();
  }
}
