/** What is open, the search field, open and close. */
import { FileText, FolderOpen, Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { ViewKind } from '../../shared/inspection.js';
import { Button, Hint, IconButton } from '../controls/button.js';
import { formatBytes, formatCount } from '../format/numbers.js';
import { formatRange } from '../format/time.js';
import { LiveButtons } from '../live/live-buttons.js';
import { LiveChip } from '../live/live-chip.js';
import { liveOf } from '../store/live-desk.js';
import { useApp } from '../store/store-context.js';
import styles from './toolbar.module.css';

/** Least time between two searches while somebody types; the first one begins at once. */
const SEARCH_PACE_MS = 60;

export function Toolbar() {
  const open = useApp((state) => state.status.phase !== 'idle' && state.status.phase !== 'failed');
  const live = useApp((state) => liveOf(state.status));
  const opening = useApp((state) => state.opening);
  const chooseCapture = useApp((state) => state.chooseCapture);
  const closeCapture = useApp((state) => state.closeCapture);
  const screen = useApp((state) => state.screen);
  const serial = useApp((state) => state.captureSerial);
  return (
    <header className={styles.toolbar}>
      {!open ? (
        <span className={styles.name}>Mailscope</span>
      ) : live === null ? (
        <SourceChip />
      ) : (
        <LiveChip live={live} />
      )}
      {open && screen !== 'policy' ? (
        <SearchField key={`${serial} ${screen}`} kind={screen} />
      ) : (
        <span className={styles.space} />
      )}
      {open ? <LiveButtons /> : null}
      <Hint text="Open a capture" keys="Ctrl+O">
        <Button
          look={open ? 'plain' : 'primary'}
          icon={<FolderOpen size={16} strokeWidth={1.6} />}
          disabled={opening}
          onClick={() => void chooseCapture()}
        >
          Open
        </Button>
      </Hint>
      {open ? (
        <IconButton
          label="Close capture"
          icon={<X size={16} strokeWidth={1.6} />}
          onClick={() => void closeCapture()}
        />
      ) : null}
    </header>
  );
}

function SourceChip() {
  const name = useApp((state) => state.status.name);
  const path = useApp((state) => state.status.path);
  const size = useApp((state) => state.status.sizeBytes);
  const range = useApp((state) => formatRange(state.status.totals.firstPacketUs, state.status.totals.lastPacketUs));
  return (
    <Hint text={path}>
      <div className={styles.source} tabIndex={0} role="group" aria-label="Open capture">
        <FileText size={16} strokeWidth={1.6} aria-hidden />
        <b className={styles.file}>{name}</b>
        <span className={styles.about}>
          {formatBytes(size)}
          {range === '' ? '' : `, ${range} UTC`}
        </span>
      </div>
    </Hint>
  );
}

/** Bare words narrow the table below; typing is passed on at once and then at a pace, Enter at once, Escape clears. */
function SearchField({ kind }: { readonly kind: ViewKind }) {
  const search = useApp((state) => state.search[kind]);
  const setSearch = useApp((state) => state.setSearch);
  const matching = useApp((state) => state.matching[kind]);
  const [text, setText] = useState(search);
  const searchedAt = useRef(-SEARCH_PACE_MS);
  useEffect(() => {
    if (text === search) return undefined;
    const wait = Math.max(0, searchedAt.current + SEARCH_PACE_MS - performance.now());
    const timer = setTimeout(() => {
      searchedAt.current = performance.now();
      setSearch(kind, text);
    }, wait);
    return () => clearTimeout(timer);
  }, [text, search, kind, setSearch]);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') {
      setSearch(kind, text);
      document.querySelector<HTMLElement>('[role="grid"]')?.focus();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (text === '') document.querySelector<HTMLElement>('[role="grid"]')?.focus();
      setText('');
    } else return;
    event.preventDefault();
  };
  return (
    <div className={styles.search} data-active={search !== ''}>
      <Search size={14} strokeWidth={1.8} aria-hidden />
      <input
        data-search
        type="text"
        spellCheck={false}
        autoComplete="off"
        aria-label={`Search ${kind}`}
        placeholder={`Search ${kind}: words, addresses, users, replies`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span className={styles.count} aria-live="polite">
        {search !== '' && matching !== null
          ? `${formatCount(matching.total)} of ${formatCount(matching.unfiltered)}`
          : null}
      </span>
      {text === '' ? <kbd>/</kbd> : null}
    </div>
  );
}
