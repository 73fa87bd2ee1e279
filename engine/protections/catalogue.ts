/**
 * The catalogue: every protection of the engine, in the order in which people
 * see it. To add one, write it into the file of its family (see README.md
 * beside this file), name it here, and give it its two transcripts.
 */
import type { ProtectionDescription } from '../../shared/protection.js';
import { imapCredentialTooLong } from './imap-credentials.js';
import { pop3WeakPassword } from './pop3-credentials.js';
import { pop3MalformedResponse } from './pop3-responses.js';
import type { Protection } from './protection.js';
import { smtpCramMd5Overflow } from './sasl-cram-md5.js';
import { smtpBinaryInCommand } from './smtp-binary.js';
import { smtpBadGreeting } from './smtp-greeting.js';
import { smtpCommandLineTooLong, smtpDataLineTooLong } from './smtp-line-length.js';
import { smtpUnknownCommand } from './smtp-unknown.js';
import { smtpMaxBadCommands, smtpMaxRecipients } from './smtp-volume.js';
import { starttlsCommandInjection } from './starttls.js';

export const CATALOGUE: readonly Protection<unknown>[] = [
  // SMTP
  smtpBadGreeting,
  smtpBinaryInCommand,
  smtpCommandLineTooLong,
  smtpDataLineTooLong,
  smtpMaxRecipients,
  smtpUnknownCommand,
  smtpMaxBadCommands,
  // POP3
  pop3MalformedResponse,
  pop3WeakPassword,
  // IMAP
  imapCredentialTooLong,
  // SASL
  smtpCramMd5Overflow,
  // STARTTLS
  starttlsCommandInjection,
];

const BY_ID: ReadonlyMap<string, Protection<unknown>> = new Map(CATALOGUE.map((one) => [one.id, one]));

/** The protection with this id, or undefined. */
export function findProtection(id: string): Protection<unknown> | undefined {
  return BY_ID.get(id);
}

/** The catalogue as text and declarations, for screens, reports and the command line. Plain data. */
export function describe(): ProtectionDescription[] {
  return CATALOGUE.map((one) => ({
    id: one.id,
    title: one.title,
    protocols: one.protocols,
    family: one.family ?? (one.protocols[0] as string),
    attackName: one.attackName,
    attackInfo: one.attackInfo,
    why: one.why,
    sources: one.sources,
    references: one.references,
    severity: one.severity,
    confidence: one.confidence,
    remedy: one.remedy,
    defaultAction: one.defaultAction,
    settings: one.settings,
  }));
}
