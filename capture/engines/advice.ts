/**
 * Why an engine may not capture, and the exact command that changes it on this
 * system. Debian and its derivatives have a question of their package for it
 * and the group `wireshark`; elsewhere the program gets file capabilities;
 * macOS guards `/dev/bpf*`; Windows needs Npcap. Nobody is told to run the app
 * as root.
 */
import { existsSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { CaptureEngineName, CapturePermission } from '../../shared/capture.js';
import { interfaceState, readText } from '../interfaces/interface-state.js';
import { interfaceDown, unknownInterface } from './problems.js';

/** What stands in the way of a program of the system. */
export type Refusal =
  | { readonly kind: 'missing' }
  /** The file is there, its mode keeps this user from running it. */
  | { readonly kind: 'not-executable'; readonly path: string }
  /** It runs, and the kernel refuses it the interface. */
  | { readonly kind: 'no-privilege'; readonly path: string }
  /** Starting it failed with this system code. */
  | { readonly kind: 'not-startable'; readonly path: string; readonly code: string };

export type SystemFamily = 'debian' | 'fedora' | 'arch' | 'suse' | 'alpine' | 'macos' | 'windows' | 'other';

/** What the advice depends on. */
export interface SystemFacts {
  readonly family: SystemFamily;
  /** As it stands in a shell command. */
  readonly user: string;
  /** dumpcap came with the package `wireshark-common`. */
  readonly hasWiresharkPackage: boolean;
  /** Name of the group that owns a file; empty when unknown. */
  readonly groupOf: (path: string) => string;
  /** Whether the user database lists this user in the group (a session that began earlier does not know yet). */
  readonly isListedIn: (group: string) => boolean;
}

export function allowed(engine: CaptureEngineName): CapturePermission {
  return { engine, allowed: true, reason: '', fix: '' };
}

export function refused(engine: CaptureEngineName, reason: string, fix = ''): CapturePermission {
  return { engine, allowed: false, reason, fix };
}

/** What keeps every engine off an interface; null when it is there and up, as far as the system tells. */
export function refusedInterface(engine: CaptureEngineName, name: string): CapturePermission | null {
  const state = interfaceState(name);
  if (state === 'absent') return refused(engine, unknownInterface(name).message);
  if (state === 'down') return refused(engine, interfaceDown(name).message, `sudo ip link set dev ${quoted(name)} up`);
  return null;
}

/** The refusal of `dumpcap` or `tcpdump` in words, with its fix. */
export function refusedProgram(engine: 'dumpcap' | 'tcpdump', why: Refusal, facts: SystemFacts): CapturePermission {
  switch (why.kind) {
    case 'missing':
      return refused(engine, `${engine} is not installed.`, installCommand(engine, facts));
    case 'not-executable':
      return notExecutable(engine, why.path, facts);
    case 'no-privilege':
      return noPrivilege(engine, why.path, facts);
    case 'not-startable':
      return notStartable(engine, why, facts);
  }
}

const PACKAGES: Readonly<Record<'dumpcap' | 'tcpdump', Readonly<Record<SystemFamily, string>>>> = {
  dumpcap: {
    debian: 'sudo apt-get install wireshark-common',
    fedora: 'sudo dnf install wireshark-cli',
    arch: 'sudo pacman -S wireshark-cli',
    suse: 'sudo zypper install wireshark',
    alpine: 'sudo apk add wireshark-common',
    macos: 'brew install --cask wireshark-app',
    windows: '',
    other: '',
  },
  tcpdump: {
    debian: 'sudo apt-get install tcpdump',
    fedora: 'sudo dnf install tcpdump',
    arch: 'sudo pacman -S tcpdump',
    suse: 'sudo zypper install tcpdump',
    alpine: 'sudo apk add tcpdump',
    macos: '',
    windows: '',
    other: '',
  },
};

function installCommand(engine: 'dumpcap' | 'tcpdump', facts: SystemFacts): string {
  return PACKAGES[engine][facts.family];
}

function notExecutable(engine: CaptureEngineName, path: string, facts: SystemFacts): CapturePermission {
  const group = facts.groupOf(path);
  if (group === '' || group === 'root') {
    return refused(engine, `This user may not run ${path}.`, `sudo chmod a+x ${quoted(path)}`);
  }
  if (facts.isListedIn(group)) {
    const reason = `Only the group ${group} may run ${path}; this user is in it since after logging in. Log out and in again, or start Mailscope from a terminal in which the group has been joined.`;
    return refused(engine, reason, `newgrp ${quoted(group)}`);
  }
  const reason = `Only the group ${group} may run ${path}, and this user is not in it. Log out and in again afterwards.`;
  return refused(engine, reason, joinGroup(group, facts));
}

function joinGroup(group: string, facts: SystemFacts): string {
  return `sudo usermod -aG ${quoted(group)} ${facts.user}`;
}

function noPrivilege(engine: CaptureEngineName, path: string, facts: SystemFacts): CapturePermission {
  if (facts.family === 'macos') return macosRefusal(engine, facts);
  if (facts.family === 'windows') return windowsRefusal(engine);
  if (engine === 'dumpcap' && facts.hasWiresharkPackage) {
    const reason =
      'Capturing is not switched on for ordinary users. Answer Yes to the question that follows, and log out and in again afterwards.';
    return refused(engine, reason, `sudo dpkg-reconfigure wireshark-common && ${joinGroup('wireshark', facts)}`);
  }
  return refused(engine, `${path} has no right to capture.`, setCapabilities(path));
}

function setCapabilities(path: string): string {
  return `sudo setcap cap_net_raw,cap_net_admin=eip ${quoted(path)}`;
}

export function macosRefusal(engine: CaptureEngineName, facts: SystemFacts): CapturePermission {
  const reason =
    "This user may not read /dev/bpf*. Wireshark's package ChmodBPF gives that right for good; the command gives it until the next start of the system.";
  return refused(engine, reason, `sudo chown ${facts.user} /dev/bpf*`);
}

export function windowsRefusal(engine: CaptureEngineName): CapturePermission {
  return refused(engine, 'Npcap is missing or allows administrators only. Install it from https://npcap.com/.', '');
}

function notStartable(
  engine: CaptureEngineName,
  why: { readonly path: string; readonly code: string },
  facts: SystemFacts,
): CapturePermission {
  if (why.code === 'EACCES') return notExecutable(engine, why.path, facts);
  if (why.code !== 'EPERM') return refused(engine, `${why.path} could not be started (${why.code}).`);
  // File capabilities beyond what this container or service may ever have: the kernel does not start the file.
  const reason = `The system does not let ${why.path} have the right to capture here (a container or service without CAP_NET_RAW and CAP_NET_ADMIN).`;
  return refused(engine, reason);
}

/** A word of a shell command. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Asks this system. */
export function systemFacts(): SystemFacts {
  return {
    family: systemFamily(process.platform, readText('/etc/os-release')),
    user: userName(),
    hasWiresharkPackage: existsSync('/var/lib/dpkg/info/wireshark-common.list'),
    groupOf,
    isListedIn: (group) => membersOf(group, readText('/etc/group')).includes(userName()),
  };
}

const FAMILIES: readonly (readonly [RegExp, SystemFamily])[] = [
  [/\b(?:debian|ubuntu)\b/, 'debian'],
  [/\b(?:fedora|rhel|centos)\b/, 'fedora'],
  [/\barch\b/, 'arch'],
  [/\bsuse\b/, 'suse'],
  [/\balpine\b/, 'alpine'],
];

/** The family from the platform and os-release(5), `ID` and `ID_LIKE`. */
export function systemFamily(platform: NodeJS.Platform, osRelease: string): SystemFamily {
  if (platform === 'darwin') return 'macos';
  if (platform === 'win32') return 'windows';
  const ids = osRelease
    .split('\n')
    .filter((line) => /^ID(?:_LIKE)?=/.test(line))
    .join(' ');
  return FAMILIES.find(([pattern]) => pattern.test(ids))?.[1] ?? 'other';
}

function userName(): string {
  try {
    return quoted(userInfo().username);
  } catch {
    // A user id without a name.
    return '"$USER"';
  }
}

function groupOf(path: string): string {
  try {
    const { gid } = statSync(path);
    const line = readText('/etc/group')
      .split('\n')
      .find((entry) => entry.split(':')[2] === String(gid));
    return line?.split(':')[0] ?? '';
  } catch {
    return '';
  }
}

function membersOf(group: string, database: string): readonly string[] {
  const line = database.split('\n').find((entry) => entry.startsWith(`${group}:`));
  return line?.split(':')[3]?.split(',') ?? [];
}
