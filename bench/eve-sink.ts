/** A pipeline's sink that makes the EVE report of everything, as the command line does, and throws it away. */
import { EveReport, type PipelineSink } from '../engine/index.js';

export function eveSink(name: string): PipelineSink {
  let octetsMade = 0;
  const report = new EveReport(
    (text) => {
      octetsMade += text.length;
    },
    (octets) => {
      octetsMade += octets.length;
    },
  );
  report.begin(name);
  return {
    finding: (violation) => report.finding(violation),
    transaction: (transaction, session) => report.transaction(transaction, session),
    sessionClosed: (session) => report.ended(session, session.violations()),
  };
}
