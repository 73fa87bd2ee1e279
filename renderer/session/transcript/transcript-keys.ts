/** What a key does in the session's pane: Escape everywhere in it, walking and opening lines in the transcript only. */
import { rowForKey } from '../../table/grid-keys.js';
import type { KeyPress } from '../../table/grid-keys.js';

export type PaneAction =
  { readonly kind: 'move'; readonly item: number } | { readonly kind: 'open' } | { readonly kind: 'back' };

export interface PaneState {
  readonly inTranscript: boolean;
  /** Index of the active item within the whole transcript, or -1. */
  readonly active: number;
  /** Index of the first held item, and how many are held. */
  readonly first: number;
  readonly count: number;
}

const PAGE_LINES = 20;

/** Null when the key is none of the pane's. */
export function paneKey(press: KeyPress, state: PaneState): PaneAction | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (press.key === 'Escape') return { kind: 'back' };
  if (!state.inTranscript) return null;
  if (press.key === 'Enter') return state.active < 0 ? null : { kind: 'open' };
  const active = state.active < 0 ? -1 : state.active - state.first;
  const target = rowForKey(press, active, state.count, PAGE_LINES);
  return target === null ? null : { kind: 'move', item: state.first + target };
}
