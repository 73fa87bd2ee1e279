/** The octets of one direction: offset, hex, text; virtualised, missing and masked octets shown as such. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { DirectionName, Violation } from '../../shared/violation.js';
import { countOf } from '../format/numbers.js';
import { octetCells, rowsOf } from './hex-rows.js';
import { useHexPages } from './use-hex-pages.js';
import styles from './hex.module.css';

const ROW = 20;
const WIDE_FROM = 560;

interface HexTabProps {
  readonly sessionId: number;
  /** Rises when the session has grown. */
  readonly version: number;
  readonly reveal: boolean;
  readonly finding: Violation | null;
}

export function HexTab({ sessionId, version, reveal, finding }: HexTabProps) {
  const [direction, setDirection] = useState<DirectionName>(finding?.direction ?? 'to_server');
  const scroller = useRef<HTMLDivElement>(null);
  const [perRow, setPerRow] = useState(8);
  const pages = useHexPages(sessionId, direction, reveal, version);
  const rows = useVirtualizer({
    count: rowsOf(pages.streamLength, perRow),
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setPerRow(element.clientWidth >= WIDE_FROM ? 16 : 8));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (finding !== null) setDirection(finding.direction);
  }, [finding]);
  const offset = finding !== null && finding.direction === direction ? finding.offset : null;
  useEffect(() => {
    if (offset !== null && pages.streamLength > 0) rows.scrollToIndex(Math.floor(offset / perRow), { align: 'center' });
  }, [offset, perRow, pages.streamLength, rows]);
  const items = rows.getVirtualItems();
  const { need } = pages;
  const first = items[0]?.index ?? 0;
  const last = items[items.length - 1]?.index ?? 0;
  useEffect(() => need(first * perRow, (last + 1) * perRow), [need, first, last, perRow]);

  return (
    <div className={styles.hex}>
      <div className={styles.head} role="radiogroup" aria-label="Direction">
        {(['to_server', 'to_client'] as const).map((side) => (
          <button
            key={side}
            type="button"
            role="radio"
            aria-checked={direction === side}
            onClick={() => setDirection(side)}
          >
            {side === 'to_server' ? 'Client' : 'Server'}
          </button>
        ))}
        <span className={styles.length}>{pages.problem ?? countOf(pages.streamLength, 'byte')}</span>
      </div>
      {pages.streamLength === 0 && !pages.loading && pages.problem === null ? (
        <p className={styles.nothing}>
          No data of the {direction === 'to_server' ? 'client' : 'server'} is in the capture.
        </p>
      ) : null}
      <div ref={scroller} className={styles.scroller} tabIndex={0} role="region" aria-label="Octets">
        <div className={styles.rows} style={{ height: rows.getTotalSize() }}>
          {items.map((item) => (
            <HexRow
              key={item.key}
              top={item.start}
              offset={item.index * perRow}
              octets={octetCells(
                pages.octetAt,
                item.index * perRow,
                Math.min(perRow, pages.streamLength - item.index * perRow),
              )}
              marked={finding !== null && finding.direction === direction ? finding : null}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface HexRowProps {
  readonly top: number;
  readonly offset: number;
  readonly octets: ReturnType<typeof octetCells>;
  readonly marked: Violation | null;
}

function HexRow({ top, offset, octets, marked }: HexRowProps) {
  const markOf = (at: number): string | undefined =>
    marked !== null && offset + at >= marked.offset && offset + at < marked.offset + marked.length
      ? marked.severity
      : undefined;
  return (
    <div className={styles.row} style={{ transform: `translateY(${top}px)` }}>
      <span className={styles.offset}>{offset.toString(16).padStart(8, '0')}</span>
      <span className={styles.octets}>
        {octets.map((cell, at) => (
          <span key={at} data-kind={cell.kind} data-mark={markOf(at)}>
            {cell.hex}
          </span>
        ))}
      </span>
      <span className={styles.text} aria-hidden>
        {octets.map((cell, at) => (
          <span key={at} data-kind={cell.kind} data-mark={markOf(at)}>
            {cell.text}
          </span>
        ))}
      </span>
    </div>
  );
}
