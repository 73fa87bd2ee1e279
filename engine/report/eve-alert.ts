/** What is an alert's own in an EVE record: the finding as Suricata has it, and all of it. In: findings. Out: octets. */
import type { Violation } from '../../shared/violation.js';
import { EVE_SEVERITY, signatureId } from './eve-identity.js';
import { fixedPiece, type FixedPiece, type RecordOctets } from './record-octets.js';

const ALERT = {
  direction: fixedPiece('"direction":'),
  allowed: fixedPiece(',"alert":{"action":"allowed","gid":1,"signature_id":'),
  blocked: fixedPiece(',"alert":{"action":"blocked","gid":1,"signature_id":'),
  signature: fixedPiece(',"rev":1,"signature":'),
  category: fixedPiece(',"category":'),
  rank: fixedPiece(',"severity":'),
  metadata: fixedPiece(',"metadata":'),
  protection: fixedPiece('},"mailscope":{"protection":'),
  severity: fixedPiece(',"severity":'),
  confidence: fixedPiece(',"confidence":'),
  attackName: fixedPiece(',"attack_name":'),
  attackInfo: fixedPiece(',"attack_info":'),
  measured: fixedPiece(',"measured":'),
  limit: fixedPiece(',"limit":'),
  unit: fixedPiece(',"unit":'),
  count: fixedPiece(',"count":'),
  knowledge: fixedPiece(',"knowledge":'),
  evidence: fixedPiece(',"evidence":'),
  offset: fixedPiece(',"offset":'),
  length: fixedPiece(',"length":'),
  line: fixedPiece(',"line":'),
  references: fixedPiece(',"references":'),
  also: fixedPiece(',"also":'),
  log: fixedPiece(',"acl_log":'),
  logDocument: fixedPiece(',"acl_log_document":'),
  none: fixedPiece('null'),
  close: fixedPiece('}}\n'),
} as const;

/** Everything behind what all records have, up to the end of the line. */
export function writeAlert(octets: RecordOctets, violation: Violation): void {
  writeRule(octets, violation);
  writeFinding(octets, violation);
  octets.fixed(ALERT.references);
  octets.raw(referenceTexts(violation.references).all);
  octets.fixed(ALERT.also);
  octets.raw(JSON.stringify(violation.also));
  const { accessLog } = violation;
  if (accessLog !== undefined) {
    // The router's line, and the document's wording of it.
    named(octets, ALERT.log, accessLog.corrected);
    named(octets, ALERT.logDocument, accessLog.document);
  }
  octets.fixed(ALERT.close);
}

/** What Suricata's own alerts have. */
function writeRule(octets: RecordOctets, violation: Violation): void {
  named(octets, ALERT.direction, violation.direction);
  octets.fixed(violation.action === 'prevent' ? ALERT.blocked : ALERT.allowed);
  octets.number(signatureId(violation.protection));
  named(octets, ALERT.signature, violation.attackInfo);
  named(octets, ALERT.category, violation.attackName);
  numbered(octets, ALERT.rank, EVE_SEVERITY[violation.severity]);
  octets.fixed(ALERT.metadata);
  octets.raw(referenceTexts(violation.references).metadata);
}

function writeFinding(octets: RecordOctets, violation: Violation): void {
  named(octets, ALERT.protection, violation.protection);
  named(octets, ALERT.severity, violation.severity);
  numbered(octets, ALERT.confidence, violation.confidence);
  named(octets, ALERT.attackName, violation.attackName);
  named(octets, ALERT.attackInfo, violation.attackInfo);
  numbered(octets, ALERT.measured, violation.measured);
  numbered(octets, ALERT.limit, violation.limit);
  named(octets, ALERT.unit, violation.unit);
  numbered(octets, ALERT.count, violation.count);
  named(octets, ALERT.knowledge, violation.knowledge);
  named(octets, ALERT.evidence, violation.evidence);
  numbered(octets, ALERT.offset, violation.offset);
  numbered(octets, ALERT.length, violation.length);
  numbered(octets, ALERT.line, violation.line);
}

function named(octets: RecordOctets, name: FixedPiece, text: string): void {
  octets.fixed(name);
  octets.quoted(text);
}

function numbered(octets: RecordOctets, name: FixedPiece, value: number | null): void {
  octets.fixed(name);
  if (value === null || !Number.isFinite(value)) octets.fixed(ALERT.none);
  else octets.number(value);
}

/** JSON of a finding's references, and of Suricata's metadata, which are lists of words; rule sets use the key `cve`. */
interface ReferenceTexts {
  readonly all: string;
  readonly metadata: string;
}

/** The findings of a protection have their references in common. */
const known = new WeakMap<readonly string[], ReferenceTexts>();

function referenceTexts(references: readonly string[]): ReferenceTexts {
  const texts = known.get(references);
  if (texts !== undefined) return texts;
  const made = newReferenceTexts(references);
  known.set(references, made);
  return made;
}

function newReferenceTexts(references: readonly string[]): ReferenceTexts {
  const cves = references.filter((reference) => /^CVE-\d{4}-\d+$/.test(reference));
  const metadata = cves.length === 0 ? {} : { cve: cves.map((cve) => cve.replaceAll('-', '_')) };
  return { all: JSON.stringify(references), metadata: JSON.stringify(metadata) };
}
