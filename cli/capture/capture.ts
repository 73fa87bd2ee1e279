/**
 * `mailscope capture`: captures on one interface and reports what it finds. In:
 * checked options. Out: the exit status. EVE and CSV are written as sessions
 * end; text and JSON when the capture is over, but with text each finding is told
 * on stderr as soon as its session ends. SIGINT and SIGTERM end it in
 * order, SIGHUP opens the output file anew.
 */
import { resolve } from 'node:path';
import { CsvReport, displayString, endpointText, formatBytes, readableTime } from '../../engine/index.js';
import { CAPTURED_IS_KEPT } from '../../shared/capture.js';
import type { Problem } from '../../shared/problem.js';
import type { Violation } from '../../shared/violation.js';
import { CommandError, EXIT, unwritable, type ExitStatus } from '../exit-status.js';
import type { Inspector, Terminal } from '../host.js';
import { makeReport, tellProblem } from '../inspect.js';
import { loadPolicy } from '../load-policy.js';
import { openOutput } from '../open-output.js';
import { FileSpool } from '../spool.js';
import { captureFiles, type CaptureFiles } from './capture-files.js';
import type { CaptureOptions } from './capture-options.js';
import type { CaptureOutcome, Captures } from './captures.js';
import { LiveLine } from './live-line.js';
import { LiveReport } from './live-report.js';
import { RotatingOutput } from './rotating-output.js';

/** Runs the command; throws `CommandError` for what is wrong before it begins. */
export async function capture(
  options: CaptureOptions,
  terminal: Terminal,
  inspector: Inspector,
  captures: Captures,
): Promise<ExitStatus> {
  const policy = loadPolicy(options.policy, inspector);
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  const output = openReport(options, terminal, stop);
  const spool = new FileSpool();
  let files: CaptureFiles | null = null;
  try {
    files = captureFiles(options);
    const report = new LiveReport(makeReport(options, terminal, output, spool), options.interface, options.failOn);
    const run = new CaptureCommand(options, terminal, output, report);
    const outcome = await run.follow({ ...files, policy }, captures, stopping);
    return run.finish(outcome);
  } finally {
    spool.dispose();
    output.close();
    files?.remove();
  }
}

/** The report's output; when it is a file, one that can be opened anew. */
function openReport(options: CaptureOptions, terminal: Terminal, stop: () => void): RotatingOutput {
  const { output, write } = options;
  if (output !== undefined && write !== undefined && resolve(output) === resolve(write))
    throw new CommandError(EXIT.usage, `${output}: is to hold the packets too`, 'Give --output another name.');
  const inputs = options.write === undefined ? [] : [options.write];
  const opened = openOutput(options.output, inputs, terminal, stop);
  return new RotatingOutput(options.output ?? '-', opened, () => (options.format === 'csv' ? csvHeader() : ''), stop);
}

function csvHeader(): string {
  let text = '';
  new CsvReport((written) => (text += written)).close();
  return text;
}

type Files = CaptureFiles & { readonly policy: ReturnType<typeof loadPolicy> };

class CaptureCommand {
  readonly #options: CaptureOptions;
  readonly #terminal: Terminal;
  readonly #output: RotatingOutput;
  readonly #report: LiveReport;
  readonly #line: LiveLine | null;

  constructor(options: CaptureOptions, terminal: Terminal, output: RotatingOutput, report: LiveReport) {
    this.#options = options;
    this.#terminal = terminal;
    this.#output = output;
    this.#report = report;
    // A report that streams onto the same terminal would be torn apart by it.
    const streams = terminal.outIsTerminal && options.output === undefined && options.format !== 'text';
    const isShown = terminal.errIsTerminal && options.quiet !== true && !streams;
    this.#line = isShown ? new LiveLine(terminal.err, terminal.columns) : null;
    // The table comes at the end; whoever watches wants to know now.
    if (options.format === 'text' && options.quiet !== true) report.onFound = (violation) => this.#tell(violation);
  }

  #tell(violation: Violation): void {
    const { timeUs, severity, title, protection, client, server, line } = violation;
    const place = line === 0 ? '' : `, line ${line}`;
    this.#line?.clear();
    this.#terminal.err.write(
      `${readableTime(timeUs).slice(0, 19)}  ${severity.padEnd(8)}  ${title} (${protection})  ` +
        `${endpointText(client)} -> ${endpointText(server)}${place}\n`,
    );
    this.#terminal.err.flush();
  }

  /** Captures until something ends it. */
  async follow(files: Files, captures: Captures, stopping: AbortController): Promise<CaptureOutcome> {
    const { interface: interfaceName, engine, captureFilter: filter = null, promiscuous, autostop } = this.#options;
    const { checksums, decodeAs, revealSecrets = false } = this.#options;
    const { ring, folder, output, policy } = files;
    const running = captures.start(
      {
        interfaceName,
        engine,
        filter,
        promiscuous,
        ring,
        folder,
        output,
        policy,
        checksums,
        decodeAs,
        revealSecrets,
        onProgress: (live, totals) => {
          this.#line?.show(live, totals);
          // What streams must not wait until a buffer is full.
          this.#output.flush();
        },
      },
      this.#report,
    );
    stopping.signal.addEventListener('abort', () => running.stop(), { once: true });
    const forget = this.#listen(stopping);
    const { duration } = autostop;
    const timer = duration === undefined ? undefined : setTimeout(() => running.stop(), duration * 1000);
    try {
      return await running.result;
    } finally {
      clearTimeout(timer);
      forget();
      this.#line?.clear();
    }
  }

  finish(outcome: CaptureOutcome): ExitStatus {
    const { live, hasStarted } = outcome;
    const problem = this.#withoutPackets(outcome);
    const name = live.interfaceName;
    if (!hasStarted && problem !== null) {
      const status = problem.code === 'capture-filter' ? EXIT.usage : EXIT.capture;
      throw new CommandError(status, `${name}: ${problem.message}`, problem.hint);
    }
    this.#report.finish({ path: name, totals: outcome.totals, problem });
    this.#output.flush();
    if (problem !== null) tellProblem(this.#terminal, name, problem);
    if (this.#options.quiet !== true) this.#terminal.err.write(`mailscope: ${countText(outcome)}\n`);
    const { state } = this.#output;
    if (state === 'closed') return EXIT.done;
    if (state !== 'open') throw unwritable(state);
    if (problem !== null) return EXIT.input;
    return this.#report.isFailing ? EXIT.findings : EXIT.done;
  }

  /** The problem, promising nothing: without `-w` the packets go with the command, and before the start there are none. */
  #withoutPackets({ problem, hasStarted }: CaptureOutcome): Problem | null {
    if (problem === null || (hasStarted && this.#options.write !== undefined)) return problem;
    const instead = hasStarted ? 'What was captured until then has been inspected; -w FILE would keep it.' : '';
    return { ...problem, hint: problem.hint.replace(CAPTURED_IS_KEPT, instead).trim() };
  }

  /** Joins the signals with the capture; returns how to part them again. */
  #listen(stopping: AbortController): () => void {
    const { stop, onSignal } = this.#terminal;
    const end = (): void => stopping.abort();
    stop.addEventListener('abort', end);
    if (stop.aborted) end();
    const forgetTerminate = onSignal?.('SIGTERM', end);
    const rotates = this.#options.output !== undefined && this.#options.output !== '-';
    const forgetHangUp = onSignal?.('SIGHUP', rotates ? () => this.#reopen() : end);
    return () => {
      stop.removeEventListener('abort', end);
      forgetTerminate?.();
      forgetHangUp?.();
    };
  }

  #reopen(): void {
    const code = this.#output.reopen();
    if (code === null) return;
    const path = displayString(this.#options.output ?? '');
    this.#terminal.err.write(`mailscope: ${path}: cannot be opened anew (${code}); writing goes on where it was\n`);
    this.#terminal.err.flush();
  }
}

/** `lo: 1,234 packets captured by dumpcap, 0 dropped, 1.2 MB`. */
function countText({ live }: CaptureOutcome): string {
  const dropped = live.dropped === null ? 'drops not known' : `${live.dropped} dropped`;
  const name = displayString(live.interfaceName);
  return `${name}: ${live.packets} packets captured by ${live.engine}, ${dropped}, ${formatBytes(live.writtenBytes)}`;
}
