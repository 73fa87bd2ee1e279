/** The members of EVE records that are rare: alerts, and what was seen of TLS. In: findings, sessions. Out: JSON text. */
import type { Violation } from '../../shared/violation.js';
import type { OutlinedText, SessionOutline } from '../outline.js';
import { displayText } from '../text/display.js';
import { EVE_SEVERITY, signatureId } from './eve-identity.js';

type Json = Readonly<Record<string, unknown>>;

/** The members of an object as text, without its braces. */
export function membersOf(record: Json): string {
  return JSON.stringify(record).slice(1, -1);
}

export function alertMembers(violation: Violation): Json {
  return {
    direction: violation.direction,
    alert: {
      action: violation.action === 'prevent' ? 'blocked' : 'allowed',
      gid: 1,
      signature_id: signatureId(violation.protection),
      rev: 1,
      signature: violation.attackInfo,
      category: violation.attackName,
      severity: EVE_SEVERITY[violation.severity],
      metadata: alertMetadata(violation),
    },
    mailscope: {
      protection: violation.protection,
      severity: violation.severity,
      confidence: violation.confidence,
      attack_name: violation.attackName,
      attack_info: violation.attackInfo,
      measured: violation.measured,
      limit: violation.limit,
      unit: violation.unit,
      count: violation.count,
      knowledge: violation.knowledge,
      evidence: violation.evidence,
      offset: violation.offset,
      length: violation.length,
      line: violation.line,
      references: violation.references,
      also: violation.also,
      ...aclLog(violation),
    },
  };
}

/** The router's line, and the document's wording of it. */
function aclLog({ accessLog }: Violation): Json {
  return accessLog === undefined ? {} : { acl_log: accessLog.corrected, acl_log_document: accessLog.document };
}

/** Suricata's metadata is lists of words; `cve` is the key that rule sets use. */
function alertMetadata(violation: Violation): Json {
  const cves = violation.references.filter((reference) => /^CVE-\d{4}-\d+$/.test(reference));
  return cves.length === 0 ? {} : { cve: cves.map((cve) => cve.replaceAll('-', '_')) };
}

/** `longest`: characters of a text that are shown. */
export function tlsMembers(session: SessionOutline, longest: number): Json {
  const { tlsVersion: version, tls: use } = session;
  const sni = textOf(session.sni, longest);
  return { tls: { ...(version === '' ? {} : { version }), ...(sni === '' ? {} : { sni }) }, mailscope: { use } };
}

function textOf(text: OutlinedText, longest: number): string {
  return typeof text === 'string' ? text : displayText(text, 0, text.length, longest);
}
