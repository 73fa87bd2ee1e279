/** A live capture in words: how fast, how far behind, what was lost, how full its ring is. */
import type { InterfaceKind, LiveStatus } from '../../shared/capture.js';
import { countOf, formatBytes, formatCount, percentOf } from '../format/numbers.js';

export const KIND_WORD: Readonly<Record<InterfaceKind, string>> = {
  ethernet: 'Ethernet',
  wireless: 'Wi-Fi',
  loopback: 'Loopback',
  tunnel: 'Tunnel',
  bridge: 'Bridge',
  virtual: 'Virtual',
  any: 'All interfaces',
  other: 'Other',
};

/** How the capture is shown: one that broke off is over, also while its last packets are written. */
export function shownPhase({ phase, problem }: LiveStatus): LiveStatus['phase'] {
  return problem === null ? phase : 'failed';
}

/** The state of a capture as one word beside its mark. */
export function liveWord(live: LiveStatus): string {
  switch (shownPhase(live)) {
    case 'starting':
      return 'Starting';
    case 'running':
      return 'Live';
    case 'stopped':
      return 'Stopped';
    case 'failed':
      return 'Ended';
  }
}

/** Octets that are captured and not yet inspected. */
export function lagBytes(live: LiveStatus): number {
  return Math.max(0, live.writtenBytes - live.inspectedBytes);
}

/** `0`, `1,204`, or `not known`: never a number that nobody counted. */
export function droppedWords(live: LiveStatus): string {
  return live.dropped === null ? 'not known' : formatCount(live.dropped);
}

export function droppedHint(live: LiveStatus): string {
  if (live.dropped !== null) return 'Packets that the system dropped because the capture process was not quick enough';
  if (live.engine === 'dumpcap' && live.phase !== 'stopped' && live.phase !== 'failed')
    return 'Not known yet: dumpcap says how many packets were dropped when it ends';
  return `Not known: ${live.engine} does not say how many packets were dropped`;
}

/** `12%`; once the oldest file had to go it is full for good. `ringBytes`: what it may hold, 0 when unknown. */
export function ringWords(live: LiveStatus, ringBytes: number): string {
  if (live.ringDiscarded > 0) return `full, ${formatCount(live.ringDiscarded)} given up`;
  return ringBytes === 0 ? formatBytes(live.keptBytes) : `${percentOf(live.keptBytes, ringBytes)}%`;
}

export function ringHint(live: LiveStatus, ringBytes: number): string {
  const of = ringBytes === 0 ? '' : ` of ${formatBytes(ringBytes)}`;
  const held = `Packets are kept in a ring of files: ${formatBytes(live.keptBytes)}${of} in ${countOf(live.ringFiles, 'file')}.`;
  const lost =
    live.ringDiscarded > 0
      ? ` The oldest file was given up ${countOf(live.ringDiscarded, 'time')}:`
      : ' When it is full, the oldest file is given up:';
  return `${held}${lost} its sessions keep summary and findings, their transcripts are gone.`;
}

/** What an interface does, in words: for who cannot see the line. */
export function activityWords(packetsPerSecond: readonly number[]): string {
  const now = packetsPerSecond.at(-1);
  if (now === undefined) return 'activity not known yet';
  const most = Math.max(...packetsPerSecond);
  return `${rateOf(now)} packets/s, at most ${rateOf(most)} in the last ${countOf(packetsPerSecond.length, 'second')}`;
}

/** A rate without false precision: `0`, `0.4`, `12`, `1,204`. */
export function rateOf(packetsPerSecond: number): string {
  return packetsPerSecond >= 0.05 && packetsPerSecond < 0.95
    ? packetsPerSecond.toFixed(1)
    : formatCount(Math.round(packetsPerSecond));
}
