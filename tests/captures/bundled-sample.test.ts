/** The bundled sample shows what it was recorded for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inspectOctets } from './inspect-octets.js';

const SAMPLES = join(import.meta.dirname, '../../assets/samples');
const sample = (name: string): Buffer => readFileSync(join(SAMPLES, name));

describe('the bundled sample', () => {
  const inspected = inspectOctets(sample('sample.pcapng'));

  it('is read to its end and holds sessions of all three protocols, in clear and under TLS', () => {
    expect(inspected.problem).toBeNull();
    expect(inspected.totals.sessionsByProtocol).toEqual({ smtp: 33, pop3: 17, imap: 14, tls: 3 });
    expect(inspected.totals.gaps).toBe(0);
  });

  it('shows the protections that it was recorded for, and others on the way', () => {
    expect(Object.keys(inspected.totals.violationsByProtection).sort()).toEqual([
      'imap-credential-too-long',
      'imap-weak-password',
      'pop3-malformed-response',
      'pop3-weak-password',
      'smtp-bad-greeting',
      'smtp-binary-in-command',
      'smtp-command-line-too-long',
      'smtp-cram-md5-overflow',
      'smtp-data-line-too-long',
      'smtp-mailguard-banner',
      'smtp-max-bad-commands',
      'smtp-max-recipients',
      'smtp-private-command',
      'smtp-unknown-command',
      'starttls-command-injection',
    ]);
  });

  it('has several findings of each severity', () => {
    const { critical, high, medium, low } = inspected.totals.violations;
    expect(Math.min(critical, high, medium, low)).toBeGreaterThanOrEqual(3);
    expect(inspected.totals.violations.info).toBeGreaterThanOrEqual(1);
  });
});

describe('the small sample', () => {
  const classic = inspectOctets(sample('small.pcap'));

  it('holds one session of each protocol, whole, and nothing to say but what its server is', () => {
    expect(classic.problem).toBeNull();
    expect(classic.violations.map(({ severity, protection }) => `${severity} ${protection}`)).toEqual([
      'info smtp-mailguard-banner',
    ]);
    expect(
      classic.sessions.map(({ protocol, commands, messages, end }) => ({ protocol, commands, messages, end })),
    ).toEqual([
      { protocol: 'smtp', commands: 5, messages: 1, end: 'closed' },
      { protocol: 'pop3', commands: 12, messages: 2, end: 'closed' },
      { protocol: 'imap', commands: 4, messages: 1, end: 'closed' },
    ]);
  });

  it.each(['small-nanosecond.pcap', 'small.pcapng', 'small.pcap.gz', 'small.pcapng.gz'])(
    'says the same as %s',
    (name) => {
      const octets = name.endsWith('.gz') ? gunzipSync(sample(name)) : sample(name);
      const other = inspectOctets(octets);
      expect(other.sessions).toEqual(classic.sessions);
      expect(other.transactions).toEqual(classic.transactions);
    },
  );

  it('is read from the client side alone, with the same commands', () => {
    const oneSided = inspectOctets(sample('small-client-side-only.pcap'));
    expect(oneSided.sessions.map(({ protocol, commands }) => ({ protocol, commands }))).toEqual(
      classic.sessions.map(({ protocol, commands }) => ({ protocol, commands })),
    );
    expect(oneSided.violations).toEqual([]);
  });
});
