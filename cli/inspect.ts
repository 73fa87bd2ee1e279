/**
 * `mailscope inspect`: inspects captures one after the other and writes one
 * report of all. In: checked options. Out: the exit status. What could be read
 * is always delivered; what could not is told on standard error.
 */
import { CsvReport, displayString, EveReport, JsonReport, TextReport } from '../engine/index.js';
import type { PipelineSink, ReportSession, ReportWriter, SessionHandle } from '../engine/index.js';
import type { MergedSink } from '../inspector/index.js';
import type { Problem } from '../shared/inspection.js';
import { SEVERITIES, SEVERITY_RANK } from '../shared/severity.js';
import type { Violation } from '../shared/violation.js';
import { mostByDefault } from './early-thread.js';
import { CommandError, EXIT, unwritable, type ExitStatus } from './exit-status.js';
import type { Inspected, Inspector, Output, SharedInspector, Sharing, SplitInspector, Terminal } from './host.js';
import type { InspectOptions } from './inspect-options.js';
import { makePolicy, readChoice } from './load-policy.js';
import { openTurningOutput } from './open-output.js';
import { PieceTaker } from './piece-taker.js';
import { ProgressLine } from './progress-line.js';
import { FileSpool } from './spool.js';

/** Runs the command; throws `CommandError` for what is wrong before it begins. */
export async function inspect(
  files: readonly string[],
  options: InspectOptions,
  terminal: Terminal,
  inspector: Inspector,
): Promise<ExitStatus> {
  if (files.filter((file) => file === '-').length > 1) {
    throw new CommandError(EXIT.usage, 'standard input (-) can be read only once', 'Give - once, or name files.');
  }
  const policyChoice = readChoice(options.policy, inspector);
  const policy = makePolicy(policyChoice, inspector);
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  terminal.stop.addEventListener('abort', stop);
  if (terminal.stop.aborted) stop();
  const opened = openTurningOutput(options.output, files, terminal, stop);
  const spool = new FileSpool();
  const run = new InspectRun(options, terminal, opened.output, makeReport(options, terminal, opened.output, spool));
  const { checksums, decodeAs, revealSecrets = false, format } = options;
  const request = { policy, checksums, decodeAs, revealSecrets };
  const { sharing } = inspector;
  const maySplit = sharing?.maySplit(policy) === true;
  let threads: SharedInspector | null = null;
  let halves: SplitInspector | null = null;
  try {
    for (const file of files) {
      if (stopped.signal.aborted) break;
      const course = { signal: stopped.signal, onProgress: run.progressOf(file) };
      const count = workersFor(file, options, sharing, maySplit);
      if (count === 2 && maySplit && sharing !== undefined) {
        halves ??= sharing.split(request);
        run.finish(file, await halves.inspectFile(file, course, run.begin(file)));
        continue;
      }
      if (count > 1) {
        threads ??= sharing?.start({ ...request, policyChoice, format, workers: count }) ?? null;
      }
      const result =
        threads !== null && count > 1
          ? await threads.inspectFile(file, course, run.beginMerged(file))
          : await inspector.inspectFile(file, { ...request, ...course }, run.begin(file));
      run.finish(file, result);
    }
    run.report.close();
  } finally {
    threads?.close();
    halves?.close();
    terminal.stop.removeEventListener('abort', stop);
    spool.dispose();
    await opened.close();
  }
  return run.status();
}

/** By default as many as are worthwhile for the file, and at most one for each core. */
function workersFor(
  file: string,
  { workers }: InspectOptions,
  sharing: Sharing | undefined,
  maySplit: boolean,
): number {
  if (sharing === undefined) return 1;
  return workers ?? sharing.worthwhileWorkers(file, mostByDefault(sharing.cores), maySplit);
}

const INTERRUPTED: Problem = {
  code: 'interrupted',
  message: 'The inspection was interrupted: what comes later in this capture was not inspected.',
  hint: 'Inspect the capture again.',
};

/** One call of the command: the report being written and what the exit status will depend on. */
class InspectRun {
  private readonly progress: ProgressLine | null;
  private readonly failRank: number;
  private hasProblem = false;
  private isFailing = false;
  private violationId = 0;

  constructor(
    options: InspectOptions,
    private readonly terminal: Terminal,
    private readonly output: Output,
    readonly report: ReportWriter,
  ) {
    this.failRank = options.failOn === undefined ? Infinity : SEVERITY_RANK[options.failOn];
    // A report that streams onto the same terminal would be torn apart by a progress line.
    const streams = terminal.outIsTerminal && options.output === undefined && options.format !== 'text';
    const isShown = terminal.errIsTerminal && options.quiet !== true && !streams;
    this.progress = isShown ? new ProgressLine(terminal.err, terminal.columns) : null;
  }

  progressOf(file: string): (progress: { readonly readBytes: number; readonly sizeBytes: number }) => void {
    return ({ readBytes, sizeBytes }) => this.progress?.show(file, readBytes, sizeBytes);
  }

  begin(file: string): PipelineSink {
    this.violationId = 0;
    this.report.begin(file);
    return {
      sessionClosed: (session) => this.sessionClosed(session),
      finding: (violation) => this.finding(violation),
      transaction: (transaction, session) => this.report.transaction?.(transaction, session),
    };
  }

  /** As `begin`, for a report whose pieces are made elsewhere. */
  beginMerged(file: string): MergedSink {
    this.violationId = 0;
    this.report.begin(file);
    const taker = new PieceTaker(this.report, this.output);
    return {
      piece: (kind, octets, number) => {
        this.violationId += taker.take(kind, octets, number, this.violationId);
      },
      session: (session) => this.session(session),
      finding: (violation) => this.finding(violation),
      share: (counts, kept) => {
        if (SEVERITIES.some((severity) => counts[severity] > 0 && SEVERITY_RANK[severity] >= this.failRank)) {
          this.isFailing = true;
        }
        if (kept !== null) taker.listed(kept);
      },
    };
  }

  finish(path: string, { totals, problem, cancelled }: Inspected): void {
    this.progress?.clear();
    // Without it, what was cut short would look complete to whoever reads the report later.
    this.report.finish({ path, totals, problem: problem ?? (cancelled ? INTERRUPTED : null) });
    if (problem === null) return;
    this.hasProblem = true;
    this.output.flush();
    tellProblem(this.terminal, path, problem);
  }

  status(): ExitStatus {
    const { state } = this.output;
    if (state === 'closed') return EXIT.done;
    if (state !== 'open') throw unwritable(state);
    if (this.terminal.stop.aborted) {
      this.terminal.err.write('mailscope: interrupted; the report covers what was read until then\n');
      return EXIT.interrupted;
    }
    if (this.hasProblem) return EXIT.input;
    return this.isFailing ? EXIT.findings : EXIT.done;
  }

  private finding(violation: Violation): void {
    this.report.finding(this.numbered(violation));
  }

  private allNumbered(violations: readonly Violation[]): readonly Violation[] {
    return violations.length === 0 ? violations : violations.map((violation) => this.numbered(violation));
  }

  private numbered(violation: Violation): Violation {
    if (SEVERITY_RANK[violation.severity] >= this.failRank) this.isFailing = true;
    return { ...violation, id: ++this.violationId };
  }

  private sessionClosed(handle: SessionHandle): void {
    this.report.ended(handle, this.allNumbered(handle.violations()));
  }

  private session({ session, violations, lastPacket }: ReportSession): void {
    this.report.session({ session, violations: this.allNumbered(violations), lastPacket });
  }
}

/** The writer of the format that is asked for. */
export function makeReport(
  options: Pick<InspectOptions, 'format' | 'output'>,
  terminal: Terminal,
  output: Output,
  spool: FileSpool,
): ReportWriter {
  const write = (text: string): void => output.write(text);
  switch (options.format) {
    case 'eve':
      return new EveReport(write, output.writeUtf8 === undefined ? null : (octets) => output.writeUtf8?.(octets));
    case 'csv':
      return new CsvReport(write);
    case 'json':
      return new JsonReport(write, spool, { name: 'mailscope', version: terminal.version });
    case 'text':
      return new TextReport(write, {
        colour: terminal.outIsTerminal && !terminal.noColour && options.output === undefined,
      });
  }
}

/** `mailscope: FILE: message`, and what to do about it. */
export function tellProblem(terminal: Terminal, path: string, { message, hint }: Problem): void {
  const name = path === '-' ? 'standard input' : path;
  // The inspector may name the file itself.
  const text = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
  terminal.err.write(`mailscope: ${displayString(name)}: ${displayString(text)}\n`);
  if (hint !== '') terminal.err.write(`  ${displayString(hint)}\n`);
  terminal.err.flush();
}
