/** Which interface is captured on, and how: in the toolbar, where a file's name stands otherwise. */
import type { LiveStatus } from '../../shared/capture.js';
import { Hint } from '../controls/button.js';
import { formatBytes } from '../format/numbers.js';
import { formatClock } from '../format/time.js';
import { LiveMark } from './live-mark.js';
import styles from './live.module.css';

export function LiveChip({ live }: { readonly live: LiveStatus }) {
  const filter = live.filter === '' ? 'everything is captured, without a filter' : `filter: ${live.filter}`;
  return (
    <Hint text={`${live.engine} on ${live.interfaceName}; ${filter}`}>
      <div className={styles.chip} tabIndex={0} role="group" aria-label="Live capture">
        <LiveMark live={live} />
        <b className={styles.name}>{live.interfaceName}</b>
        <span className={styles.about}>
          since {formatClock(live.startedMs * 1000).slice(0, 8)} UTC, {formatBytes(live.writtenBytes)}
        </span>
      </div>
    </Hint>
  );
}
