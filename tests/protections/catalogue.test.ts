import { describe as suite, expect, it } from 'vitest';
import { CATALOGUE, describe, findProtection } from '../../engine/protections/catalogue.js';
import { PRECEDENCE } from '../../engine/protections/protection.js';
import { checkSetting } from '../../engine/policy/settings.js';

/**
 * The log words of the source documents. Where a document has none (Cisco's), the words are ours.
 */
const ATTACK_WORDS: Readonly<Record<string, readonly [string, string]>> = {
  // SBP-2010-06
  'smtp-bad-greeting': ['SMTP Policy Violation', 'Server reply out of expected SMTP state'],
  'smtp-binary-in-command': ['SMTP Format Violation', 'Binary data in command line detected'],
  'smtp-exchange-commands': ['SMTP Policy Violation', 'Illegal Microsoft Exchange Server command'],
  'smtp-non-compliant': ['SMTP Policy Violation', 'Non protocol-compliant connection'],
  'smtp-private-command': ['SMTP Policy Violation', 'Private command'],
  'smtp-recipient-no-domain': ['SMTP Policy Violation', 'No recipient domain'],
  'smtp-starttls-policy': ['SMTP Policy Violation', 'Illegal SMTP TLS session'],
  'smtp-unknown-command': ['SMTP Policy Violation', 'Unknown or unallowed command'],
  'smtp-max-bad-commands': ['SMTP Policy Violation', 'Too many bad commands'],
  'smtp-data-line-too-long': ['SMTP Format Violation', 'Data line is too long'],
  'smtp-email-too-large': ['SMTP Format Violation', 'Email is too long'],
  'smtp-max-no-effect': ['SMTP Policy Violation', 'Too many no-effect commands'],
  'smtp-max-recipients': ['SMTP Policy Violation', 'Too many recipients'],
  'smtp-command-line-too-long': ['SMTP Format Violation', 'Command line is too long'],
  'smtp-max-commands': ['SMTP Policy Violation', 'Too many commands'],
  'smtp-malicious-code': ['SMTP Security Violation', 'Malicious Code Protector'],
  // CPAI-2007-103
  'smtp-auth-not-allowed': ['Received an unknown command (AUTH)', 'mail server'],
  'smtp-command-blocked': ['SMTP Security Violation', 'Command was blocked by Security Policy'],
  'mail-external-server': ['Mail', 'A connection attempt to an external mail server'],
  'smtp-cram-md5-overflow': ['smtp2_compliance', 'cve_2007_4440_alert'],
  // SBP-2006-18
  'pop3-unknown-command': ['POP3 policy violation', 'Unknown or unallowed command'],
  'pop3-credential-too-long': ['POP3 policy violation', 'Username or password too long'],
  'pop3-weak-password': ['POP3 policy violation', 'Found a weak password'],
  'pop3-max-no-effect': ['POP3 policy violation', 'Too many no-effect commands'],
  'pop3-binary-in-command': ['Format violation', 'Binary data in command line'],
  'imap-unknown-command': ['IMAP policy violation', 'Unknown or unallowed command'],
  'imap-credential-too-long': ['IMAP policy violation', 'Username or password too long'],
  'imap-weak-password': ['IMAP policy violation', 'Found a weak password'],
  'imap-max-no-effect': ['IMAP policy violation', 'Too many no-effect commands'],
  'imap-binary-in-command': ['IMAP Format violation', 'Binary data in command line'],
  // SonicWALL: titles; the sub-finding is the attack information.
  'pop3-malformed-uidl': ['POP3 Request with Malformed UIDL Command', 'malformed-uidl'],
  'pop3-malformed-user': ['POP3 Request with Malformed USER Command', 'malformed-user'],
  'pop3-malformed-pass': ['POP3 Request with Malformed PASS Command', 'malformed-pass'],
  'pop3-malformed-response': ['POP3 Malformed Response 1', 'malformed-response'],
  'pop3-retr-format-string': ['Inetserv POP3 Server RETR Format String Attack', 'format-string'],
  'pop3-digest-md5-overflow': ['cURL POP DIGEST-MD5 Buffer Overflow', 'digest-md5-overflow'],
  // The eMail Threat
  'perimeter-smtp-denied': ['Packet Filter', 'list packet_filter denied tcp'],
  'perimeter-pop-denied': ['Packet Filter', 'list packet_filter denied tcp'],
  'perimeter-imap-denied': ['Packet Filter', 'list packet_filter denied tcp'],
  'smtp-mailguard-command': ['Mail Guard', '500 command unrecognized'],
  'smtp-mailguard-banner': ['Mail Guard', 'Server banner names its product'],
  'smtp-address-special-chars': ['Mail Guard', 'Invalid character in mail address'],
  'smtp-mailguard-truncated': ['Mail Guard', 'Truncated command'],
  'smtp-mailguard-termination': ['Mail Guard', 'Incorrect command termination'],
  'smtp-mailguard-transition': ['Mail Guard', 'Unexpected transition by the server'],
  'smtp-open-relay': ['Open Relay', 'Mail for a foreign domain was relayed'],
  'smtp-bounce-relay': ['Open Relay', 'Relay probe'],
  // Beyond the documents
  'starttls-command-injection': ['SMTP Protocol Anomaly', 'Commands injected behind STARTTLS'],
};

suite('the catalogue', () => {
  it('logs the words of its sources', () => {
    const words = Object.fromEntries(CATALOGUE.map((one) => [one.id, [one.attackName, one.attackInfo]]));
    expect(words).toEqual(ATTACK_WORDS);
  });

  it('keeps the spelling of a source that it corrects', () => {
    const seeds = CATALOGUE.flatMap(({ id, seedText }) => (seedText === undefined ? [] : [[id, seedText]]));
    expect(Object.fromEntries(seeds)).toMatchObject({
      'smtp-max-recipients': 'SMTP policy Violation',
      'smtp-command-blocked': 'SMTP Secuirty Violation / Commad was blocked by Security Policy',
      'perimeter-imap-denied': '%SEC-6-IPACCESSLOGDP: list packet_filter denied tcp',
    });
  });

  it('finds each protection by its id, and nothing else', () => {
    expect(CATALOGUE.map((one) => findProtection(one.id))).toEqual(CATALOGUE);
    expect(findProtection('constructor')).toBeUndefined();
  });

  it('is plain data when described', () => {
    const descriptions = describe();
    expect(structuredClone(descriptions)).toEqual(descriptions);
    expect(new Set(descriptions.map((one) => one.family))).toEqual(
      new Set(['smtp', 'pop3', 'imap', 'sasl', 'starttls', 'perimeter']),
    );
  });
});

for (const one of CATALOGUE) {
  suite(one.id, () => {
    it('says in whole sentences what it means and what to do', () => {
      expect(one.id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/);
      expect(one.title).toMatch(/^[A-Z].{8,60}[^.]$/);
      for (const text of [one.why, one.remedy]) expect(text).toMatch(/^[A-Z][^]{80,}\.$/);
      expect(one.sources.length).toBeGreaterThan(0);
      expect(one.references.length).toBeGreaterThan(0);
      expect(one.confidence).toBeGreaterThanOrEqual(50);
      expect(one.confidence).toBeLessThanOrEqual(100);
      expect(PRECEDENCE).toContain(one.precedence);
      expect(Object.keys(one.on).length).toBeGreaterThan(0);
    });

    it('has settings that take their own defaults and say why', () => {
      expect(new Set(one.settings.map((setting) => setting.name)).size).toBe(one.settings.length);
      for (const setting of one.settings) {
        expect(checkSetting(setting, setting.default)).toBeNull();
        expect(setting.name).toMatch(/^[a-z][a-z0-9_]*$/);
        expect(setting.reason.length).toBeGreaterThan(20);
      }
    });
  });
}
