/**
 * One capture from its start to its end: chooses the engine, starts its
 * process, writes what it gives to the ring, tells how it goes. It does nothing
 * else, so that the process never has to wait. However it ends (stopped, killed,
 * the interface gone, the disk full), what was written stays, and the last
 * status says why.
 */
import type { CaptureEngineName, LiveStatus } from '../../shared/capture.js';
import type { Problem } from '../../shared/problem.js';
import { mailFilterFor } from '../engines/mail-filter.js';
import { badFilter } from '../engines/problems.js';
import type { CaptureEngine, CaptureProcess } from '../engines/capture-engine.js';
import { chooseEngine, type CaptureEngines } from '../engines/engines.js';
import { BlockCutter, type OutputCutter } from '../spool/block-cutter.js';
import { PcapConverter } from '../spool/pcap-converter.js';
import { ProblemError } from '../spool/problem-error.js';
import { outputNames, SPOOL_NAMES } from '../spool/ring-names.js';
import { RingWriter } from '../spool/ring-writer.js';
import type { SupervisorStart } from './messages.js';
import { PacketRate } from './packet-rate.js';

const PUSH_EVERY_MS = 100;
/** Also without packets: the rate falls, and a file may be due. */
const TICK_MS = 1000;
const QUIET_MS = 200;
const LONGEST_DRAIN_MS = 3000;
const ORDER_MS = 200;

export class CaptureRun {
  readonly #start: SupervisorStart;
  readonly #engines: CaptureEngines;
  readonly #tell: (status: LiveStatus) => void;
  readonly #rate = new PacketRate();
  readonly #startedMs = Date.now();
  #phase: LiveStatus['phase'] = 'starting';
  #engine: CaptureEngineName;
  #engineReason = '';
  #filter: string;
  #process: CaptureProcess | null = null;
  #ring: RingWriter | null = null;
  #problem: Problem | null = null;
  #isStopping = false;
  /** When its process gave something for the last time; monotonic. */
  #lastTakenMs = 0;
  #pushTimer: NodeJS.Timeout | null = null;
  #asking: NodeJS.Timeout | undefined;
  #dropped: number | null = null;

  constructor(start: SupervisorStart, engines: CaptureEngines, tell: (status: LiveStatus) => void) {
    this.#start = start;
    this.#engines = engines;
    this.#tell = tell;
    const { engine, filter } = start.request;
    this.#filter = filter;
    this.#engine = engine === 'auto' ? 'dumpcap' : engine;
  }

  /** Captures until it is stopped or fails. Resolves after the last status; rejects only when Mailscope itself is wrong. */
  async run(): Promise<void> {
    this.#push();
    const ticking = setInterval(() => this.#tick(), TICK_MS);
    try {
      await this.#capture();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      this.#problem ??= error.problem;
    } finally {
      clearInterval(ticking);
      clearInterval(this.#asking);
      this.#process?.stop();
    }
    if (this.#ring !== null) this.#problem = await this.#ring.close(this.#problem);
    this.#dropped = this.#process?.statistics().dropped ?? null;
    this.#phase = this.#problem === null ? 'stopped' : 'failed';
    this.#push();
  }

  /**
   * Ends the capture. A process that is behind would leave in the kernel what came before, uncounted: so it is asked
   * to end only when it has been quiet for a moment, or, where packets never cease, after a while.
   */
  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    const begunMs = performance.now();
    this.#asking = setInterval(() => {
      const nowMs = performance.now();
      const isQuiet = nowMs - Math.max(begunMs, this.#lastTakenMs) >= QUIET_MS;
      if (!isQuiet && nowMs - begunMs < LONGEST_DRAIN_MS) return;
      clearInterval(this.#asking);
      this.#process?.stop();
    }, QUIET_MS / 4);
  }

  async #capture(): Promise<void> {
    const { request } = this.#start;
    const { interfaceName, promiscuous } = request;
    const choice = await chooseEngine(request.engine, interfaceName, this.#engines);
    if (choice.kind === 'refused') throw new ProblemError(choice.problem);
    const { engine } = choice;
    this.#engine = engine.name;
    this.#engineReason = choice.reason;
    const filter = await this.#checkedFilter(engine);
    if (this.#isStopping) return;
    const ring = this.#openRing();
    const process = engine.start({ interfaceName, filter, promiscuous });
    this.#process = process;
    const cutter = process.format === 'pcap' ? new PcapConverter(ring, interfaceName) : new BlockCutter(ring);
    process.output.on('data', (chunk: Uint8Array) => this.#take(chunk, cutter, ring));
    const { problem } = await process.ended;
    if (problem !== null) await this.#orderedMeanwhile();
    if (!this.#isStopping) this.#problem ??= problem;
  }

  /** Ctrl+C in a terminal reaches the process and the one who orders us at once: its order may be on its way. */
  async #orderedMeanwhile(): Promise<void> {
    if (this.#phase === 'running' && !this.#isStopping) await new Promise((resolve) => setTimeout(resolve, ORDER_MS));
  }

  /** The filter in force; throws `ProblemError` when the library does not take it. */
  async #checkedFilter(engine: CaptureEngine): Promise<string> {
    const { request, mailPorts } = this.#start;
    const { interfaceName } = request;
    if (mailPorts !== null) this.#filter = await mailFilterFor(engine, interfaceName, mailPorts);
    const fault = mailPorts === null ? await engine.checkFilter(this.#filter, interfaceName) : null;
    if (fault !== null) throw new ProblemError(badFilter(this.#filter, fault));
    return this.#filter;
  }

  #openRing(): RingWriter {
    const { request, output } = this.#start;
    const { folder, ring, interfaceName } = request;
    this.#ring = new RingWriter({
      folder,
      ring,
      interfaceName,
      filter: this.#filter,
      engine: this.#engine,
      startedMs: this.#startedMs,
      names: output === null ? SPOOL_NAMES : outputNames(output.path, output.isRing),
      counts: () => this.#process?.statistics() ?? { received: null, dropped: null },
    });
    return this.#ring;
  }

  #take(chunk: Uint8Array, cutter: OutputCutter, ring: RingWriter): void {
    if (this.#problem !== null) return;
    this.#lastTakenMs = performance.now();
    try {
      cutter.push(chunk);
      ring.flush();
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.#phase === 'starting' && ring.files > 0) {
      this.#phase = 'running';
      this.#push();
    } else this.#pushSoon();
  }

  /** The capture cannot go on: its process is ended, and what ended it is kept. */
  #fail(error: unknown): void {
    if (!(error instanceof ProblemError)) throw error;
    this.#problem ??= error.problem;
    this.#process?.output.destroy();
    this.#process?.stop();
  }

  /** Once a second: some engines have to ask their process for its counts. */
  #tick(): void {
    this.#dropped = this.#process?.statistics().dropped ?? null;
    try {
      this.#ring?.tick();
    } catch (error) {
      this.#fail(error);
    }
    this.#pushSoon();
  }

  #pushSoon(): void {
    this.#pushTimer ??= setTimeout(() => this.#push(), PUSH_EVERY_MS);
  }

  #push(): void {
    if (this.#pushTimer !== null) clearTimeout(this.#pushTimer);
    this.#pushTimer = null;
    this.#tell(this.#status());
  }

  #status(): LiveStatus {
    const ring = this.#ring;
    const { interfaceName, folder } = this.#start.request;
    const packets = ring?.packets ?? 0;
    const writtenBytes = ring?.writtenBytes ?? 0;
    return {
      phase: this.#phase,
      interfaceName,
      engine: this.#engine,
      engineReason: this.#engineReason,
      filter: this.#filter,
      startedMs: this.#startedMs,
      packets,
      packetsPerSecond: this.#rate.sample(packets, performance.now()),
      dropped: this.#dropped,
      writtenBytes,
      keptBytes: writtenBytes - (ring?.firstKept ?? 0),
      inspectedBytes: 0,
      ringFiles: ring?.files ?? 0,
      ringDiscarded: ring?.discarded ?? 0,
      folder,
      problem: this.#problem,
    };
  }
}
