/** What people would run instead, on the same file: those that are installed, and what is known of those that are not. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Load } from './loads.js';
import { measured, type Measurement } from './measure.js';
import { versionOf } from './results.js';

export interface Peer {
  readonly name: string;
  readonly version: string;
  /** `folder` is empty, and removed afterwards. */
  readonly argumentsFor: (capture: string, folder: string) => readonly string[];
}

const SURICATA_CONFIGURATION = join(__dirname, 'peers', 'suricata-mail.yaml');

interface Known extends Omit<Peer, 'version'> {
  readonly versionArgument: string;
}

const KNOWN: readonly Known[] = [
  {
    name: 'suricata',
    versionArgument: '-V',
    argumentsFor: (capture, folder) => [
      '-c',
      SURICATA_CONFIGURATION,
      '-r',
      capture,
      '-l',
      folder,
      '--runmode',
      'single',
      '-k',
      'none',
    ],
  },
  {
    name: 'snort',
    versionArgument: '-V',
    argumentsFor: (capture, folder) => ['-c', '/etc/snort/snort.lua', '-r', capture, '-l', folder, '-q', '-k', 'none'],
  },
  {
    name: 'zeek',
    versionArgument: '--version',
    argumentsFor: (capture, folder) => ['-C', '-r', capture, `Log::default_logdir=${folder}`],
  },
  {
    name: 'tshark',
    versionArgument: '--version',
    argumentsFor: (capture) => ['-r', capture, '-q', '-z', 'io,phs'],
  },
];

/**
 * How many times as long as Suricata 7.0.10 others took on an idle machine of two
 * cores, single-threaded, on captures like these (Snort 3.12 and Zeek 7.2 judging
 * all three protocols).
 */
const AGAINST_SURICATA: Readonly<Record<'snort' | 'zeek', Partial<Record<Load, number>>>> = {
  snort: { bulk: 1.76 / 0.71, commands: 3.08 / 1.52 },
  zeek: { bulk: 2.16 / 0.71, commands: 4.11 / 1.52 },
};

/** The peers that this machine has. */
export function installedPeers(): readonly Peer[] {
  return KNOWN.flatMap(({ versionArgument, ...known }) => {
    const version = versionOf(known.name, versionArgument);
    return version === null ? [] : [{ ...known, version }];
  });
}

/** Times as long as Suricata that a peer which is not installed takes; null when nobody knows. */
export function knownRatio(name: string, load: Load): number | null {
  return name === 'snort' || name === 'zeek' ? (AGAINST_SURICATA[name][load] ?? null) : null;
}

export async function runPeer(peer: Peer, capture: string): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'mailscope-peer-'));
  try {
    return await measured(peer.name, peer.argumentsFor(capture, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
