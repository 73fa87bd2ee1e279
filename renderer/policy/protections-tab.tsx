/** The tree on the left, the chosen protection on the right. */
import { useMemo } from 'react';
import type { PolicyProblem } from '../../shared/policy.js';
import { Split } from '../controls/split.js';
import { EmptyState } from '../problem/empty-state.js';
import { useApp } from '../store/store-context.js';
import type { DraftedProtection } from './effective.js';
import { ProtectionDetail } from './protection-detail.js';
import { ProtectionSearch } from './protection-search.js';
import { ProtectionTree } from './protection-tree.js';
import { familiesOf, rowsOf } from './tree-rows.js';
import styles from './protections.module.css';

interface ProtectionsTabProps {
  readonly drafted: ReadonlyMap<string, DraftedProtection>;
  readonly problem: PolicyProblem | null;
}

export function ProtectionsTab({ drafted, problem }: ProtectionsTabProps) {
  const { catalogue, search, closedFamilies, selectedId } = useApp((state) => state.policy);
  const searchProtections = useApp((state) => state.searchProtections);
  const selectProtection = useApp((state) => state.selectProtection);
  const toggleFamily = useApp((state) => state.toggleFamily);
  const editPolicy = useApp((state) => state.editPolicy);
  const families = useMemo(() => familiesOf(catalogue, search), [catalogue, search]);
  const rows = useMemo(
    () => rowsOf(families, search.trim() === '' ? closedFamilies : new Set()),
    [families, search, closedFamilies],
  );
  const found = families.reduce((count, family) => count + family.protections.length, 0);
  const chosen = catalogue.find(({ id }) => id === selectedId) ?? families[0]?.protections[0];
  const chosenNow = chosen === undefined ? undefined : drafted.get(chosen.id);
  return (
    <Split
      name="policy"
      orientation="horizontal"
      label="Width of the protection"
      secondSize="61%"
      secondMinimum={420}
      firstMinimum={280}
      first={
        <div className={styles.catalogue}>
          <ProtectionSearch search={search} found={found} total={catalogue.length} onSearch={searchProtections} />
          {catalogue.length > 0 && found === 0 ? (
            <div className={styles.nothing}>
              <EmptyState title="No protection matches">
                <p>Every word of “{search}” has to occur in its title, id, attack, document or references.</p>
              </EmptyState>
            </div>
          ) : (
            <ProtectionTree
              rows={rows}
              drafted={drafted}
              selectedId={chosen?.id ?? null}
              onSelect={selectProtection}
              onFold={toggleFamily}
            />
          )}
        </div>
      }
      second={
        chosen === undefined || chosenNow === undefined ? null : (
          <ProtectionDetail
            key={chosen.id}
            protection={chosen}
            drafted={chosenNow}
            problem={problem}
            onEdit={editPolicy}
          />
        )
      }
    />
  );
}
