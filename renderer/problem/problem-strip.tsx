/** A problem across the screen's width: what happened, what to do, its permanent code. */
import { TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Problem } from '../../shared/inspection.js';
import { IconButton } from '../controls/button.js';
import { withCode } from '../format/code-words.js';
import styles from './problem.module.css';

interface ProblemStripProps {
  readonly problem: Problem;
  readonly kind: 'warning' | 'error';
  readonly onDismiss?: () => void;
  /** What can be done about it. */
  readonly children?: ReactNode;
}

export function ProblemStrip({ problem, kind, onDismiss, children }: ProblemStripProps) {
  return (
    <div role={kind === 'error' ? 'alert' : 'status'} className={styles.strip} data-kind={kind}>
      <TriangleAlert size={16} strokeWidth={1.7} aria-hidden />
      <p className={styles.text}>
        <strong>{problem.message}</strong> {withCode(problem.hint)}
      </p>
      <code className={styles.code}>{problem.code}</code>
      {children}
      {onDismiss === undefined ? null : (
        <IconButton label="Dismiss" icon={<X size={14} strokeWidth={1.7} />} onClick={onDismiss} />
      )}
    </div>
  );
}
