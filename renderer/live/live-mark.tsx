/** The state of a live capture as shape and word. */
import { Circle, CircleDashed, Square, TriangleAlert } from 'lucide-react';
import type { LiveStatus } from '../../shared/capture.js';
import { liveWord, shownPhase } from './live-words.js';
import styles from './live.module.css';

const SHAPES = {
  starting: <CircleDashed size={10} strokeWidth={3} aria-hidden />,
  running: <Circle size={9} strokeWidth={3} fill="currentColor" aria-hidden />,
  stopped: <Square size={9} strokeWidth={3} fill="currentColor" aria-hidden />,
  failed: <TriangleAlert size={12} strokeWidth={2.2} aria-hidden />,
} as const;

export function LiveMark({ live }: { readonly live: LiveStatus }) {
  const phase = shownPhase(live);
  return (
    <span className={styles.mark} data-phase={phase}>
      {SHAPES[phase]}
      {liveWord(live)}
    </span>
  );
}
