/** Nothing is open: what Mailscope is, interfaces to watch, captures to open, and why the last attempt failed. */
import { FileText, FileX, FolderOpen, FlaskConical } from 'lucide-react';
import type { Problem } from '../../shared/inspection.js';
import type { RecentCapture } from '../../shared/ipc.js';
import { Button } from '../controls/button.js';
import { withCode } from '../format/code-words.js';
import { formatBytes } from '../format/numbers.js';
import { SavedPolicyProblem } from '../policy/saved-policy-problem.js';
import { Logo } from '../rail/logo.js';
import { StartAgain } from '../live/live-strips.js';
import { liveOf } from '../store/live-desk.js';
import { useApp } from '../store/store-context.js';
import { Interfaces } from './interfaces.js';
import { LeftCaptures } from './left-captures.js';
import styles from './welcome.module.css';

export function Welcome() {
  const recent = useApp((state) => state.recent);
  const opening = useApp((state) => state.opening);
  const problem = useApp((state) => state.openProblem);
  const chooseCapture = useApp((state) => state.chooseCapture);
  const openCapture = useApp((state) => state.openCapture);
  const openSample = useApp((state) => state.openSample);
  const clearRecent = useApp((state) => state.clearRecent);
  return (
    <main className={styles.screen}>
      <SavedPolicyProblem />
      <div className={styles.column}>
        <div className={styles.brand}>
          <Logo size={40} className={styles.logo} />
          <div>
            <h1 className={styles.title}>Mailscope</h1>
            <p className={styles.line}>
              Watches an interface or opens a capture, puts every SMTP, POP3 and IMAP connection back together, and
              marks what breaks a rule or attacks.
            </p>
          </div>
        </div>
        {problem === null ? null : <OpenProblem problem={problem} />}
        <LeftCaptures />
        <Interfaces />
        <div className={styles.drop}>
          <p className={styles.dropText}>Drop a capture anywhere in this window</p>
          <p className={styles.formats}>pcap or pcapng, plain or gzip, of any size</p>
          <div className={styles.actions}>
            <Button
              icon={<FolderOpen size={16} strokeWidth={1.6} />}
              disabled={opening}
              onClick={() => void chooseCapture()}
            >
              Open capture
            </Button>
            <Button
              icon={<FlaskConical size={16} strokeWidth={1.6} />}
              disabled={opening}
              onClick={() => void openSample()}
            >
              Open the sample capture
            </Button>
          </div>
        </div>
        <RecentList recent={recent} onOpen={(path) => void openCapture(path)} onClear={() => void clearRecent()} />
      </div>
    </main>
  );
}

function OpenProblem({ problem }: { readonly problem: Problem }) {
  const isLive = useApp((state) => liveOf(state.status) !== null);
  const name = useApp((state) => (state.status.phase === 'failed' ? state.status.name : ''));
  const file = isLive || name === '' || problem.message.includes(name) ? '' : `${name}: `;
  return (
    <div role="alert" className={styles.problem}>
      <FileX size={18} strokeWidth={1.6} aria-hidden />
      <div>
        <p className={styles.problemTitle}>
          {file}
          {problem.message}
        </p>
        <p>{withCode(problem.hint)}</p>
        <code className={styles.code}>{problem.code}</code>
        {isLive ? (
          <div className={styles.again}>
            <StartAgain />
          </div>
        ) : null}
      </div>
    </div>
  );
}

interface RecentListProps {
  readonly recent: readonly RecentCapture[];
  readonly onOpen: (path: string) => void;
  readonly onClear: () => void;
}

function RecentList({ recent, onOpen, onClear }: RecentListProps) {
  return (
    <section aria-labelledby="recent-title" className={styles.recent}>
      <div className={styles.recentHead}>
        <h2 id="recent-title">Recent captures</h2>
        {recent.length === 0 ? null : (
          <Button look="quiet" onClick={onClear}>
            Clear
          </Button>
        )}
      </div>
      {recent.length === 0 ? (
        <p className={styles.none}>Captures that you open are listed here.</p>
      ) : (
        <ul className={styles.list}>
          {recent.map((capture) => (
            <li key={capture.path}>
              <button
                type="button"
                className={styles.entry}
                disabled={capture.missing}
                onClick={() => onOpen(capture.path)}
              >
                {capture.missing ? (
                  <FileX size={16} strokeWidth={1.6} aria-hidden />
                ) : (
                  <FileText size={16} strokeWidth={1.6} aria-hidden />
                )}
                <span className={styles.entryName}>{capture.name}</span>
                <span className={styles.entryPath}>{folderOf(capture)}</span>
                <span className={styles.entrySize}>
                  {capture.missing ? 'no longer there' : formatBytes(capture.sizeBytes)}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function folderOf(capture: RecentCapture): string {
  return capture.path.endsWith(capture.name) ? capture.path.slice(0, -capture.name.length - 1) : capture.path;
}
