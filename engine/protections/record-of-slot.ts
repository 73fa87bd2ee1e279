/** Makes the record that leaves the engine from what the ledger holds of one protection. */
import type { Knowledge, MailProtocol } from '../../shared/session.js';
import type { DirectionName } from '../../shared/violation.js';
import type { ActiveProtection } from '../policy/policy.js';
import type { Slot } from './ledger.js';
import type { Candidate, ViolationRecord } from './record.js';

const DIRECTION_NAMES: readonly [DirectionName, DirectionName] = ['to_server', 'to_client'];
/** By `KnowledgeLevel`. */
const KNOWLEDGE_NAMES: readonly Knowledge[] = ['unknown', 'guessed', 'resynced', 'synced'];

/** A fresh plain object: place of the first occurrence, severity and log words of the worst, greatest measured value. */
export function recordOf(slot: Slot, active: readonly ActiveProtection[], protocol: MailProtocol): ViolationRecord {
  const record = recordWithoutLog(slot, active, protocol);
  const { accessLog } = slot.first;
  if (accessLog === null) return record;
  const { also, remedy, references, ...rest } = record;
  return { ...rest, accessLog, also, remedy, references, protocol };
}

/** One literal without spreads, which would give each record a hidden class of its own. */
function recordWithoutLog(slot: Slot, active: readonly ActiveProtection[], protocol: MailProtocol): ViolationRecord {
  const { protection, action } = active[slot.index] as ActiveProtection;
  const { first, worst, greatest } = slot;
  return {
    protection: protection.id,
    title: protection.title,
    attackName: protection.attackNameFor?.[protocol] ?? protection.attackName,
    attackInfo: worst.attackInfo,
    severity: slot.severity,
    confidence: slot.confidence,
    knowledge: KNOWLEDGE_NAMES[first.knowledge] ?? 'unknown',
    timeUs: first.timeUs,
    packet: first.packet,
    direction: DIRECTION_NAMES[first.direction],
    offset: first.offset,
    length: first.length,
    line: first.line,
    measured: greatest.measured,
    limit: greatest.limit,
    unit: greatest.unit,
    count: slot.count,
    state: first.state,
    evidence: first.evidence,
    detail: detailOf(slot),
    action,
    also: slot.also.size === 0 ? [] : idsOf(slot.also, active),
    remedy: protection.remedy,
    references: protection.references,
    protocol,
  };
}

/** In the order of the policy. */
function idsOf(indexes: ReadonlySet<number>, active: readonly ActiveProtection[]): string[] {
  return [...indexes].sort((a, b) => a - b).map((index) => (active[index] as ActiveProtection).protection.id);
}

/** The record of one finding that stands by itself. */
export function recordOfOne(
  candidate: Candidate,
  active: readonly ActiveProtection[],
  protocol: MailProtocol,
): ViolationRecord {
  const { index, severity, confidence } = candidate;
  const once = { first: candidate, worst: candidate, greatest: candidate };
  return recordOf(
    { index, count: 1, severity, confidence, ...once, also: new Set(), isRecorded: true },
    active,
    protocol,
  );
}

/** The first occurrence in words; where a later one is worse, that one too. */
function detailOf(slot: Slot): string {
  const { first, worst } = slot;
  if (worst.line === first.line) return first.detail;
  return `${first.detail} Worse on line ${worst.line}: ${worst.detail}`;
}
