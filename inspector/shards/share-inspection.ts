/**
 * One share of the inspection of a capture, without the thread that it runs in.
 * In: the octets of the capture, piece by piece. Out: after each piece, what
 * happened in it to the share's own connections, most of it as finished text.
 */
import {
  parsePolicy,
  pieceMaker,
  Pipeline,
  profilePolicy,
  type EffectivePolicy,
  type PieceMaker,
} from '../../engine/index.js';
import type { PolicyChoice } from '../messages.js';
import { BatchWriter } from './batch.js';
import type { Batch, ShardOutcome, ShardStart } from './messages.js';

export type ShareOptions = Omit<ShardStart, 'memory' | 'slotBytes' | 'policy'> & { readonly policy: EffectivePolicy };

export class ShareInspection {
  readonly #pipeline: Pipeline;
  readonly #batch = new BatchWriter();
  readonly #maker: PieceMaker;

  /** `path` as the user named it. */
  constructor(path: string, { policy, checksums, decodeAs, revealSecrets, format, index, count, seed }: ShareOptions) {
    const batch = this.#batch;
    this.#maker = pieceMaker(format, path, {
      write: (text) => batch.write(text),
      writeUtf8: (octets) => batch.writeUtf8(octets),
      end: (kind, number) => batch.piece(kind, number, this.#pipeline.moment),
    });
    const maker = this.#maker;
    this.#pipeline = new Pipeline({
      policy,
      checksums,
      decodeAs,
      revealSecrets,
      sink: {
        transaction: (transaction, session) => maker.transaction?.(transaction, session),
        sessionClosed: (session) => maker.ended(session),
      },
      share: {
        index,
        count,
        seed,
        fact: (fact) => batch.fact(fact, this.#pipeline.moment),
        over: (session) => batch.session(session, this.#pipeline.moment),
      },
    });
  }

  /** Takes the next octets, borrowed. */
  take(octets: Uint8Array): Batch {
    this.#pipeline.push(octets);
    return this.#batch.take();
  }

  /** Further octets would be ignored. */
  get isFinished(): boolean {
    return this.#pipeline.finished;
  }

  end(): { readonly batch: Batch; readonly outcome: ShardOutcome } {
    this.#pipeline.end();
    const { totals, problem } = this.#pipeline;
    return { batch: this.#batch.take(), outcome: { totals, problem, kept: this.#maker.kept() } };
  }
}

/** The policy, made where it is used, because it holds functions. */
export function policyOf(choice: PolicyChoice): EffectivePolicy {
  return 'profile' in choice ? profilePolicy(choice.profile) : parsePolicy(choice.text, choice.name);
}
