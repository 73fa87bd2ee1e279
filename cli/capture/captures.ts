/** What the capture commands need from the machine, as one object: the real one is made in `program.ts`, tests bring their own. */
import type { PipelineSink } from '../../engine/index.js';
import type { CaptureEngineChoice, CaptureInterface, LiveStatus, RingSize } from '../../shared/capture.js';
import type { Problem, Totals } from '../../shared/inspection.js';
import type { InspectRequest } from '../host.js';

export interface CaptureOrder extends Omit<InspectRequest, 'signal' | 'onProgress'> {
  readonly interfaceName: string;
  readonly engine: CaptureEngineChoice;
  /** Null for the mail ports, those of `decodeAs` among them. */
  readonly filter: string | null;
  readonly promiscuous: boolean;
  readonly ring: RingSize;
  /** Of the ring, or of its list of files alone when `output` is set. */
  readonly folder: string;
  readonly output: { readonly path: string; readonly isRing: boolean } | null;
  /** Called some ten times a second at most, and once a second at least. */
  readonly onProgress: (live: LiveStatus, totals: () => Totals) => void;
}

export interface CaptureOutcome {
  readonly totals: Totals;
  readonly problem: Problem | null;
  readonly live: LiveStatus;
  readonly hasStarted: boolean;
}

export interface Captures {
  start(order: CaptureOrder, sink: PipelineSink): { stop(): void; readonly result: Promise<CaptureOutcome> };
  interfaces(): Promise<readonly CaptureInterface[]>;
}
