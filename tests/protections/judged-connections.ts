/**
 * Several connections under one policy, made of events by hand: what a
 * protection finds in each, and across them. In: connections, each with its
 * events. Out: their records, joined as a session joins them.
 */
import { Correlator } from '../../engine/correlate/correlator.js';
import { parsePolicy } from '../../engine/policy/parse.js';
import { ProtectionRunner } from '../../engine/protections/run.js';
import type { ConnectionView } from '../../engine/protections/protection.js';
import type { ViolationRecord } from '../../engine/protections/record.js';
import type { ProtocolEvent } from '../../engine/protocols/events.js';
import { AttachedRecords } from '../../engine/session/attached-records.js';
import { connectionView, end } from './made-events.js';

export interface MadeConnection {
  readonly view?: Partial<ConnectionView>;
  readonly events: readonly ProtocolEvent[];
}

/** Records of `id` in each connection; these follow each other. */
export function judgeConnections(
  id: string,
  connections: readonly MadeConnection[],
  policy: Readonly<Record<string, unknown>> = {},
): readonly (readonly ViolationRecord[])[] {
  const effective = parsePolicy(JSON.stringify(policy), 'test');
  const runner = new ProtectionRunner(effective);
  const attached = new Map<number, AttachedRecords>();
  const correlator = new Correlator(effective, ({ fact, record }) => attached.get(fact.sessionId)?.add(record));
  const judged = connections.map(({ view, events }, index) => {
    attached.set(index, new AttachedRecords());
    const one = runner.open(connectionView('smtp', { ...view, id: index }));
    one.onFact = (fact) => correlator.take(fact);
    for (const event of events) one.emit(event);
    if (events.at(-1)?.kind !== end(0).kind) one.emit(end(1_000_000));
    return one;
  });
  correlator.end();
  return judged.map((one, index) =>
    (attached.get(index) as AttachedRecords).joinedWith(one.records()).filter(({ protection }) => protection === id),
  );
}
