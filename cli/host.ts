/**
 * What the command line needs from the machine and from the inspector, as one
 * object: the real one is made in `program.ts`, tests bring their own.
 */
import type { DecodeAs, EffectivePolicy, PipelineSink } from '../engine/index.js';
import type { MergedSink, ShardedOptions, SplitOptions } from '../inspector/index.js';
import type { Problem, Totals } from '../shared/inspection.js';
import type { ProtectionDescription } from '../shared/protection.js';
import type { WriterState } from './fd-writer.js';

/** Text to standard output or standard error. */
export interface Output {
  readonly state: WriterState;
  write(text: string): void;
  /** Text in UTF-8, without the detour through a string; borrowed until it returns. */
  writeUtf8?(octets: Uint8Array): void;
  flush(): void;
}

export interface Terminal {
  readonly out: Output;
  readonly err: Output;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Columns of the terminal; 80 when there is none. */
  readonly columns: number;
  /** The user does not want colours (https://no-color.org). */
  readonly noColour: boolean;
  /** Aborted by Ctrl+C, or when standard output is closed. */
  readonly stop: AbortSignal;
  /** Acts at each such signal in place of the system's own way; returns how to end that. */
  readonly onSignal?: (signal: 'SIGTERM' | 'SIGHUP', act: () => void) => () => void;
  readonly version: string;
}

export interface InspectRequest {
  readonly policy: EffectivePolicy;
  readonly checksums: 'auto' | 'on' | 'off';
  readonly decodeAs: DecodeAs;
  readonly revealSecrets: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: { readonly readBytes: number; readonly sizeBytes: number }) => void;
}

/** What inspecting a capture amounted to. */
export interface Inspected {
  readonly totals: Totals;
  /** Why the capture was not read to its end. */
  readonly problem: Problem | null;
  /** It was stopped before its end. */
  readonly cancelled: boolean;
}

/** Two threads that inspect captures together: one puts the streams in order, this one hears what they say. */
export interface SplitInspector {
  inspectFile(path: string, run: Pick<InspectRequest, 'signal' | 'onProgress'>, sink: PipelineSink): Promise<Inspected>;
  /** Ends the other thread. */
  close(): void;
}

/** Threads that inspect captures together, each its share of the connections. */
export interface SharedInspector {
  inspectFile(path: string, run: Pick<InspectRequest, 'signal' | 'onProgress'>, sink: MergedSink): Promise<Inspected>;
  /** Ends them. */
  close(): void;
}

export interface Sharing {
  /** Threads that the machine runs at once. */
  readonly cores: number;
  /** How many threads, at most `most`, would be done first, as far as one can tell. */
  worthwhileWorkers(path: string, most: number, maySplit: boolean): number;
  start(options: Omit<ShardedOptions, 'shardFile'>): SharedInspector;
  /** Can two threads do the work in two stages? */
  maySplit(policy: EffectivePolicy): boolean;
  split(options: Omit<SplitOptions, 'streamsFile' | 'startedThread'>): SplitInspector;
}

/** The inspector and the engine, as far as commands use them. */
export interface Inspector {
  inspectFile(path: string, request: InspectRequest, sink: PipelineSink): Promise<Inspected>;
  /** Absent where there is one thread only. */
  readonly sharing?: Sharing;
  readonly profiles: readonly string[];
  profilePolicy(name: string): EffectivePolicy;
  /** Throws an error with `hint` when the text is no policy. */
  parsePolicy(text: string, name: string): EffectivePolicy;
  describeProtections(): readonly ProtectionDescription[];
}
