/** All findings of the session, in the order of the transcript. */
import type { Problem } from '../../shared/inspection.js';
import type { Violation } from '../../shared/violation.js';
import { FindingCard } from './finding-card.js';
import styles from './session.module.css';

interface FindingsTabProps {
  readonly findings: readonly Violation[] | null;
  readonly problem: Problem | null;
  readonly currentId: number | null;
  readonly onShow: (finding: Violation) => void;
}

export function FindingsTab({ findings, problem, currentId, onShow }: FindingsTabProps) {
  if (problem !== null) {
    return (
      <p role="alert" className={styles.quiet}>
        {problem.message} {problem.hint}
      </p>
    );
  }
  if (findings === null) return <p className={styles.quiet}>Loading findings</p>;
  if (findings.length === 0)
    return <p className={styles.quiet}>No findings: no active protection fired in this session.</p>;
  return (
    <div className={styles.cards}>
      {findings.map((finding) => (
        <FindingCard key={finding.id} finding={finding} current={finding.id === currentId} onShow={onShow} />
      ))}
    </div>
  );
}
