/** Runs the command line over captures with any number of shares: in one thread, so that many captures take seconds. */
import { profilePolicy, describeProtections, parsePolicy, PROFILES } from '../../engine/index.js';
import type { Inspector, SharedInspector, Sharing } from '../../cli/host.js';
import { runCommandLine } from '../../cli/command-line.js';
import { expectedProblem, inspectFile, newPipeline } from '../../inspector/inspect-file.js';
import type { ShardedOptions } from '../../inspector/shards/sharded-inspector.js';
import { SharedInspection } from '../../inspector/shards/shared-inspection.js';
import { ShareInspection } from '../../inspector/shards/share-inspection.js';
import { openInput } from '../../inspector/source/capture-input.js';
import { fakeTerminal } from '../cli/fake-host.js';

export const FORMATS = ['eve', 'csv', 'json', 'text'] as const;

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** As `ShardedInspector` does, but one share after the other, each piece of the capture `pieceBytes` long at most. */
export function unthreadedShares(options: Omit<ShardedOptions, 'shardFile'>, pieceBytes: number): SharedInspector {
  const { policy, workers: count } = options;
  return {
    async inspectFile(path, _run, sink) {
      let input;
      try {
        input = await openInput(path);
      } catch (error) {
        return { totals: newPipeline({ policy }, {}).totals, problem: expectedProblem(error), cancelled: false };
      }
      const whole = new SharedInspection(policy, count, sink, () => {});
      const shares = Array.from(
        { length: count },
        (_, index) => new ShareInspection(path, { ...options, index, count, seed: 7 }),
      );
      const take = (octets: Uint8Array): void =>
        shares.forEach((share, i) => {
          const batch = structuredClone(share.take(octets));
          whole.message(i, { kind: 'batch', batch, isFinished: share.isFinished });
        });
      let problem = null;
      try {
        for await (const chunk of input.chunks()) {
          for (let at = 0; at < chunk.length && !whole.isFinished; at += pieceBytes) {
            take(chunk.subarray(at, at + pieceBytes));
          }
          if (whole.isFinished) break;
        }
      } catch (error) {
        problem = expectedProblem(error);
      } finally {
        await input.close();
      }
      shares.forEach((share, i) => whole.message(i, { kind: 'end', ...structuredClone(share.end()) }));
      const ended = await whole.ended;
      const found = whole.isFinished ? ended.problem : (problem ?? ended.problem ?? input.lost);
      return { totals: ended.totals, problem: found, cancelled: false };
    },
    close() {},
  };
}

function neverSplit(): never {
  throw new Error('not to be split');
}

/** The command line; `start` makes the threads of shares. Two never do the work in two stages unless `stages` says how. */
export function inspectorWith(
  start: Sharing['start'],
  stages: Pick<Sharing, 'maySplit' | 'split'> = { maySplit: () => false, split: neverSplit },
): Inspector {
  return {
    inspectFile,
    sharing: { cores: 2, worthwhileWorkers: () => 1, start, ...stages },
    profiles: PROFILES,
    profilePolicy,
    parsePolicy,
    describeProtections,
  };
}

/** Runs `mailscope` with these arguments. */
export async function runWith(inspector: Inspector, args: readonly string[]): Promise<Ran> {
  const terminal = fakeTerminal();
  const status = await runCommandLine(args, terminal, inspector);
  return { status, out: terminal.out.text, err: terminal.err.text };
}

/** `mailscope inspect` with this many shares, without threads. */
export function inspectShared(workers: number, args: readonly string[], pieceBytes = 1_048_576): Promise<Ran> {
  const inspector = inspectorWith((options) => unthreadedShares(options, pieceBytes));
  return runWith(inspector, ['inspect', '--workers', String(workers), ...args]);
}
