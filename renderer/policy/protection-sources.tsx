/** What is logged, what to do, and where the rule comes from. */
import type { ReactNode } from 'react';
import type { ProtectionDescription } from '../../shared/protection.js';
import { withCode } from '../format/code-words.js';
import styles from './detail.module.css';

export function ProtectionSources({ protection }: { readonly protection: ProtectionDescription }) {
  const { attackName, attackInfo, remedy, sources, references } = protection;
  return (
    <dl className={styles.facts}>
      <Fact term="Attack name">{attackName}</Fact>
      <Fact term="Attack information">{attackInfo}</Fact>
      <Fact term="Remedy">{withCode(remedy)}</Fact>
      <Fact term={sources.length === 1 ? 'Document' : 'Documents'}>
        <ul className={styles.plainList}>
          {sources.map((source) => (
            <li key={source}>{source}</li>
          ))}
        </ul>
      </Fact>
      {references.length === 0 ? null : (
        <Fact term="References">
          <ul className={styles.chips}>
            {references.map((reference) => (
              <li key={reference}>{reference}</li>
            ))}
          </ul>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
