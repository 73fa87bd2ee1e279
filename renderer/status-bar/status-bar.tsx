/** The bottom line: what was read, what was found, what is missing, how far loading is. */
import type { InspectionStatus, Totals } from '../../shared/inspection.js';
import { SEVERITIES } from '../../shared/severity.js';
import { Button } from '../controls/button.js';
import { countOf, formatBytes, formatCount, percentOf } from '../format/numbers.js';
import { SEVERITY_WORD } from '../format/words.js';
import { policyLabel } from '../policy/policy-words.js';
import { SeverityMark } from '../severity/severity-mark.js';
import { liveOf } from '../store/live-desk.js';
import { useApp } from '../store/store-context.js';
import { Explained, Figure } from './figures.js';
import { LiveFigures, LiveRate } from './live-figures.js';
import styles from './status-bar.module.css';

export function StatusBar() {
  const status = useApp((state) => state.status);
  const showScreen = useApp((state) => state.showScreen);
  const cancelLoading = useApp((state) => state.cancelLoading);
  if (status.phase === 'idle' || status.phase === 'failed') {
    return (
      <footer className={styles.bar} aria-label="Status">
        <span>No capture is open</span>
      </footer>
    );
  }
  const { totals } = status;
  const live = liveOf(status);
  return (
    <footer className={styles.bar} data-phase={live === null ? status.phase : 'live'} aria-label="Status">
      {live === null ? (
        <>
          <Figure value={formatCount(totals.packets)} word={totals.packets === 1 ? 'packet' : 'packets'} />
          <Figure value={formatBytes(totals.bytes)} spare />
        </>
      ) : (
        <LiveRate live={live} />
      )}
      <Figure value={formatCount(totals.sessions)} word={totals.sessions === 1 ? 'session' : 'sessions'} />
      <FindingCounts totals={totals} onClick={() => showScreen('violations')} />
      <span className={styles.space} />
      {status.phase === 'loading' ? <Progress status={status} onCancel={() => void cancelLoading()} /> : null}
      {status.phase === 'cancelled' ? (
        <span className={styles.notice}>cancelled, part of the file was read</span>
      ) : null}
      {live === null ? <Dropped totals={totals} /> : <LiveFigures live={live} />}
      <LossFigures totals={totals} />
      {status.policy.total === 0 ? null : (
        <button
          type="button"
          className={`${styles.findings} ${styles.policy}`}
          title="The policy of this inspection and how many of its protections are active"
          onClick={() => showScreen('policy')}
        >
          <span className="visually-hidden">Show the policy: </span>
          <span>
            {policyLabel(status.policy.name)}, <b>{status.policy.active}</b> of {status.policy.total} active
          </span>
        </button>
      )}
    </footer>
  );
}

function FindingCounts({ totals, onClick }: { readonly totals: Totals; readonly onClick: () => void }) {
  const present = SEVERITIES.filter((severity) => totals.violations[severity] > 0);
  if (present.length === 0) return <span className={styles.figure}>no violations</span>;
  return (
    <button type="button" className={styles.findings} title="Show violations" onClick={onClick}>
      <span className="visually-hidden">Show violations: </span>
      {present.map((severity) => (
        <span key={severity} className={styles.severity}>
          <SeverityMark severity={severity} />
          <b>{formatCount(totals.violations[severity])}</b> {SEVERITY_WORD[severity].toLowerCase()}
        </span>
      ))}
    </button>
  );
}

function Progress({ status, onCancel }: { readonly status: InspectionStatus; readonly onCancel: () => void }) {
  const percent = percentOf(status.readBytes, status.sizeBytes);
  return (
    <span className={styles.progress}>
      <span
        role="progressbar"
        aria-label={`Reading ${status.name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        className={styles.track}
      >
        <span className={styles.fill} style={{ width: `${percent}%` }} />
      </span>
      <b>{percent}%</b>
      <Button look="quiet" onClick={onCancel}>
        Cancel
      </Button>
    </span>
  );
}

function Dropped({ totals }: { readonly totals: Totals }) {
  return (
    <Explained
      text={
        totals.droppedPackets === null
          ? 'Not known: the file does not say how many packets its capturing machine dropped'
          : 'Packets that the capturing machine dropped, as the file states'
      }
    >
      dropped <b>{totals.droppedPackets === null ? '—' : formatCount(totals.droppedPackets)}</b>
    </Explained>
  );
}

/** Missing, discarded, not decoded: nothing is lost in silence. */
function LossFigures({ totals }: { readonly totals: Totals }) {
  const notDecoded = sumOf(totals.notDecoded);
  const bounded = sumOf(totals.bounded);
  const missing = totals.missingBytes;
  return (
    <>
      <Explained text="Octets of mail connections that the capture does not have">
        missing <b>{formatBytes(missing)}</b>
        {missing === 0 ? '' : ` in ${countOf(totals.sessionsWithGaps, 'session')}`}
      </Explained>
      {totals.discardedSessions + bounded > 0 ? (
        <Explained
          text={
            <Reasons
              title="Ended or cut to stay within bounds"
              counts={{ sessions: totals.discardedSessions, ...totals.bounded }}
            />
          }
        >
          discarded <b>{formatCount(totals.discardedSessions)}</b>
          {bounded > 0 ? ` +${formatCount(bounded)} cut` : ''}
        </Explained>
      ) : (
        <Explained text="Sessions ended early to stay within bounds" spare>
          discarded <b>0</b>
        </Explained>
      )}
      {notDecoded === 0 ? null : (
        <Explained text={<Reasons title="Packets not decoded, by reason" counts={totals.notDecoded} />}>
          not decoded <b>{formatCount(notDecoded)}</b>
        </Explained>
      )}
    </>
  );
}

function Reasons({ title, counts }: { readonly title: string; readonly counts: Readonly<Record<string, number>> }) {
  const rows = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a);
  return (
    <span className={styles.reasons}>
      <span className={styles.reasonsTitle}>{title}</span>
      {rows.map(([reason, count]) => (
        <span key={reason} className={styles.reason}>
          <span>{reason.replace(/-/g, ' ')}</span>
          <b>{formatCount(count)}</b>
        </span>
      ))}
    </span>
  );
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
