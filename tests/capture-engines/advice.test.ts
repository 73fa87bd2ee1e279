/** Why capturing is not permitted, and the exact command, on each kind of system. */
import { describe, expect, test } from 'vitest';
import { quoted, refusedProgram, systemFamily, type Refusal, type SystemFacts } from '../../capture/engines/advice.js';
import { hasCapability } from '../../capture/engines/cap-rights.js';

const DEBIAN: SystemFacts = {
  family: 'debian',
  user: 'alice',
  hasWiresharkPackage: true,
  groupOf: () => 'wireshark',
  isListedIn: () => false,
};
const NO_PRIVILEGE: Refusal = { kind: 'no-privilege', path: '/usr/bin/dumpcap' };

describe('the fix', () => {
  test.each<[string, Refusal, Partial<SystemFacts>, string]>([
    ['missing on Debian', { kind: 'missing' }, {}, 'sudo apt-get install wireshark-common'],
    ['missing on Fedora', { kind: 'missing' }, { family: 'fedora' }, 'sudo dnf install wireshark-cli'],
    ['missing elsewhere', { kind: 'missing' }, { family: 'other' }, ''],
    [
      'switched off on Debian',
      NO_PRIVILEGE,
      {},
      'sudo dpkg-reconfigure wireshark-common && sudo usermod -aG wireshark alice',
    ],
    [
      'not of a package',
      NO_PRIVILEGE,
      { hasWiresharkPackage: false },
      'sudo setcap cap_net_raw,cap_net_admin=eip /usr/bin/dumpcap',
    ],
    ['on macOS', NO_PRIVILEGE, { family: 'macos' }, 'sudo chown alice /dev/bpf*'],
    ['on Windows', NO_PRIVILEGE, { family: 'windows' }, ''],
    ['outside the group', { kind: 'not-executable', path: '/usr/bin/dumpcap' }, {}, 'sudo usermod -aG wireshark alice'],
    [
      'in the group since logging in',
      { kind: 'not-executable', path: '/usr/bin/dumpcap' },
      { isListedIn: () => true },
      'newgrp wireshark',
    ],
    [
      'nobody may run it',
      { kind: 'not-executable', path: '/opt/a b/dumpcap' },
      { groupOf: () => 'root' },
      "sudo chmod a+x '/opt/a b/dumpcap'",
    ],
    ['in a container', { kind: 'not-startable', path: '/usr/bin/dumpcap', code: 'EPERM' }, {}, ''],
  ])('%s', (_case, why, facts, fix) => {
    const permission = refusedProgram('dumpcap', why, { ...DEBIAN, ...facts });
    expect({ ...permission, reason: permission.reason !== '' }).toEqual({
      engine: 'dumpcap',
      allowed: false,
      reason: true,
      fix,
    });
  });

  test('never is to run the app as root', () => {
    const kinds: readonly Refusal[] = [{ kind: 'missing' }, NO_PRIVILEGE, { kind: 'not-executable', path: '/x' }];
    const texts = kinds.flatMap((why) => Object.values(refusedProgram('tcpdump', why, DEBIAN)).map(String));
    expect(texts.filter((text) => /mailscope|electron/i.test(text))).toEqual([]);
  });
});

test.each([
  ['linux', 'ID=ubuntu\nID_LIKE=debian\n', 'debian'],
  ['linux', 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'fedora'],
  ['linux', 'NAME="not ID=debian"\nID=void\n', 'other'],
  ['darwin', '', 'macos'],
  ['win32', '', 'windows'],
] as const)('knows the family of a system: %s %j', (platform, release, family) => {
  expect(systemFamily(platform, release)).toBe(family);
});

test('a word of a command is quoted when the shell would read it otherwise', () => {
  expect([quoted('eth0.5'), quoted("a'b; rm"), quoted('')]).toEqual(['eth0.5', `'a'\\''b; rm'`, "''"]);
});

test('the right to capture is read from the effective capabilities', () => {
  const status = (bits: string): string => `CapPrm:\tffffffffffffffff\nCapEff:\t${bits}\n`;
  expect([status('0000000000002000'), status('0000000000001000'), ''].map((text) => hasCapability(text, 13n))).toEqual([
    true,
    false,
    false,
  ]);
});
