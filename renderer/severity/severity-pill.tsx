/** Shape, colour and word of a severity. */
import type { Severity } from '../../shared/severity.js';
import { SEVERITY_WORD } from '../format/words.js';
import { SeverityMark } from './severity-mark.js';
import styles from './severity.module.css';

export function SeverityPill({ severity }: { readonly severity: Severity }) {
  return (
    <span className={styles.pill} data-severity={severity}>
      <SeverityMark severity={severity} />
      {SEVERITY_WORD[severity]}
    </span>
  );
}
