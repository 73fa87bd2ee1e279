/** The pieces of the status bar: a number with its word, and one that explains itself. */
import type { ReactNode } from 'react';
import { Hint } from '../controls/button.js';
import styles from './status-bar.module.css';

interface FigureProps {
  readonly value: string;
  readonly word?: string;
  readonly spare?: boolean;
}

/** A number and its word; a spare one gives way in a narrow window. */
export function Figure({ value, word, spare = false }: FigureProps) {
  return (
    <span className={styles.figure} data-spare={spare}>
      <b>{value}</b>
      {word === undefined ? null : ` ${word}`}
    </span>
  );
}

interface ExplainedProps {
  readonly text: ReactNode;
  readonly spare?: boolean;
  readonly children: ReactNode;
}

/** A figure with a tooltip, which the keyboard reaches too. */
export function Explained({ text, spare = false, children }: ExplainedProps) {
  return (
    <Hint text={text} side="top">
      <span className={styles.figure} data-spare={spare} tabIndex={0} role="note">
        {children}
      </span>
    </Hint>
  );
}
