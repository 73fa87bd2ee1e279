/** Strips about a live capture: the display is paused, the capture broke off, it was saved. */
import { Check, Pause, X } from 'lucide-react';
import { Button, IconButton } from '../controls/button.js';
import { countOf } from '../format/numbers.js';
import { ProblemStrip } from '../problem/problem-strip.js';
import { liveOf } from '../store/live-desk.js';
import { useApp } from '../store/store-context.js';
import styles from './live.module.css';

export function PausedStrip() {
  const paused = useApp((state) => state.live.paused);
  const sessions = useApp((state) => state.status.totals.sessions);
  const pauseDisplay = useApp((state) => state.pauseDisplay);
  if (paused === null) return null;
  return (
    <div role="status" aria-label="Paused display" className={styles.strip}>
      <Pause size={15} strokeWidth={2} aria-hidden />
      <p>
        <b>The display is paused.</b> The capture goes on:{' '}
        {countOf(Math.max(0, sessions - paused.sessions), 'new session')}.
      </p>
      <Button look="quiet" onClick={() => pauseDisplay(false)}>
        Resume
      </Button>
    </div>
  );
}

/** What ended the capture, with the way to go on. */
export function BrokenCapture() {
  const problem = useApp((state) => (state.problemDismissed ? null : (liveOf(state.status)?.problem ?? null)));
  const dismiss = useApp((state) => state.dismissProblem);
  if (problem === null) return null;
  return (
    <ProblemStrip kind="error" problem={problem} onDismiss={dismiss}>
      <StartAgain />
    </ProblemStrip>
  );
}

/** Starts what was started last once more. */
export function StartAgain() {
  const opening = useApp((state) => state.opening);
  const startAgain = useApp((state) => state.startAgain);
  return (
    <Button look="quiet" disabled={opening} onClick={() => void startAgain()}>
      Start again
    </Button>
  );
}

export function SavedStrip() {
  const savedAs = useApp((state) => state.live.savedAs);
  const dismissSaved = useApp((state) => state.dismissSaved);
  if (savedAs === null) return null;
  return (
    <div role="status" aria-label="Saved capture" className={styles.strip}>
      <Check size={15} strokeWidth={2} aria-hidden />
      <p>
        <b>Saved</b> as {savedAs}
      </p>
      <IconButton label="Dismiss" icon={<X size={14} strokeWidth={1.7} />} onClick={dismissSaved} />
    </div>
  );
}
