/**
 * Runs the command line over captures in two halves, without threads: the second
 * half hears of each piece as late as threads allow it, and of nothing but copies,
 * which are overwritten when it is through with them.
 */
import { MailHalf, StreamHalf, type StreamBatch } from '../../engine/index.js';
import type { SplitInspector } from '../../cli/host.js';
import { expectedProblem, newPipeline } from '../../inspector/inspect-file.js';
import { openInput } from '../../inspector/source/capture-input.js';
import { maySplit, type SplitOptions } from '../../inspector/split/split-inspector.js';
import { inspectorWith, runWith, unthreadedShares, type Ran } from './shared-runs.js';

/** What the halves did, beside what they found. */
export interface HalvesLog {
  /** Captures that were split. */
  captures: number;
  /** Batches in the middle of a piece, those before questions included. */
  early: number;
  /** Answers to whether silence was agreed. */
  readonly answers: boolean[];
}

export function newLog(): HalvesLog {
  return { captures: 0, early: 0, answers: [] };
}

/** A batch that the second half did not take yet; behind the last of a piece that piece is overwritten. */
interface Waiting {
  readonly batch: StreamBatch;
  readonly piece: Uint8Array;
  readonly isLast: boolean;
}

/** Pieces by which the first half runs ahead: slots of the shared memory. */
const AHEAD = 3;

/** The halves of one capture and what is between them. */
class Halves {
  readonly mail: MailHalf;
  readonly streams: StreamHalf;
  private readonly waiting: Waiting[] = [];
  private piece: Uint8Array = new Uint8Array(0);

  constructor(
    { policy, checksums, decodeAs, revealSecrets }: Omit<SplitOptions, 'streamsFile'>,
    sink: ConstructorParameters<typeof MailHalf>[1],
    log: HalvesLog,
  ) {
    this.mail = new MailHalf({ policy, revealSecrets }, sink);
    this.streams = new StreamHalf(
      { limits: policy.limits, checksums, decodeAs },
      {
        early: (batch) => {
          log.early++;
          this.tell(batch, false);
        },
        isWaiting: (conversation) => {
          this.hear(0);
          const answer = this.mail.isWaiting(conversation);
          log.answers.push(answer);
          return answer;
        },
      },
    );
  }

  /** Each half has octets of its own, so that neither can look at what it must have let go. */
  take(octets: Uint8Array): void {
    this.piece = Uint8Array.from(octets);
    const own = Buffer.from(octets);
    const batch = this.streams.take(own);
    own.fill(0xaa);
    this.tell(batch, true);
    this.hear(AHEAD);
  }

  end(): void {
    this.piece = new Uint8Array(0);
    this.tell(this.streams.end(), true);
    this.hear(0);
    this.mail.end();
  }

  private tell(batch: StreamBatch, isLast: boolean): void {
    this.waiting.push({ batch: copyOf(batch), piece: this.piece, isLast });
  }

  private hear(ahead: number): void {
    while (this.waiting.length > ahead) {
      const { batch, piece, isLast } = this.waiting.shift() as Waiting;
      this.mail.take(batch, piece);
      batch.octets.fill(0xaa);
      if (isLast) piece.fill(0xaa);
    }
  }
}

/** As `SplitInspector` of the inspector does, each piece of the capture `pieceBytes` long at most. */
function unthreadedHalves(
  options: Omit<SplitOptions, 'streamsFile'>,
  pieceBytes: number,
  log: HalvesLog,
): SplitInspector {
  return {
    async inspectFile(path, _run, sink) {
      let input;
      try {
        input = await openInput(path);
      } catch (error) {
        return {
          totals: newPipeline({ policy: options.policy }, {}).totals,
          problem: expectedProblem(error),
          cancelled: false,
        };
      }
      log.captures++;
      const halves = new Halves(options, sink, log);
      const { streams } = halves;
      let problem = null;
      try {
        for await (const chunk of input.chunks()) {
          for (let at = 0; at < chunk.length && !streams.isFinished; at += pieceBytes) {
            halves.take(chunk.subarray(at, at + pieceBytes));
          }
          if (streams.isFinished) break;
        }
      } catch (error) {
        problem = expectedProblem(error);
      } finally {
        await input.close();
      }
      halves.end();
      const totals = halves.mail.totals(structuredClone(streams.counts));
      return { totals, problem: problem ?? streams.problem ?? input.lost, cancelled: false };
    },
    close() {},
  };
}

/** `mailscope inspect` in two halves where the policy allows it, else in shares; without threads. */
export function inspectSplit(
  args: readonly string[],
  pieceBytes = 1_048_576,
  log: HalvesLog = newLog(),
  workers = 2,
): Promise<Ran> {
  const stages = {
    maySplit,
    split: (options: Omit<SplitOptions, 'streamsFile'>) => unthreadedHalves(options, pieceBytes, log),
  };
  const inspector = inspectorWith((options) => unthreadedShares(options, pieceBytes), stages);
  return runWith(inspector, ['inspect', '--workers', String(workers), ...args]);
}

/** What crosses is the used part of a room that is large. */
function copyOf({ integers, numbers, details, octets }: StreamBatch): StreamBatch {
  return { integers: integers.slice(), numbers: numbers.slice(), details: details.slice(), octets: octets.slice() };
}
