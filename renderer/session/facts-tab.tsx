/** What the dialogue established: greeting, capabilities, authentication, envelope, TLS, timing. */
import { useEffect, useState } from 'react';
import type { Answer } from '../../shared/ipc.js';
import type { Fact } from '../../shared/transcript.js';
import { ask } from '../bridge.js';
import { useBridge } from '../store/store-context.js';
import styles from './session.module.css';

interface FactsTabProps {
  readonly sessionId: number;
  /** Rises when the session has grown. */
  readonly version: number;
  readonly reveal: boolean;
}

export function FactsTab({ sessionId, version, reveal }: FactsTabProps) {
  const bridge = useBridge();
  const [answer, setAnswer] = useState<Answer<readonly Fact[]> | null>(null);
  useEffect(() => {
    let current = true;
    void ask(bridge.invoke['session:facts']({ sessionId, reveal })).then((facts) => {
      if (current) setAnswer(facts);
    });
    return () => {
      current = false;
    };
  }, [bridge, sessionId, version, reveal]);
  if (answer === null) return <p className={styles.quiet}>Loading facts</p>;
  if (!answer.ok) {
    return (
      <p role="alert" className={styles.quiet}>
        {answer.problem.message} {answer.problem.hint}
      </p>
    );
  }
  if (answer.value.length === 0) return <p className={styles.quiet}>The dialogue established nothing.</p>;
  return (
    <div className={styles.facts}>
      {groupsOf(answer.value).map(([group, facts]) => (
        <section key={group}>
          <h3 className={styles.groupTitle}>{group}</h3>
          <dl className={styles.factList}>
            {facts.map((fact, at) => (
              <div key={`${fact.label} ${at}`}>
                <dt>{fact.label}</dt>
                <dd>{fact.value}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function groupsOf(facts: readonly Fact[]): readonly (readonly [string, readonly Fact[]])[] {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    const group = groups.get(fact.group);
    if (group === undefined) groups.set(fact.group, [fact]);
    else group.push(fact);
  }
  return [...groups];
}
