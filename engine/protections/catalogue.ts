/**
 * The catalogue: every protection of the engine, in the order in which people
 * see it. To add one, write it into the file of its family (see README.md
 * beside this file), name it here, and give it its two transcripts.
 */
import type { ProtectionDescription } from '../../shared/protection.js';
import { imapBinaryInCommand } from './imap-binary.js';
import { imapCredentialTooLong, imapWeakPassword } from './imap-credentials.js';
import { imapMaxNoEffect } from './imap-no-effect.js';
import { imapUnknownCommand } from './imap-unknown.js';
import { mailExternalServer } from './mail-external-server.js';
import { smtpMaliciousCode } from './malicious-code.js';
import { perimeterImapDenied, perimeterPopDenied, perimeterSmtpDenied } from './perimeter.js';
import { pop3BinaryInCommand } from './pop3-binary.js';
import { pop3CredentialTooLong, pop3WeakPassword } from './pop3-credentials.js';
import { pop3MalformedPass } from './pop3-malformed-pass.js';
import { pop3MalformedUidl } from './pop3-malformed-uidl.js';
import { pop3MalformedUser } from './pop3-malformed-user.js';
import { pop3MaxNoEffect } from './pop3-no-effect.js';
import { pop3MalformedResponse } from './pop3-responses.js';
import { pop3RetrFormatString } from './pop3-retr-format.js';
import { pop3UnknownCommand } from './pop3-unknown.js';
import type { Protection } from './protection.js';
import { smtpCramMd5Overflow } from './sasl-cram-md5.js';
import { pop3DigestMd5Overflow } from './sasl-digest-md5.js';
import { smtpAddressSpecialChars } from './smtp-address-chars.js';
import { smtpMaxBadCommands } from './smtp-bad-commands.js';
import { smtpBinaryInCommand } from './smtp-binary.js';
import { smtpMaxCommands } from './smtp-command-count.js';
import { smtpDataLineTooLong } from './smtp-data-line.js';
import { smtpExchangeCommands, smtpPrivateCommand } from './smtp-extension-verbs.js';
import { smtpBadGreeting } from './smtp-greeting.js';
import { smtpCommandLineTooLong } from './smtp-line-length.js';
import {
  smtpMailguardTermination,
  smtpMailguardTransition,
  smtpMailguardTruncated,
} from './smtp-mailguard-signatures.js';
import { smtpMailguardBanner, smtpMailguardCommand } from './smtp-mailguard.js';
import { smtpMaxNoEffect } from './smtp-no-effect.js';
import { smtpRecipientNoDomain } from './smtp-recipient.js';
import { smtpEmailTooLarge } from './smtp-message-size.js';
import { smtpNonCompliant } from './smtp-non-compliant.js';
import { smtpBounceRelay, smtpOpenRelay } from './smtp-relay.js';
import { smtpUnknownCommand } from './smtp-unknown.js';
import { smtpAuthNotAllowed, smtpCommandBlocked, smtpStarttlsPolicy } from './smtp-unwanted-verbs.js';
import { smtpMaxRecipients } from './smtp-volume.js';
import { starttlsCommandInjection } from './starttls.js';

export const CATALOGUE: readonly Protection<unknown>[] = [
  // SMTP
  smtpBadGreeting,
  smtpBinaryInCommand,
  smtpNonCompliant,
  smtpMaliciousCode,
  smtpCommandLineTooLong,
  smtpDataLineTooLong,
  smtpEmailTooLarge,
  smtpMaxRecipients,
  smtpUnknownCommand,
  smtpMaxBadCommands,
  smtpMaxNoEffect,
  smtpMaxCommands,
  smtpExchangeCommands,
  smtpPrivateCommand,
  smtpRecipientNoDomain,
  smtpAddressSpecialChars,
  smtpStarttlsPolicy,
  smtpAuthNotAllowed,
  smtpCommandBlocked,
  // SMTP: Mail Guard
  smtpMailguardCommand,
  smtpMailguardBanner,
  smtpMailguardTruncated,
  smtpMailguardTermination,
  smtpMailguardTransition,
  // SMTP: relaying
  smtpOpenRelay,
  smtpBounceRelay,
  // POP3
  pop3UnknownCommand,
  pop3CredentialTooLong,
  pop3WeakPassword,
  pop3MaxNoEffect,
  pop3BinaryInCommand,
  pop3MalformedUidl,
  pop3MalformedUser,
  pop3MalformedPass,
  pop3MalformedResponse,
  pop3RetrFormatString,
  // IMAP
  imapUnknownCommand,
  imapCredentialTooLong,
  imapWeakPassword,
  imapMaxNoEffect,
  imapBinaryInCommand,
  // SASL
  smtpCramMd5Overflow,
  pop3DigestMd5Overflow,
  // STARTTLS
  starttlsCommandInjection,
  // Perimeter
  perimeterSmtpDenied,
  perimeterPopDenied,
  perimeterImapDenied,
  mailExternalServer,
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
    ...(one.seedText === undefined ? {} : { seedText: one.seedText }),
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
