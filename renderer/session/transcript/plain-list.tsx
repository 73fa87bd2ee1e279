/** The transcript as a list of page text: the same lines for screen readers, and for whoever prefers it. */
import { useEffect, useLayoutEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { TextRun, TranscriptItem, TranscriptLine } from '../../../shared/transcript.js';
import { countOf } from '../../format/numbers.js';
import { formatElapsed } from '../../format/time.js';
import { useLatest } from '../../react/use-latest.js';
import { SeverityMark } from '../../severity/severity-mark.js';
import type { SurfaceProps } from './surface.js';
import { arrowOf, describe, foldWords, leadingTabs, maskedWords, omittedWords } from './transcript-layout.js';
import styles from './transcript.module.css';

const NEAR_EDGE_PX = 600;
const AT_END_PX = 8;

export function PlainList({ snapshot, active, jump, follow, onItem, onNearEdge, onAtEnd }: SurfaceProps) {
  const list = useRef<HTMLOListElement>(null);
  const { items, from, startUs } = snapshot;
  const first = useLatest(from);
  useEffect(() => scrollToItem(list.current, active - first.current, 'nearest'), [active, first]);
  useEffect(() => {
    if (jump === null) return;
    scrollToItem(list.current, jump.item - first.current, 'center');
    if (document.activeElement === document.body) list.current?.focus({ preventScroll: true });
  }, [jump, first]);
  useLayoutEffect(() => {
    if (follow && list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  }, [follow, items]);
  const onScroll = (): void => {
    const element = list.current;
    if (element === null) return;
    if (element.scrollTop + element.clientHeight + NEAR_EDGE_PX > element.scrollHeight) onNearEdge('after');
    if (element.scrollTop === 0) onNearEdge('before');
    onAtEnd(element.scrollTop + element.clientHeight + AT_END_PX >= element.scrollHeight);
  };
  return (
    <ol ref={list} className={styles.plain} aria-label="Transcript" tabIndex={0} data-plain-list onScroll={onScroll}>
      {items.map((item, at) => {
        const index = from + at;
        const click = (): void => onItem(index, true);
        return item.kind === 'line' ? (
          <PlainLine key={index} line={item} startUs={startUs} active={index === active} onMark={click} />
        ) : (
          <PlainNote key={index} item={item} active={index === active} onClick={click} />
        );
      })}
    </ol>
  );
}

function scrollToItem(list: HTMLElement | null, at: number, block: ScrollLogicalPosition): void {
  list?.children[at]?.scrollIntoView({ block });
}

interface PlainLineProps {
  readonly line: TranscriptLine;
  readonly startUs: number;
  readonly active: boolean;
  readonly onMark: () => void;
}

function PlainLine({ line, startUs, active, onMark }: PlainLineProps) {
  const side = line.direction === 'to_server' ? 'Client' : 'Server';
  const indent = leadingTabs(line.runs);
  return (
    <li
      className={styles.item}
      data-direction={line.direction}
      data-secure={line.secure}
      data-tint={line.severity ?? undefined}
      data-active={active}
    >
      <span>
        {line.severity === null ? null : (
          <button
            type="button"
            className={styles.link}
            aria-label={`Show the finding of line ${line.number}`}
            onClick={onMark}
          >
            <SeverityMark severity={line.severity} labelled />
          </button>
        )}
      </span>
      <span className={styles.number}>{line.number}</span>
      <span className={styles.time}>{formatElapsed(line.timeUs, startUs)}</span>
      <span className={`${styles.words} ${styles.arrow}`}>
        <span aria-hidden>{arrowOf(line.direction, line.secure)}</span>
        <span className="visually-hidden">
          {side}
          {line.secure ? ' under TLS' : ''}:
        </span>
      </span>
      <span className={styles.words}>
        {'\u00a0'.repeat(4 * indent)}
        {line.runs.slice(indent).map((run, at) => (
          <PlainRun key={at} run={run} />
        ))}
        {line.omittedBytes > 0 && !line.runs.some((run) => run.kind === 'omitted') ? (
          <em> … {countOf(line.omittedBytes, 'more byte')}</em>
        ) : null}
        {line.terminator === 'lf' ? <em> (bare LF)</em> : null}
      </span>
    </li>
  );
}

function PlainRun({ run }: { readonly run: TextRun }) {
  const words = runWords(run);
  if (run.mark === null) return <>{words}</>;
  return (
    <mark className={styles.marked} data-mark={run.mark}>
      {words}
    </mark>
  );
}

function runWords(run: TextRun): ReactNode {
  switch (run.kind) {
    case 'text':
      return run.text;
    case 'octet':
      return <span className={styles.octet}>{run.hex}</span>;
    case 'omitted':
      return <em>{omittedWords(run.lengthBytes)}</em>;
    case 'masked':
      return `•••••••• ${maskedWords(run)}`;
  }
}

interface PlainNoteProps {
  readonly item: Exclude<TranscriptItem, TranscriptLine>;
  readonly active: boolean;
  readonly onClick: () => void;
}

function PlainNote({ item, active, onClick }: PlainNoteProps) {
  return (
    <li className={styles.item} data-kind="note" data-active={active}>
      <span />
      <span />
      <span />
      <span />
      <span className={styles.words}>
        {item.kind === 'fold' ? (
          <>
            {foldWords(item)}{' '}
            <button type="button" className={styles.link} aria-expanded={item.expanded} onClick={onClick}>
              {item.expanded ? 'collapse' : 'expand'}
            </button>
          </>
        ) : (
          describe(item).map((span) => span.text)
        )}
      </span>
    </li>
  );
}
