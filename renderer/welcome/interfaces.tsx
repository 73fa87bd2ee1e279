/** Where a live capture starts: the interfaces, how busy they are, and how to begin. */
import { ChevronRight, Play, RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CaptureInterface } from '../../shared/capture.js';
import { Button, IconButton } from '../controls/button.js';
import { useApp } from '../store/store-context.js';
import { InterfaceList } from './interface-list.js';
import styles from './interfaces.module.css';
import { PermissionHelp } from './permission-help.js';
import { StartOptions } from './start-options.js';

const SETTLED_MS = 2500;

export function Interfaces() {
  const { interfaces, listing, listProblem, activity, selected } = useApp((state) => state.live);
  const opening = useApp((state) => state.opening);
  const listInterfaces = useApp((state) => state.listInterfaces);
  const selectInterface = useApp((state) => state.selectInterface);
  const startLive = useApp((state) => state.startLive);
  useWatchedInterfaces();
  const chosen = interfaces?.find(({ name }) => name === selected);
  const start = (name: string): void => {
    const isAllowed = interfaces?.find((each) => each.name === name)?.engine !== null;
    if (isAllowed && !opening) void startLive(name);
  };
  return (
    <section aria-labelledby="interfaces-title">
      <div className={styles.head}>
        <h2 id="interfaces-title">Watch an interface</h2>
        <IconButton
          label="List the interfaces again"
          icon={<RefreshCw size={14} strokeWidth={1.7} />}
          disabled={listing}
          onClick={() => void listInterfaces()}
        />
      </div>
      {listProblem === null ? null : (
        <p role="alert" className={styles.error}>
          {listProblem.message} {listProblem.hint}
        </p>
      )}
      {interfaces === null ? (
        <p className={styles.kind}>Looking for interfaces</p>
      ) : interfaces.length === 0 ? (
        <p className={styles.kind}>This computer has no interface to capture on.</p>
      ) : (
        <InterfaceList
          interfaces={interfaces}
          activity={activity}
          selected={selected}
          onSelect={selectInterface}
          onStart={start}
        />
      )}
      {chosen === undefined ? null : <StartBar each={chosen} onStart={start} />}
    </section>
  );
}

/** Listed now, again when an interface appears or goes and when the window gets the focus; measured while this is shown. */
function useWatchedInterfaces(): void {
  const listInterfaces = useApp((state) => state.listInterfaces);
  const watchInterfaces = useApp((state) => state.watchInterfaces);
  const present = useApp((state) => Object.keys(state.live.activity).sort().join('\n'));
  useEffect(() => {
    void listInterfaces();
    // What was just plugged in is up, and has its addresses, a moment later.
    const timer = setTimeout(() => void listInterfaces(), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [listInterfaces, present]);
  useEffect(() => {
    const look = (): void => void listInterfaces();
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, [listInterfaces]);
  useEffect(() => {
    watchInterfaces(true);
    return () => watchInterfaces(false);
  }, [watchInterfaces]);
}

interface StartBarProps {
  readonly each: CaptureInterface;
  readonly onStart: (name: string) => void;
}

function StartBar({ each, onStart }: StartBarProps) {
  const [open, setOpen] = useState(false);
  const opening = useApp((state) => state.opening);
  const engine = useApp((state) => state.live.options.engine ?? state.settings.captureEngine);
  const used = engine === 'auto' ? each.engine : engine;
  return (
    <div className={styles.bar}>
      {each.engine === null ? (
        <PermissionHelp each={each} />
      ) : (
        <div className={styles.barRow}>
          <Button
            look="primary"
            icon={<Play size={13} strokeWidth={2} fill="currentColor" />}
            disabled={opening}
            onClick={() => onStart(each.name)}
          >
            Start on {each.name}
          </Button>
          <button type="button" className={styles.disclosure} aria-expanded={open} onClick={() => setOpen(!open)}>
            <ChevronRight size={14} strokeWidth={1.8} aria-hidden />
            Start options
          </button>
          <span className={styles.kind}>{used === null ? '' : `captures with ${used}`}</span>
        </div>
      )}
      {each.engine !== null && open ? <StartOptions each={each} /> : null}
    </div>
  );
}
