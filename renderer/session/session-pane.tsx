/**
 * One session: header, transcript, and beside it findings, facts and octets.
 * A wish to see a finding (from a card, a key, the Violations table) always
 * comes as `findingRequest`, so there is one way to a line.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Violation } from '../../shared/violation.js';
import { usePlainKeys } from '../app/use-shortcuts.js';
import { Split } from '../controls/split.js';
import type { SelectedSession } from '../store/app-state.js';
import { useApp } from '../store/store-context.js';
import { stepFinding } from './finding-order.js';
import { SessionHeader } from './session-header.js';
import styles from './session.module.css';
import { SideTabs } from './side-tabs.js';
import type { SideTab } from './side-tabs.js';
import { paneKey } from './transcript/transcript-keys.js';
import type { Jump } from './transcript/surface.js';
import { TranscriptPane } from './transcript/transcript-pane.js';
import { useFindings } from './use-findings.js';
import { useGrowth } from './use-growth.js';
import { useTail } from './use-tail.js';
import { useTranscript } from './use-transcript.js';
import { worstSeverity } from './worst-severity.js';

interface SessionPaneProps {
  readonly session: SelectedSession;
  /** Escape: back to where the session was chosen. */
  readonly onBack: () => void;
}

export function SessionPane({ session, onBack }: SessionPaneProps) {
  const reveal = useApp((state) => state.reveal);
  const plain = useApp((state) => state.plainList);
  const request = useApp((state) => state.findingRequest);
  const showFinding = useApp((state) => state.showFinding);
  const setReveal = useApp((state) => state.setReveal);
  const setPlainList = useApp((state) => state.setPlainList);
  const growth = useGrowth(session.id);
  const findings = useFindings(session.id, growth.version);
  const { window, snapshot } = useTranscript(session.id, reveal);
  const [tab, setTab] = useState<SideTab>('findings');
  const [active, setActive] = useState(-1);
  const [jump, setJump] = useState<Jump | null>(null);
  const [currentId, setCurrentId] = useState<number | null>(null);
  const served = useRef(0);
  const tail = useTail(window, snapshot, growth);

  useEffect(() => {
    setActive(-1);
    setJump(null);
    setCurrentId(null);
  }, [session.id]);

  const { setAtEnd } = tail;
  const ready = snapshot.total > 0;
  useEffect(() => {
    if (request === null || request.sessionId !== session.id || request.serial === served.current) return;
    // A finding about the connection itself has no line, and perhaps no transcript: its card is what there is to show.
    const isOnLine = request.line > 0;
    if (isOnLine && !ready) return;
    served.current = request.serial;
    setCurrentId(request.violationId);
    if (!isOnLine) return;
    setAtEnd(false);
    void window.seek(request.line, request.violationId).then((item) => {
      if (item < 0) return;
      setActive(item);
      setJump({ item, serial: request.serial });
    });
  }, [request, session.id, window, ready, setAtEnd]);

  const severityOf = useCallback(
    (id: number) => findings.list?.find((finding) => finding.id === id)?.severity ?? null,
    [findings.list],
  );
  const itemAt = (index: number) => snapshot.items[index - snapshot.from];
  const openItem = (index: number): void => {
    const item = itemAt(index);
    if (item?.kind === 'fold') void window.toggleFold(item.id);
    if (item?.kind !== 'line' || item.findings.length === 0) return;
    const finding = findings.list?.find((candidate) => item.findings.includes(candidate.id));
    if (finding === undefined) return;
    setCurrentId(finding.id);
    setTab('findings');
  };
  const onItem = (index: number, onMark: boolean): void => {
    setActive(index);
    const item = itemAt(index);
    if (onMark || item?.kind === 'fold' || (item?.kind === 'line' && item.severity !== null)) openItem(index);
  };
  const step = (by: 1 | -1): void => {
    const item = itemAt(active);
    const finding = stepFinding(findings.list ?? [], currentId, item?.kind === 'line' ? item.number : 0, by);
    if (finding === null) return;
    setTab('findings');
    showFinding(finding);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const inTranscript =
      event.target instanceof Element && event.target.closest('[data-transcript], [data-plain-list]') !== null;
    const action = paneKey(event, { inTranscript, active, first: snapshot.from, count: snapshot.items.length });
    if (action === null) return;
    event.preventDefault();
    if (action.kind === 'back') onBack();
    else if (action.kind === 'open') openItem(active);
    else setActive(action.item);
  };

  usePlainKeys((key) => {
    if (key !== 'n' && key !== 'p') return false;
    step(key === 'n' ? 1 : -1);
    return true;
  });

  const worst = useMemo(() => worstSeverity(findings.list) ?? session.worst, [findings.list, session.worst]);
  return (
    <section className={styles.session} aria-label="Session" onKeyDown={onKeyDown}>
      <SessionHeader
        session={session}
        worst={worst}
        findings={findings.list?.length ?? null}
        masked={snapshot.masked}
        reveal={reveal}
        plain={plain}
        onReveal={setReveal}
        onPlain={setPlainList}
      />
      <div className={styles.body}>
        <Split
          name="session"
          orientation="horizontal"
          label="Width of the findings"
          secondSize={340}
          secondMinimum={260}
          firstMinimum={420}
          first={
            <TranscriptPane
              key={session.id}
              snapshot={snapshot}
              severityOf={severityOf}
              active={active}
              jump={jump}
              plain={plain}
              onItem={onItem}
              onNearEdge={(side) => void window.loadMore(side)}
              onRetry={() => void window.reload()}
              follow={tail.follow}
              onAtEnd={tail.setAtEnd}
              onJumpToEnd={tail.isPaused ? () => tail.setAtEnd(true) : null}
            />
          }
          second={
            <SideTabs
              sessionId={session.id}
              version={growth.version}
              reveal={reveal}
              findings={findings}
              currentId={currentId}
              tab={tab}
              onTab={setTab}
              onShow={(finding: Violation) => showFinding(finding)}
            />
          }
        />
      </div>
    </section>
  );
}
