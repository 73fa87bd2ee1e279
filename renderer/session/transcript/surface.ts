/** What both ways of showing a transcript (terminal, plain list) are given. */
import type { Severity } from '../../../shared/severity.js';
import type { TranscriptSnapshot } from './transcript-window.js';

export interface Jump {
  readonly item: number;
  readonly serial: number;
}

export interface SurfaceProps {
  readonly snapshot: TranscriptSnapshot;
  readonly severityOf: (violationId: number) => Severity | null;
  /** Index of the active item, or -1. */
  readonly active: number;
  readonly jump: Jump | null;
  readonly onItem: (index: number, onMark: boolean) => void;
  /** The transcript grows: stay at its end. */
  readonly follow: boolean;
  /** The end came into view, or left it. */
  readonly onAtEnd: (atEnd: boolean) => void;
  readonly onNearEdge: (side: 'before' | 'after') => void;
}
