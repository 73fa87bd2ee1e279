/**
 * Violations of a session that were found with the help of other connections.
 * In: records as the correlation releases them. Out: one record per protection,
 * joined with what the session's own judgement says of the same protection.
 */
import { SEVERITY_RANK, type SeverityCounts } from '../../shared/severity.js';
import type { ViolationRecord } from '../protections/record.js';

/** Lines of one protection whose records are kept; of further ones only the number is. */
const REMEMBERED_LINES = 256;

/** The records of one protection by transcript line, and how many lines there were beyond those. */
interface Lines {
  readonly byLine: Map<number, ViolationRecord>;
  beyond: number;
}

export class AttachedRecords {
  /** Rises with every change. */
  version = 0;
  private readonly byProtection = new Map<string, Lines>();

  get isEmpty(): boolean {
    return this.byProtection.size === 0;
  }

  /** A record for a line that has one already replaces it; for another line it is one more occurrence. */
  add(record: ViolationRecord): void {
    this.version++;
    const lines = this.byProtection.get(record.protection) ?? { byLine: new Map(), beyond: 0 };
    this.byProtection.set(record.protection, lines);
    if (lines.byLine.has(record.line) || lines.byLine.size < REMEMBERED_LINES) lines.byLine.set(record.line, record);
    else lines.beyond++;
  }

  /** The session's own records and these, one per protection. */
  joinedWith(own: readonly ViolationRecord[]): readonly ViolationRecord[] {
    if (this.isEmpty) return own;
    const both = own.map((record) => {
      const attached = this.byProtection.get(record.protection);
      return attached === undefined ? record : { ...worseOf(record, joined(attached)), count: record.count };
    });
    const ids = new Set(own.map((record) => record.protection));
    for (const [id, lines] of this.byProtection) if (!ids.has(id)) both.push(joined(lines));
    return both;
  }
}

/** How many of each severity. */
export function countSeverities(records: readonly ViolationRecord[]): SeverityCounts {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity } of records) counts[severity]++;
  return counts;
}

/** The record of the line that came first, with the worst severity of all and its words. */
function joined({ byLine, beyond }: Lines): ViolationRecord {
  return { ...[...byLine.values()].reduce(worseOf), count: byLine.size + beyond };
}

/** The first, with severity and words of the other where that is worse. */
function worseOf(first: ViolationRecord, other: ViolationRecord): ViolationRecord {
  if (SEVERITY_RANK[other.severity] <= SEVERITY_RANK[first.severity]) return first;
  const { severity, confidence, attackInfo } = other;
  const detail =
    other.line === first.line ? other.detail : `${first.detail} Worse on line ${other.line}: ${other.detail}`;
  return { ...first, severity, confidence, attackInfo, detail };
}
