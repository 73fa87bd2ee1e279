/** Which Mailscope this is and what it runs on. */
import { Logo } from '../rail/logo.js';
import { useApp } from '../store/store-context.js';
import styles from './dialogs.module.css';

export function About() {
  const info = useApp((state) => state.info);
  return (
    <div className={styles.about}>
      <div className={styles.aboutHead}>
        <Logo size={36} className={styles.logo} />
        <div>
          <p className={styles.product}>Mailscope {info?.version ?? ''}</p>
          <p className={styles.quiet}>Traffic inspector for mail administrators</p>
        </div>
      </div>
      {info === null ? null : (
        <dl className={styles.facts}>
          <dt>Electron</dt>
          <dd>{info.electron}</dd>
          <dt>Chromium</dt>
          <dd>{info.chromium}</dd>
          <dt>Node.js</dt>
          <dd>{info.node}</dd>
          <dt>Platform</dt>
          <dd>{info.platform}</dd>
        </dl>
      )}
      {info?.standInElectron === true ? (
        <p role="note" className={styles.standIn}>
          This window runs on a stand-in Electron meant for development and tests. It is older than the one that
          Mailscope ships with and gets no security updates: do not use it for everyday work.
        </p>
      ) : null}
      <p className={styles.quiet}>Apache License 2.0</p>
    </div>
  );
}
