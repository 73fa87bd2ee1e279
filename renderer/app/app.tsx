/** The window: rail, toolbar, screen, status bar; drops, shortcuts, theme. */
import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { Dialogs } from '../dialogs/dialogs.js';
import { ProblemStrip } from '../problem/problem-strip.js';
import { Rail } from '../rail/rail.js';
import { SessionsScreen } from '../sessions/sessions-screen.js';
import { StatusBar } from '../status-bar/status-bar.js';
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
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={500}>
        <div className={styles.window}>
          <Rail />
          <Toolbar />
          {open ? <OpenCapture /> : <Welcome />}
          <StatusBar />
        </div>
        <DropTarget />
        <Dialogs />
      </Tooltip.Provider>
    </CSPProvider>
  );
}

function OpenCapture() {
  const screen = useApp((state) => state.screen);
  const serial = useApp((state) => state.captureSerial);
  const name = useApp((state) => state.status.name);
  return (
    <main className={styles.main}>
      <h1 className="visually-hidden">
        {screen === 'sessions' ? 'Sessions' : 'Violations'} of {name}
      </h1>
      <Problems />
      {screen === 'sessions' ? <SessionsScreen key={serial} /> : <ViolationsScreen key={serial} />}
    </main>
  );
}

/** A file that broke off is a warning about what is shown; a failed attempt to open another is an error. */
function Problems() {
  const broken = useApp((state) => (state.problemDismissed ? null : state.status.problem));
  const failed = useApp((state) => state.openProblem);
  const dismiss = useApp((state) => state.dismissProblem);
  return (
    <>
      {failed === null ? null : <ProblemStrip kind="error" problem={failed} onDismiss={dismiss} />}
      {broken === null || failed === broken ? null : (
        <ProblemStrip kind="warning" problem={broken} onDismiss={dismiss} />
      )}
    </>
  );
}
