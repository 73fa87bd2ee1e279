/** Live captures that were never saved: after a crash, or stopped and left. */
import { History } from 'lucide-react';
import type { LeftCapture } from '../../shared/capture.js';
import { Button } from '../controls/button.js';
import { formatBytes } from '../format/numbers.js';
import { formatClock, formatDay } from '../format/time.js';
import { useApp } from '../store/store-context.js';
import styles from './interfaces.module.css';

export function LeftCaptures() {
  const left = useApp((state) => state.live.left);
  const opening = useApp((state) => state.opening);
  const reopenLeft = useApp((state) => state.reopenLeft);
  const removeLeft = useApp((state) => state.removeLeft);
  if (left.length === 0) return null;
  return (
    <section aria-label="Captures that were not saved" className={styles.left}>
      {left.map((capture) => (
        <div key={capture.folder} className={styles.leftRow}>
          <History size={16} strokeWidth={1.6} aria-hidden />
          <p>{leftWords(capture)}</p>
          <Button look="quiet" disabled={opening} onClick={() => void reopenLeft(capture.folder)}>
            Reopen
          </Button>
          <Button look="quiet" disabled={opening} onClick={() => void removeLeft(capture.folder)}>
            Remove
          </Button>
        </div>
      ))}
    </section>
  );
}

/** `A capture of eth0 from 2026-11-20 03:14 UTC was not ended, 1.2 MB.` */
export function leftWords({ interfaceName, startedMs, bytes, ended = false }: LeftCapture): string {
  const startUs = startedMs * 1000;
  const start = `${formatDay(startUs)} ${formatClock(startUs).slice(0, 5)} UTC`;
  return `A capture of ${interfaceName} from ${start} was not ${ended ? 'saved' : 'ended'}, ${formatBytes(bytes)}.`;
}
