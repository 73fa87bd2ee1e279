/** What stands where rows would be: a sentence, why, and perhaps what to do. */
import type { ReactNode } from 'react';
import styles from './problem.module.css';

export function EmptyState({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <h2 className={styles.emptyTitle}>{title}</h2>
      {children}
    </div>
  );
}
