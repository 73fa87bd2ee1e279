/**
 * A running capture program, the same for every engine: its standard output is
 * the capture, its standard error is read by the engine's own ear, and however
 * it ends (asked, by itself, killed, crashed, never started), that is told once
 * as a `Problem` or as a clean end.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { Readable } from 'node:stream';
import type { CaptureEngineName } from '../../shared/capture.js';
import type { Problem } from '../../shared/problem.js';
import type { CaptureEnd, CaptureFormat, CaptureProcess, CaptureStart, CaptureStatistics } from './capture-engine.js';
import { explainEnd, type CaptureExit } from './explain-end.js';
import { programEnvironment, startErrorOf } from './run-program.js';
import { postWarden } from './warden.js';

/** What a program said about itself. */
export interface ToldError {
  readonly kind: 'filter' | 'error';
  readonly text: string;
}

/** Reads what a program says while it captures. */
export interface ProgramEar {
  /** Takes a chunk of standard error (borrowed). */
  push(chunk: Uint8Array): void;
  /** The first error that was told; null when none was. */
  readonly told: ToldError | null;
  statistics(): CaptureStatistics;
}

export interface ChildCapture {
  readonly engine: CaptureEngineName;
  readonly format: CaptureFormat;
  readonly request: CaptureStart;
  readonly file: string;
  readonly args: readonly string[];
  readonly ear: ProgramEar;
  /** Asks the program to end; it hands over what it holds first. */
  readonly ask: (child: ChildProcess) => void;
  /** The program watches its own standard input; else a warden watches for it. */
  readonly watchesInput: boolean;
  /** Milliseconds in which the kernel hands over what it has collected: how long after `stop()` the program is asked. */
  readonly drainMs: number;
  /** Called before statistics are read, to have fresh ones. */
  readonly refresh?: (child: ChildProcess) => void;
  /** The reason and fix when the system refused. */
  readonly refusal: () => Promise<Problem>;
}

/** From being asked to being killed. */
const GRACE_MS = 3000;

/** Starts the program. Never throws: what cannot be started ends at once with its problem. */
export function startChild(capture: ChildCapture): CaptureProcess {
  try {
    const child = spawn(capture.file, [...capture.args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: programEnvironment(),
      windowsHide: true,
      // Its own group: an interrupt typed at the terminal is for us, and we end it in order.
      detached: process.platform !== 'win32',
    });
    return new RunningChild(capture, child);
  } catch (error) {
    return refusedCapture(capture.format, explainEnd(capture, neverStarted(error)));
  }
}

/** A capture that ended before it began. */
export function refusedCapture(format: CaptureFormat, why: Promise<Problem> | Problem): CaptureProcess {
  return {
    output: Readable.from([]),
    format,
    pid: null,
    stop: () => {},
    ended: Promise.resolve(why).then((problem) => ({ problem })),
    statistics: () => ({ received: null, dropped: null }),
  };
}

function neverStarted(error: unknown): CaptureExit {
  return {
    startError: startErrorOf(error) || String(error),
    status: null,
    signal: null,
    ranBefore: false,
    cutOff: false,
  };
}

class RunningChild implements CaptureProcess {
  readonly output: Readable;
  readonly format: CaptureFormat;
  readonly pid: number | null;
  readonly ended: Promise<CaptureEnd>;
  private isStopping = false;
  private isOver = false;
  private startError = '';
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly capture: ChildCapture,
    private readonly child: ChildProcess & { stdin: NodeJS.WritableStream; stdout: Readable; stderr: Readable },
  ) {
    this.output = child.stdout;
    this.format = capture.format;
    this.pid = child.pid ?? null;
    child.stderr.on('data', (chunk: Uint8Array) => capture.ear.push(chunk));
    // A program that is gone does not take what it is told; its end says why.
    child.stdin.on('error', () => {});
    child.on('error', (error) => (this.startError = startErrorOf(error) || error.message));
    if (!capture.watchesInput && child.pid !== undefined) {
      const warden = postWarden(child.pid);
      child.once('exit', () => warden.dismiss());
    }
    this.ended = this.untilEnd();
  }

  stop(): void {
    if (this.isStopping || this.isOver) return;
    this.isStopping = true;
    this.after(this.capture.drainMs, () => this.capture.ask(this.child));
    this.after(this.capture.drainMs + GRACE_MS, () => this.child.kill('SIGKILL'));
  }

  statistics(): CaptureStatistics {
    if (!this.isOver && !this.isStopping) this.capture.refresh?.(this.child);
    return this.capture.ear.statistics();
  }

  private after(milliseconds: number, act: () => void): void {
    this.timers.push(setTimeout(act, milliseconds));
  }

  private async untilEnd(): Promise<CaptureEnd> {
    const exit = await new Promise<CaptureExit>((resolve) => {
      this.child.once('exit', () => this.over());
      this.child.once('close', (status, signal) => resolve(this.exitOf(status, signal)));
    });
    this.over();
    if (this.isStopping && this.capture.ear.told === null) return { problem: null };
    return { problem: await explainEnd(this.capture, exit) };
  }

  private over(): void {
    this.isOver = true;
    for (const timer of this.timers) clearTimeout(timer);
  }

  private exitOf(status: number | null, signal: NodeJS.Signals | null): CaptureExit {
    const cutOff = this.output.destroyed && !this.output.readableEnded;
    return { startError: this.startError, status, signal, ranBefore: hasBeenRead(this.output), cutOff };
  }
}

/** Every engine writes a header as soon as it captures. */
function hasBeenRead(output: Readable): boolean {
  return 'bytesRead' in output && typeof output.bytesRead === 'number' && output.bytesRead > 0;
}
