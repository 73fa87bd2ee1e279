/**
 * Finds rows by bare words: every word must occur, in any case, somewhere in
 * what the row shows. Nothing is indexed: a word is looked for in the fields
 * one by one until it is found.
 */
import type { SessionSummary } from '../../shared/session.js';
import type { Violation } from '../../shared/violation.js';
import type { Row } from './rows.js';

export type Matches = (row: Row) => boolean;

/** The words of a search text, lower case. */
export function searchWords(search: string): readonly string[] {
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Tells whether a row has all the words. */
export function rowMatcher(words: readonly string[]): Matches {
  if (words.length === 0) return () => true;
  return (row) => {
    const fields = row.kind === 'sessions' ? sessionFields(row.value) : violationFields(row.value);
    return words.every((word) =>
      fields.some((field) => field.length >= word.length && field.toLowerCase().includes(word)),
    );
  };
}

function sessionFields(session: SessionSummary): readonly string[] {
  return [
    session.client.address,
    session.server.address,
    session.user,
    session.mailFrom,
    session.rcptTo,
    session.helo,
    session.lastReply,
    session.protocol,
    session.sni,
    session.tls,
    session.tlsVersion,
    session.worst ?? '',
    String(session.client.port),
    String(session.server.port),
    ...session.tags,
  ];
}

function violationFields(violation: Violation): readonly string[] {
  return [
    violation.attackName,
    violation.attackInfo,
    violation.protection,
    violation.title,
    violation.client.address,
    violation.server.address,
    violation.severity,
    violation.protocol,
    violation.detail,
    violation.evidence,
    violation.state,
    String(violation.client.port),
    String(violation.server.port),
    ...violation.also,
  ];
}
