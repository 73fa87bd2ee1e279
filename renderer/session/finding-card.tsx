/** One finding: what, where, how far beyond the limit, how sure, what to do. */
import { useEffect, useRef } from 'react';
import type { AccessLog, Violation } from '../../shared/violation.js';
import { withCode } from '../format/code-words.js';
import { formatCount, withUnit } from '../format/numbers.js';
import { PolicyLink } from '../policy/policy-link.js';
import { ACTION_WORD } from '../format/words.js';
import { SeverityPill } from '../severity/severity-pill.js';
import { measureBar } from './finding-order.js';
import styles from './session.module.css';

interface FindingCardProps {
  readonly finding: Violation;
  readonly current: boolean;
  readonly onShow: (finding: Violation) => void;
}

export function FindingCard({ finding, current, onShow }: FindingCardProps) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (current) card.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <article
      ref={card}
      className={styles.card}
      data-current={current}
      data-severity={finding.severity}
      data-finding={finding.id}
    >
      <SeverityPill severity={finding.severity} />
      <h3 className={styles.cardTitle}>
        <button type="button" onClick={() => onShow(finding)}>
          {finding.title}
        </button>
      </h3>
      <p className={styles.cardWhere}>
        {finding.attackName}: {finding.attackInfo}
        {finding.line === 0 ? null : `, line ${formatCount(finding.line)}`}
      </p>
      <MeasureBar finding={finding} />
      <FindingFacts finding={finding} />
      {finding.accessLog === undefined ? null : <RouterLine log={finding.accessLog} />}
      {finding.detail === '' ? null : <p className={styles.cardText}>{finding.detail}</p>}
      <p className={styles.cardText}>{withCode(finding.remedy)}</p>
      <References finding={finding} />
      <PolicyLink protection={finding.protection} />
    </article>
  );
}

function MeasureBar({ finding }: { readonly finding: Violation }) {
  const bar = measureBar(finding.measured, finding.limit);
  if (bar === null) return null;
  return (
    <div className={styles.bar} aria-hidden>
      <i style={{ width: `${bar.filled}%` }} />
      <b style={{ left: `${bar.tick}%` }} />
    </div>
  );
}

function FindingFacts({ finding }: { readonly finding: Violation }) {
  const { measured, limit, unit } = finding;
  return (
    <dl className={styles.cardFacts}>
      {measured === null ? null : <Row term="Measured" value={withUnit(measured, unit)} />}
      {limit === null ? null : <Row term="Allowed" value={withUnit(limit, unit)} />}
      <Row term="Confidence" value={`${finding.confidence} of 100`} />
      <Row term="Action" value={ACTION_WORD[finding.action]} />
      {finding.count > 1 ? <Row term="Occurred" value={`${formatCount(finding.count)} times`} /> : null}
      {finding.state === '' ? null : <Row term="State" value={finding.state} />}
      {finding.evidence === '' ? null : <Row term="Evidence" value={finding.evidence} wire />}
    </dl>
  );
}

/** What the router would have logged, and below it the line as the document has it. */
function RouterLine({ log }: { readonly log: AccessLog }) {
  return (
    <dl className={styles.routerLine}>
      <dt>Router log</dt>
      <dd className={styles.wire}>{log.corrected}</dd>
      {log.document === log.corrected ? null : (
        <>
          <dt className={styles.quieter}>As the document prints it</dt>
          <dd className={`${styles.wire} ${styles.quieter}`}>{log.document}</dd>
        </>
      )}
    </dl>
  );
}

function Row({
  term,
  value,
  wire = false,
}: {
  readonly term: string;
  readonly value: string;
  readonly wire?: boolean;
}) {
  return (
    <>
      <dt>{term}</dt>
      <dd className={wire ? styles.wire : undefined}>{value}</dd>
    </>
  );
}

function References({ finding }: { readonly finding: Violation }) {
  if (finding.references.length === 0 && finding.also.length === 0) return null;
  return (
    <ul className={styles.references} aria-label="References">
      {finding.references.map((reference) => (
        <li key={reference}>{reference}</li>
      ))}
      {finding.also.map((id) => (
        <li key={id} title="Another protection that the same octets meet">
          also {id}
        </li>
      ))}
    </ul>
  );
}
