/** The shape of a severity: triangle, diamond, square, circle, grey square. Says its word unless a word stands beside it. */
import type { Severity } from '../../shared/severity.js';
import { SEVERITY_WORD } from '../format/words.js';
import styles from './severity.module.css';

export function SeverityMark({
  severity,
  labelled = false,
}: {
  readonly severity: Severity;
  readonly labelled?: boolean;
}) {
  const name = labelled ? { role: 'img', 'aria-label': SEVERITY_WORD[severity] } : { 'aria-hidden': true };
  return <span className={styles.mark} data-severity={severity} {...name} />;
}
