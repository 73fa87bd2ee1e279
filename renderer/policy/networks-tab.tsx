/** The administrator's own networks: one list each, with what uses it. */
import type { PolicyDocument, PolicyProblem } from '../../shared/policy.js';
import { withNetwork } from './draft.js';
import { LinesField } from './lines-field.js';
import { NETWORKS } from './policy-words.js';
import { problemAt } from './problem-place.js';
import styles from './networks.module.css';

interface NetworksTabProps {
  readonly networks: NonNullable<PolicyDocument['networks']>;
  readonly problem: PolicyProblem | null;
  readonly onEdit: (change: (draft: PolicyDocument) => PolicyDocument) => void;
}

export function NetworksTab({ networks, problem, onEdit }: NetworksTabProps) {
  return (
    <div className={styles.networks}>
      <p className={styles.lead}>
        Which addresses and domains are yours. Protections that need to tell inside from outside stay silent until they
        know. Addresses and prefixes are IPv4 or IPv6, one a line; host names are not looked up.
      </p>
      <div className={styles.grid}>
        {NETWORKS.map(({ key, title, meaning, example }) => (
          <LinesField
            key={key}
            stacked
            path={`networks.${key}`}
            title={title}
            of={key === 'ownDomains' ? 'one domain a line' : 'one address or prefix a line'}
            note={meaning}
            placeholder={`such as ${example}`}
            lines={networks[key] ?? []}
            problem={problemAt(problem, `networks.${key}`)}
            onChange={(lines) => onEdit((draft) => withNetwork(draft, key, lines))}
          />
        ))}
      </div>
    </div>
  );
}
