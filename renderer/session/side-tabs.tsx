/** Beside the transcript: findings, facts, octets. */
import { Tabs } from '@base-ui/react/tabs';
import type { Violation } from '../../shared/violation.js';
import { FactsTab } from './facts-tab.js';
import { FindingsTab } from './findings-tab.js';
import { HexTab } from './hex-tab.js';
import styles from './session.module.css';
import type { Findings } from './use-findings.js';

export type SideTab = 'findings' | 'facts' | 'hex';

interface SideTabsProps {
  readonly sessionId: number;
  /** Rises when the session has grown. */
  readonly version: number;
  readonly reveal: boolean;
  readonly findings: Findings;
  readonly currentId: number | null;
  readonly tab: SideTab;
  readonly onTab: (tab: SideTab) => void;
  readonly onShow: (finding: Violation) => void;
}

export function SideTabs({ sessionId, version, reveal, findings, currentId, tab, onTab, onShow }: SideTabsProps) {
  const current = findings.list?.find((finding) => finding.id === currentId) ?? null;
  return (
    <Tabs.Root className={styles.side} value={tab} onValueChange={(value: SideTab) => onTab(value)}>
      <Tabs.List className={styles.tabs} aria-label="About this session">
        <Tabs.Tab value="findings" className={styles.tab}>
          Findings{findings.list === null ? '' : ` ${findings.list.length}`}
        </Tabs.Tab>
        <Tabs.Tab value="facts" className={styles.tab}>
          Facts
        </Tabs.Tab>
        <Tabs.Tab value="hex" className={styles.tab}>
          Hex
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="findings" className={styles.panel}>
        <FindingsTab findings={findings.list} problem={findings.problem} currentId={currentId} onShow={onShow} />
      </Tabs.Panel>
      <Tabs.Panel value="facts" className={styles.panel}>
        <FactsTab sessionId={sessionId} version={version} reveal={reveal} />
      </Tabs.Panel>
      <Tabs.Panel value="hex" className={styles.panel}>
        <HexTab sessionId={sessionId} version={version} reveal={reveal} finding={current} />
      </Tabs.Panel>
    </Tabs.Root>
  );
}
