/**
 * Plays a transcript to its dialogue and judges it. In: a transcript, a cut, a
 * policy. Out: records and occurrences as plain data, and the records in the
 * one-line notation of the blocks `findings`.
 */
import { Correlator } from '../../engine/correlate/correlator.js';
import { parsePolicy } from '../../engine/policy/parse.js';
import type { EffectivePolicy } from '../../engine/policy/policy.js';
import { profilePolicy } from '../../engine/policy/profiles.js';
import { ProtectionRunner, type JudgedConnection } from '../../engine/protections/run.js';
import type { ConnectionView } from '../../engine/protections/protection.js';
import type { Occurrence, ViolationRecord } from '../../engine/protections/record.js';
import { createImapDialogue } from '../../engine/protocols/imap/index.js';
import { createPop3Dialogue } from '../../engine/protocols/pop3/index.js';
import { createSmtpDialogue } from '../../engine/protocols/smtp/index.js';
import { AttachedRecords } from '../../engine/session/attached-records.js';
import type { MailProtocol } from '../../shared/session.js';
import { replay, type CutMode, type DialogueFactory, type Transcript } from '../transcripts/harness.js';
import { connectionView, handshake } from './made-events.js';

export const DIALOGUES: Readonly<Record<MailProtocol, DialogueFactory>> = {
  smtp: createSmtpDialogue,
  pop3: createPop3Dialogue,
  imap: createImapDialogue,
};

export interface Judgement {
  readonly records: readonly ViolationRecord[];
  readonly occurrences: readonly Occurrence[];
}

/** The policy of a transcript's block `policy` (a policy file's text), else the default profile. */
export function policyOf(transcript: Transcript): EffectivePolicy {
  const text = transcript.blocks.get('policy');
  return text === undefined ? profilePolicy('modern') : parsePolicy(text, 'transcript');
}

/**
 * Judges the conversation, and its handshake before it. The block `connection` names the ends where
 * they matter: `198.51.100.7:40000 10.0.0.25:25`.
 */
export function judgeTranscript(transcript: Transcript, cut: CutMode, policy = policyOf(transcript)): Judgement {
  const runner = new ProtectionRunner(policy);
  const occurrences: Occurrence[] = [];
  const attached = new AttachedRecords();
  const correlator = new Correlator(policy, ({ record, isSummary }) => {
    if (isSummary) return;
    attached.add(record);
    occurrences.push(occurrenceOf(record));
  });
  const opened: JudgedConnection[] = [];
  replay(transcript, cut, (context) => {
    const isMissing = (direction: 0 | 1): boolean => context.isMissing(direction);
    const view = connectionView(transcript.protocol, {
      facts: context.facts,
      fromStart: context.fromStart,
      isOneSided: () => isMissing(0) || isMissing(1),
      isServerSilent: () => !isMissing(1) && context.facts.lastReply === null,
      startUs: context.position.timeUs,
      ...endsOf(transcript),
    });
    const judged = runner.open(view);
    judged.onOccurrence = (occurrence) => occurrences.push(occurrence);
    judged.onFact = (fact) => correlator.take(fact);
    opened.push(judged);
    if (context.fromStart) {
      judged.handshake(handshake('asked', context.position.timeUs));
      if (!isMissing(1)) judged.handshake(handshake('answered', context.position.timeUs));
    }
    // The judge alone hears the events: copying each would take long for lines that grow octet by octet.
    return DIALOGUES[transcript.protocol]({ ...context, events: judged });
  });
  correlator.end();
  const occurred = [...occurrences].sort((a, b) => a.line - b.line || a.protection.localeCompare(b.protection));
  return { records: attached.joinedWith((opened[0] as JudgedConnection).records()), occurrences: occurred };
}

function occurrenceOf({ protection, severity, line, direction, offset, length }: ViolationRecord): Occurrence {
  return { protection, severity, line, direction: direction === 'to_server' ? 0 : 1, offset, length };
}

function endsOf(transcript: Transcript): Partial<ConnectionView> {
  const ends = /^(\S+):(\d+) (\S+):(\d+)$/.exec(transcript.blocks.get('connection')?.trim() ?? '');
  if (ends === null) return {};
  const [, clientAddress = '', clientPort, serverAddress = '', serverPort] = ends;
  return { clientAddress, clientPort: Number(clientPort), serverAddress, serverPort: Number(serverPort) };
}

/** `medium smtp-max-recipients line 5 x3 103/100 recipients also a,b: evidence`. */
export function describeRecord(record: ViolationRecord): string {
  const { measured, limit, unit, also, line, count } = record;
  const measure = measured === null ? '' : ` ${measured}/${limit ?? '-'}${unit === '' ? '' : ` ${unit}`}`;
  const folded = also.length === 0 ? '' : ` also ${also.join(',')}`;
  return `${record.severity} ${record.protection} line ${line} x${count}${measure}${folded}: ${record.evidence}`;
}
