/** The transcript with its notices: warnings above, how much is held below. */
import { Button } from '../../controls/button.js';
import { formatCount } from '../../format/numbers.js';
import { PlainList } from './plain-list.js';
import type { SurfaceProps } from './surface.js';
import { TerminalSurface } from './terminal-surface.js';
import styles from './transcript.module.css';

/** What the ring gave up does not come back. */
const DISCARDED = 'spool-discarded';

interface TranscriptPaneProps extends SurfaceProps {
  readonly plain: boolean;
  readonly onRetry: () => void;
  /** Set while the transcript grows and its end is out of view. */
  readonly onJumpToEnd: (() => void) | null;
}

export function TranscriptPane({ plain, onRetry, onJumpToEnd, ...surface }: TranscriptPaneProps) {
  const { snapshot } = surface;
  const { problem } = snapshot;
  if (problem !== null) {
    return (
      <section className={styles.pane}>
        <div role="alert" className={styles.message}>
          <div>
            <p>{problem.message}</p>
            <p>{problem.hint}</p>
            {problem.code === DISCARDED ? null : <Button onClick={onRetry}>Try again</Button>}
          </div>
        </div>
      </section>
    );
  }
  return (
    <section className={styles.pane} aria-busy={snapshot.loading}>
      {snapshot.warnings.length === 0 ? null : (
        <div role="status" className={styles.warnings}>
          {snapshot.warnings.map((warning) => (
            <p key={warning}>{warning}</p>
          ))}
        </div>
      )}
      {plain ? <PlainList {...surface} /> : <TerminalSurface {...surface} />}
      {snapshot.loading && snapshot.items.length === 0 ? (
        <p role="status" className={styles.loading}>
          Loading the transcript
        </p>
      ) : null}
      {!snapshot.loading && snapshot.total === 0 ? (
        <p role="status" className={styles.nothing}>
          No data of this connection is in the capture: nothing was sent over it, or only its packets without data were
          captured.
        </p>
      ) : null}
      <HeldNotice {...surface} />
      {onJumpToEnd === null ? null : (
        <div className={styles.notice} role="status">
          <span>This session goes on; its end is out of view.</span>
          <Button look="quiet" onClick={onJumpToEnd}>
            Jump to end
          </Button>
        </div>
      )}
    </section>
  );
}

function HeldNotice({ snapshot, onNearEdge }: Pick<SurfaceProps, 'snapshot' | 'onNearEdge'>) {
  const { items, from, total, loading } = snapshot;
  const end = from + items.length;
  if (total === 0 || (from === 0 && end >= total)) return null;
  return (
    <div className={styles.notice}>
      <span>
        Showing {formatCount(from + 1)} to {formatCount(end)} of {formatCount(total)}
      </span>
      {from === 0 ? null : (
        <Button look="quiet" disabled={loading} onClick={() => onNearEdge('before')}>
          Load earlier
        </Button>
      )}
      {end >= total ? null : (
        <Button look="quiet" disabled={loading} onClick={() => onNearEdge('after')}>
          Load more
        </Button>
      )}
    </div>
  );
}
