/** Live capture as every process sees it: interfaces, what may be captured, and how a capture goes. Plain data. */
import type { Problem } from './problem.js';

export const CAPTURE_ENGINES = ['dumpcap', 'cap', 'tcpdump'] as const;
/** `cap` is the bundled one; the others are used where installed and permitted. In the order in which `auto` prefers them. */
export type CaptureEngineName = (typeof CAPTURE_ENGINES)[number];
export type CaptureEngineChoice = 'auto' | CaptureEngineName;

/** In the hints of what ended a capture. Who does not keep the packets says something else in its place. */
export const CAPTURED_IS_KEPT = 'What was captured until then is kept.';

export type InterfaceKind = 'ethernet' | 'wireless' | 'loopback' | 'tunnel' | 'bridge' | 'virtual' | 'any' | 'other';

/** Whether one engine may capture on one interface, found out without starting a capture. */
export interface CapturePermission {
  readonly engine: CaptureEngineName;
  readonly allowed: boolean;
  /** Why not, in a sentence; empty when allowed. */
  readonly reason: string;
  /** The exact command that would change it on this system; empty when there is none. */
  readonly fix: string;
}

export interface CaptureInterface {
  /** As engines name it: `eth0`. */
  readonly name: string;
  readonly description: string;
  readonly kind: InterfaceKind;
  readonly isUp: boolean;
  readonly addresses: readonly string[];
  readonly permissions: readonly CapturePermission[];
  /** The engine that `auto` would take; null when none may. */
  readonly engine: CaptureEngineName | null;
}

/** How busy an interface is: packets a second, oldest sample first, one a second, at most a minute of them. */
export interface InterfaceActivity {
  readonly name: string;
  readonly packetsPerSecond: readonly number[];
}

/** Ring of files that packets go to first. */
export interface RingSize {
  readonly fileBytes: number;
  readonly files: number;
  /** A new file after so many seconds too; 0 for never. */
  readonly fileSeconds: number;
}

export const DEFAULT_RING: RingSize = { fileBytes: 268_435_456, files: 16, fileSeconds: 0 };

export interface CaptureRequest {
  readonly interfaceName: string;
  readonly engine: CaptureEngineChoice;
  /** BPF as libpcap reads it; empty for everything. */
  readonly filter: string;
  readonly promiscuous: boolean;
  readonly ring: RingSize;
  /** Folder of the ring's files; made when absent. */
  readonly folder: string;
}

export type LivePhase = 'starting' | 'running' | 'stopped' | 'failed';

/** How a live capture goes. */
export interface LiveStatus {
  readonly phase: LivePhase;
  readonly interfaceName: string;
  readonly engine: CaptureEngineName;
  /** Why this engine, in a sentence. */
  readonly engineReason: string;
  readonly filter: string;
  /** Wall clock, ms since 1970. */
  readonly startedMs: number;
  /** Packets written to the ring so far, and their rate over the last seconds. */
  readonly packets: number;
  readonly packetsPerSecond: number;
  /** Lost before they reached us; null when the engine does not know. */
  readonly dropped: number | null;
  /** Octets of the spool: written in all, still there, and already inspected. */
  readonly writtenBytes: number;
  readonly keptBytes: number;
  readonly inspectedBytes: number;
  /** Files of the ring in use, and how many times the oldest was given up. */
  readonly ringFiles: number;
  readonly ringDiscarded: number;
  readonly folder: string;
  /** Why it failed or ended by itself; what was captured until then stays. */
  readonly problem: Problem | null;
}

/** A capture whose files are still there: it was not ended properly, or ended and never saved. */
export interface LeftCapture {
  readonly folder: string;
  readonly interfaceName: string;
  readonly startedMs: number;
  readonly bytes: number;
  /** True when it was stopped in order; absent or false when its process went away under it. */
  readonly ended?: boolean;
}
