/**
 * The interfaces of this computer, one line each: arrows choose, Enter or a
 * double click starts. One tab stop; the chosen line is named by
 * aria-activedescendant.
 */
import { Ban, Cable, Repeat2, Waypoints, Wifi } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { CaptureInterface } from '../../shared/capture.js';
import { activityWords, KIND_WORD, rateOf } from '../live/live-words.js';
import { rowForKey } from '../table/grid-keys.js';
import styles from './interfaces.module.css';
import { Sparkline } from './sparkline.js';

interface InterfaceListProps {
  readonly interfaces: readonly CaptureInterface[];
  readonly activity: Readonly<Record<string, readonly number[]>>;
  readonly selected: string | null;
  readonly onSelect: (name: string) => void;
  readonly onStart: (name: string) => void;
}

const PAGE = 8;
const NO_ACTIVITY: readonly number[] = [];

export function InterfaceList({ interfaces, activity, selected, onSelect, onStart }: InterfaceListProps) {
  const baseId = useId();
  const list = useRef<HTMLDivElement>(null);
  const at = interfaces.findIndex(({ name }) => name === selected);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && selected !== null) onStart(selected);
    else {
      const target = rowForKey(event, at, interfaces.length, PAGE);
      const name = target === null ? undefined : interfaces[target]?.name;
      if (name === undefined) return;
      onSelect(name);
    }
    event.preventDefault();
  };
  return (
    <div
      ref={list}
      role="listbox"
      tabIndex={0}
      aria-label="Interfaces"
      aria-activedescendant={at === -1 ? undefined : `${baseId}-${at}`}
      className={styles.list}
      // A click on a line leaves the keys to the list.
      onFocus={(event) => event.currentTarget.focus()}
      onKeyDown={onKeyDown}
    >
      {interfaces.map((each, index) => (
        <InterfaceRow
          key={each.name}
          id={`${baseId}-${index}`}
          each={each}
          activity={activity[each.name] ?? NO_ACTIVITY}
          isSelected={index === at}
          onSelect={onSelect}
          onStart={onStart}
        />
      ))}
    </div>
  );
}

interface InterfaceRowProps {
  readonly id: string;
  readonly each: CaptureInterface;
  readonly activity: readonly number[];
  readonly isSelected: boolean;
  readonly onSelect: (name: string) => void;
  readonly onStart: (name: string) => void;
}

function InterfaceRow({ id, each, activity, isSelected, onSelect, onStart }: InterfaceRowProps) {
  const { name, kind, addresses, isUp, engine } = each;
  const now = activity.at(-1);
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      className={styles.row}
      data-up={isUp}
      data-allowed={engine !== null}
      onMouseDown={() => onSelect(name)}
      onDoubleClick={() => onStart(name)}
    >
      <KindIcon kind={kind} isAllowed={engine !== null} />
      <span className={styles.name}>
        {name} <span className={styles.kind}>{nameWords(each)}</span>
      </span>
      <span className={styles.addresses} title={addresses.join(', ')}>
        {addresses.join(', ')}
      </span>
      <span className={styles.state}>{engine !== null ? (isUp ? 'up' : 'down') : isUp ? 'not permitted' : 'down'}</span>
      <span className={styles.activity}>
        <span className="visually-hidden">{activityWords(activity)}</span>
        <span className={styles.rate} aria-hidden>
          {now === undefined ? '' : `${rateOf(now)}/s`}
        </span>
        <Sparkline values={activity} />
      </span>
    </div>
  );
}

/** What the owner called it, else what it is. */
function nameWords({ description, kind }: CaptureInterface): string {
  return description === '' ? KIND_WORD[kind] : description;
}

function KindIcon({ kind, isAllowed }: { readonly kind: CaptureInterface['kind']; readonly isAllowed: boolean }) {
  const look = { size: 16, strokeWidth: 1.6, 'aria-hidden': true } as const;
  if (!isAllowed) return <Ban {...look} />;
  if (kind === 'wireless') return <Wifi {...look} />;
  if (kind === 'loopback') return <Repeat2 {...look} />;
  return kind === 'ethernet' ? <Cable {...look} /> : <Waypoints {...look} />;
}
