/** Below the log: the selected violation, the way to its line and to its protection. */
import type { Violation } from '../../shared/violation.js';
import { Button } from '../controls/button.js';
import { PolicyLink } from '../policy/policy-link.js';
import { SeverityPill } from '../severity/severity-pill.js';
import styles from './violations.module.css';

interface SelectedViolationProps {
  readonly violation: Violation;
  readonly onShow: (violation: Violation) => void;
}

export function SelectedViolation({ violation, onShow }: SelectedViolationProps) {
  return (
    <section className={styles.selected} aria-label="Selected violation">
      <SeverityPill severity={violation.severity} />
      <p className={styles.what}>
        <b>{violation.title}</b> <span className={styles.detail}>{violation.detail}</span>
      </p>
      <PolicyLink protection={violation.protection} />
      <Button look="quiet" onClick={() => onShow(violation)}>
        Show in transcript
      </Button>
    </section>
  );
}
