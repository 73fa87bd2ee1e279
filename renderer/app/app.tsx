/** The window: rail, toolbar, screen, status bar; drops, shortcuts, theme. */
import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { useDeferredValue } from 'react';
import type { Problem } from '../../shared/inspection.js';
import { Dialogs } from '../dialogs/dialogs.js';
import { LeaveDialog } from '../live/leave-dialog.js';
import { BrokenCapture, PausedStrip, SavedStrip } from '../live/live-strips.js';
import { PolicyScreen } from '../policy/policy-screen.js';
import { ProblemStrip } from '../problem/problem-strip.js';
import { SavedPolicyProblem } from '../policy/saved-policy-problem.js';
import { Rail } from '../rail/rail.js';
import { SessionsScreen } from '../sessions/sessions-screen.js';
import { StatusBar } from '../status-bar/status-bar.js';
import { liveOf } from '../store/live-desk.js';
import { useApp } from '../store/store-context.js';
import { Toolbar } from '../toolbar/toolbar.js';
import { ViolationsScreen } from '../violations/violations-screen.js';
import { Welcome } from '../welcome/welcome.js';
import { DropTarget } from './drop-target.js';
import { useShortcuts } from './use-shortcuts.js';
import { useTheme } from './use-theme.js';
import styles from './app.module.css';

export function App() {
  useTheme();
  useShortcuts();
  const open = useApp((state) => state.status.phase !== 'idle' && state.status.phase !== 'failed');
  // A screen is much to make: it is made in pieces, while the frame around it answers already.
  const isMade = useDeferredValue(open);
  const onPolicy = useApp((state) => state.screen === 'policy');
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={500}>
        <div className={styles.window}>
          <Rail />
          <Toolbar />
          {onPolicy ? <PolicyScreen /> : open && isMade ? <OpenCapture /> : <Welcome />}
          <StatusBar />
        </div>
        <DropTarget />
        <Dialogs />
        <LeaveDialog />
      </Tooltip.Provider>
    </CSPProvider>
  );
}

function OpenCapture() {
  const screen = useApp((state) => state.screen);
  const serial = useApp((state) => state.captureSerial);
  const isMade = useDeferredValue(serial) === serial;
  const name = useApp((state) => state.status.name);
  return (
    <main className={styles.main}>
      <h1 className="visually-hidden">
        {screen === 'sessions' ? 'Sessions' : 'Violations'} of {name}
      </h1>
      <Problems />
      {!isMade ? null : screen === 'sessions' ? <SessionsScreen key={serial} /> : <ViolationsScreen key={serial} />}
    </main>
  );
}

/** Both cross from another process, so they are equal at best. */
function sameProblem(one: Problem | null, other: Problem | null = null): boolean {
  return one?.code === other?.code && one?.message === other?.message;
}

/** A file that broke off is a warning about what is shown; a failed attempt to open another is an error. */
function Problems() {
  const broken = useApp((state) =>
    state.problemDismissed || sameProblem(state.status.problem, liveOf(state.status)?.problem)
      ? null
      : state.status.problem,
  );
  const failed = useApp((state) => state.openProblem);
  const dismiss = useApp((state) => state.dismissProblem);
  return (
    <>
      <SavedPolicyProblem />
      {failed === null ? null : <ProblemStrip kind="error" problem={failed} onDismiss={dismiss} />}
      <BrokenCapture />
      {broken === null || failed === broken ? null : (
        <ProblemStrip kind="warning" problem={broken} onDismiss={dismiss} />
      )}
      <SavedStrip />
      <PausedStrip />
    </>
  );
}
