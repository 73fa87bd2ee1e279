/** A transcript broken into terminal rows: what the layout makes and the terminal shows. */
import type { Severity } from '../../../shared/severity.js';
import type { Ink } from './terminal-ink.js';

export interface Span {
  readonly text: string;
  readonly ink: Ink;
  readonly paper?: Ink;
  readonly italic?: boolean;
}

/** Octets in a row that are drawn as small boxes over their hex digits. */
export interface OctetBoxes {
  /** First cell, from 0. */
  readonly column: number;
  readonly labels: readonly string[];
  readonly mark: Severity | null;
}

export interface TranscriptRow {
  /** Index of the item within the whole transcript. */
  readonly item: number;
  /** True for the first row of an item. */
  readonly first: boolean;
  readonly spans: readonly Span[];
  /** Severity that tints the whole row. */
  readonly tint: Severity | null;
  /** Severity whose mark stands in the gutter; only in first rows. */
  readonly mark: Severity | null;
  readonly boxes: readonly OctetBoxes[];
}
