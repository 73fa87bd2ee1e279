/**
 * The port behind which every capture engine stands: whether it may capture on
 * an interface, whether it takes a filter, and a running capture as a stream of
 * octets (pcapng; tcpdump: classic pcap). Nothing here throws for what the
 * world refuses: a capture that cannot start, or breaks, ends with a `Problem`.
 */
import type { Readable } from 'node:stream';
import type { CaptureEngineName, CapturePermission } from '../../shared/capture.js';
import type { Problem } from '../../shared/problem.js';

export interface CaptureStart {
  /** As `CaptureInterface.name`. */
  readonly interfaceName: string;
  /** BPF as libpcap reads it; empty for everything. */
  readonly filter: string;
  /** A wish: `cap` is always promiscuous, and the interface `any` never is. */
  readonly promiscuous: boolean;
}

/** Packets since the start; null where the engine does not know (yet: dumpcap tells when it ends). Final once `ended` is settled. */
export interface CaptureStatistics {
  /** Passed the filter, the dropped ones among them. */
  readonly received: number | null;
  /** Lost in the kernel, because the capture process did not read fast enough. */
  readonly dropped: number | null;
}

/** How a capture process ended. */
export interface CaptureEnd {
  /** Null after `stop()`; else why it ended by itself. */
  readonly problem: Problem | null;
}

/** One capture that was started; it is its starter's to stop. */
export interface CaptureProcess {
  /** The capture file as it grows; ends when the process ends. Reading it is what keeps packets from being lost. */
  readonly output: Readable;
  readonly format: CaptureFormat;
  /** Of the child process, for the record; null when it could not be started. */
  readonly pid: number | null;
  /** Asks politely, once; what is still alive after a grace time is killed. */
  stop(): void;
  /** Never rejects; settles after the process is gone and `output` has been read to its end or destroyed. */
  readonly ended: Promise<CaptureEnd>;
  statistics(): CaptureStatistics;
}

/** An interface as an engine's library lists it. */
export interface CaptureDevice {
  readonly name: string;
  readonly description: string;
  readonly addresses: readonly string[];
}

export type CaptureFormat = 'pcapng' | 'pcap';

export interface CaptureEngine {
  readonly name: CaptureEngineName;
  readonly format: CaptureFormat;
  /** Found out without capturing traffic. Never rejects. */
  permission(interfaceName: string): Promise<CapturePermission>;
  /**
   * Null when the filter is good, or when only starting can tell (no permission);
   * else the error text of the engine's own library.
   */
  checkFilter(filter: string, interfaceName: string): Promise<string | null>;
  start(request: CaptureStart): CaptureProcess;
  /** What its library could open, for systems that do not list interfaces themselves; none when it cannot be asked. */
  devices?(): Promise<readonly CaptureDevice[]>;
  /** Room for an engine that stands in the packets' way: puts a frame onto the interface. No engine has it yet. */
  send?(interfaceName: string, frame: Uint8Array): Promise<void>;
}

/** The engine that was chosen, and why, in a sentence for the user; or why there is none. */
export type EngineChoice =
  | { readonly kind: 'chosen'; readonly engine: CaptureEngine; readonly reason: string }
  | { readonly kind: 'refused'; readonly problem: Problem };
