/** Runs the engine over the octets of a capture and keeps everything that it says. */
import type { Problem, Totals } from '../../shared/inspection.js';
import type { SessionSummary } from '../../shared/session.js';
import type { MailTransaction } from '../../shared/transaction.js';
import type { Violation } from '../../shared/violation.js';
import { Pipeline } from '../../engine/pipeline.js';
import { profilePolicy } from '../../engine/policy/profiles.js';

export interface Inspected {
  readonly sessions: readonly SessionSummary[];
  readonly violations: readonly Violation[];
  readonly transactions: readonly MailTransaction[];
  readonly totals: Totals;
  readonly problem: Problem | null;
}

const POLICY = profilePolicy('modern');

/** Pushes the octets in chunks: `nextSize` says how long each is. Each chunk is overwritten afterwards, as a reader would. */
export function inspectOctets(octets: Uint8Array, nextSize: () => number = () => octets.length): Inspected {
  const sessions: SessionSummary[] = [];
  const violations: Violation[] = [];
  const transactions: MailTransaction[] = [];
  const pipeline = new Pipeline({
    policy: POLICY,
    sink: {
      sessionClosed: (session) => {
        sessions.push(session.summary());
        violations.push(...session.violations());
      },
      transaction: (transaction, { id }) => void transactions.push(transaction.summary(id)),
    },
  });
  for (let at = 0; at < octets.length;) {
    // A Node buffer, as file readers give it: its `slice` is a view, which a keeper must not rely on.
    const chunk = Buffer.from(octets.subarray(at, at + Math.max(1, nextSize())));
    at += chunk.length;
    pipeline.push(chunk);
    chunk.fill(0xaa); // borrowed until push returns: nothing may look at it later
  }
  pipeline.end();
  return { sessions, violations, transactions, totals: pipeline.totals, problem: pipeline.problem };
}

/** Chunk sizes from 1 to `most`, the same in each run. */
export function unevenSizes(most: number): () => number {
  let state = 12_345;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return 1 + ((state >>> 8) % most);
  };
}
