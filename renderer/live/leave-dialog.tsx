/** Asks before something ends the capture that runs. */
import { Button } from '../controls/button.js';
import { Modal } from '../controls/modal.js';
import { liveOf } from '../store/live-desk.js';
import { useApp } from '../store/store-context.js';
import styles from './live.module.css';

export function LeaveDialog() {
  const leaving = useApp((state) => state.live.leaving);
  const name = useApp((state) => liveOf(state.status)?.interfaceName ?? '');
  const answer = useApp((state) => state.answerLeaving);
  return (
    <Modal open={leaving !== null} title={`Stop the capture on ${name}?`} onClose={() => answer(false)}>
      <div className={styles.leave}>
        <p>
          A capture is running. What it holds until now is kept: unless you save it, the welcome screen offers to reopen
          or to remove it.
        </p>
        <div className={styles.choices}>
          <Button onClick={() => answer(false)}>Keep capturing</Button>
          <Button look="primary" onClick={() => answer(true)}>
            {leaving?.words ?? 'Stop'}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
