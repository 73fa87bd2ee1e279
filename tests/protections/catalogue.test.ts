import { describe as suite, expect, it } from 'vitest';
import { CATALOGUE, describe, findProtection } from '../../engine/protections/catalogue.js';
import { PRECEDENCE } from '../../engine/protections/protection.js';
import { checkSetting } from '../../engine/policy/settings.js';

/** The log words of the source documents, as PROTECTIONS.md gives them. */
const ATTACK_WORDS: readonly (readonly [string, string, string])[] = [
  ['smtp-bad-greeting', 'SMTP Policy Violation', 'Server reply out of expected SMTP state'],
  ['smtp-binary-in-command', 'SMTP Format Violation', 'Binary data in command line detected'],
  ['smtp-command-line-too-long', 'SMTP Format Violation', 'Command line is too long'],
  ['smtp-data-line-too-long', 'SMTP Format Violation', 'Data line is too long'],
  ['smtp-max-recipients', 'SMTP Policy Violation', 'Too many recipients'],
  ['smtp-unknown-command', 'SMTP Policy Violation', 'Unknown or unallowed command'],
  ['smtp-max-bad-commands', 'SMTP Policy Violation', 'Too many bad commands'],
  ['pop3-malformed-response', 'POP3 Malformed Response 1', 'malformed-response'],
  ['pop3-weak-password', 'POP3 policy violation', 'Found a weak password'],
  ['imap-credential-too-long', 'IMAP policy violation', 'Username or password too long'],
  ['smtp-cram-md5-overflow', 'smtp2_compliance', 'cve_2007_4440_alert'],
  ['starttls-command-injection', 'SMTP Protocol Anomaly', 'Commands injected behind STARTTLS'],
];

suite('the catalogue', () => {
  it('logs the words of its sources', () => {
    expect(CATALOGUE.map((one) => [one.id, one.attackName, one.attackInfo])).toEqual(ATTACK_WORDS);
  });

  it('keeps the spelling of a source that it corrects', () => {
    expect(findProtection('smtp-max-recipients')?.seedText).toBe('SMTP policy Violation');
  });

  it('finds each protection by its id, and nothing else', () => {
    expect(CATALOGUE.map((one) => findProtection(one.id))).toEqual(CATALOGUE);
    expect(findProtection('constructor')).toBeUndefined();
  });

  it('is plain data when described', () => {
    const descriptions = describe();
    expect(structuredClone(descriptions)).toEqual(descriptions);
    expect(descriptions.map((one) => [one.id, one.family])).toEqual([
      ['smtp-bad-greeting', 'smtp'],
      ['smtp-binary-in-command', 'smtp'],
      ['smtp-command-line-too-long', 'smtp'],
      ['smtp-data-line-too-long', 'smtp'],
      ['smtp-max-recipients', 'smtp'],
      ['smtp-unknown-command', 'smtp'],
      ['smtp-max-bad-commands', 'smtp'],
      ['pop3-malformed-response', 'pop3'],
      ['pop3-weak-password', 'pop3'],
      ['imap-credential-too-long', 'imap'],
      ['smtp-cram-md5-overflow', 'sasl'],
      ['starttls-command-injection', 'starttls'],
    ]);
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
