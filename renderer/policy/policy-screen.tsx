/**
 * The Policy screen: header with profile and files, what is wrong, and three
 * tabs over one draft. The one place of the screen that reads the store.
 */
import { Tabs } from '@base-ui/react/tabs';
import { useEffect, useMemo } from 'react';
import { useApp } from '../store/store-context.js';
import { accessEntries, cleanLines, DEFAULT_PROFILE } from './draft.js';
import { draftedProtections } from './effective.js';
import { BackToFinding } from './back-to-finding.js';
import { NetworksTab } from './networks-tab.js';
import { PerimeterTab } from './perimeter-tab.js';
import { PolicyHeader } from './policy-header.js';
import { PolicyNotices } from './policy-notices.js';
import { NETWORKS } from './policy-words.js';
import type { PolicyTab } from './problem-place.js';
import { ProtectionsTab } from './protections-tab.js';
import styles from './policy.module.css';
import { useFieldRequest } from './use-field-request.js';

export function PolicyScreen() {
  const desk = useApp((state) => state.policy);
  const loadPolicy = useApp((state) => state.loadPolicy);
  const editPolicy = useApp((state) => state.editPolicy);
  const showPolicyTab = useApp((state) => state.showPolicyTab);
  const showInPolicy = useApp((state) => state.showInPolicy);
  useEffect(() => void loadPolicy(), [loadPolicy]);
  useFieldRequest(desk.fieldRequest);
  const { draft, check, held } = desk;
  const profile = desk.profiles[draft.profile ?? DEFAULT_PROFILE];
  const drafted = useMemo(() => draftedProtections(profile, draft), [profile, draft]);
  const problem = check?.problem ?? null;
  return (
    <main className={styles.screen}>
      <h1 className="visually-hidden">Policy</h1>
      <PolicyHeader drafted={drafted} />
      <PolicyNotices />
      {held === null ? null : (
        <Tabs.Root className={styles.body} value={desk.tab} onValueChange={(value: PolicyTab) => showPolicyTab(value)}>
          <div className={styles.tabRow}>
            <Tabs.List className={styles.tabs} aria-label="Parts of the policy">
              <Tabs.Tab value="protections" className={styles.tab}>
                Protections <span className={styles.tabCount}>{drafted.size}</span>
              </Tabs.Tab>
              <Tabs.Tab value="networks" className={styles.tab}>
                Networks <span className={styles.tabCount}>{networkEntries(draft.networks)}</span>
              </Tabs.Tab>
              <Tabs.Tab value="perimeter" className={styles.tab}>
                Perimeter <span className={styles.tabCount}>{accessEntries(draft.perimeter).length}</span>
              </Tabs.Tab>
            </Tabs.List>
            <BackToFinding />
          </div>
          <Tabs.Panel value="protections" className={styles.panel} tabIndex={-1}>
            <ProtectionsTab drafted={drafted} problem={problem} />
          </Tabs.Panel>
          <Tabs.Panel value="networks" className={styles.panel} tabIndex={-1}>
            <NetworksTab networks={draft.networks ?? {}} problem={problem} onEdit={editPolicy} />
          </Tabs.Panel>
          <Tabs.Panel value="perimeter" className={styles.panel} tabIndex={-1}>
            <PerimeterTab
              lines={draft.perimeter ?? []}
              check={check}
              networksList={desk.networksList}
              ownNetworks={cleanLines(draft.networks?.own ?? []).length}
              onEdit={editPolicy}
              onShow={showInPolicy}
            />
          </Tabs.Panel>
        </Tabs.Root>
      )}
    </main>
  );
}

function networkEntries(networks: Readonly<Partial<Record<string, readonly string[]>>> = {}): number {
  return NETWORKS.reduce((count, { key }) => count + cleanLines(networks[key] ?? []).length, 0);
}
