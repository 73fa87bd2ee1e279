/** Families and their protections as a tree with one tab stop; arrows, Home and End walk, left and right fold. */
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent } from 'react';
import { SeverityMark } from '../severity/severity-mark.js';
import type { DraftedProtection } from './effective.js';
import { ACTION_TITLE } from './policy-words.js';
import { treeMove, type TreeRow } from './tree-rows.js';
import styles from './protections.module.css';

interface ProtectionTreeProps {
  readonly rows: readonly TreeRow[];
  readonly drafted: ReadonlyMap<string, DraftedProtection>;
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
  readonly onFold: (family: string) => void;
}

export function ProtectionTree({ rows, drafted, selectedId, onSelect, onFold }: ProtectionTreeProps) {
  const tree = useRef<HTMLDivElement>(null);
  const [atFamily, setAtFamily] = useState<string | null>(null);
  const wanted = atFamily ?? selectedId ?? '';
  const current = rows.some((row) => row.key === wanted) ? wanted : (rows[0]?.key ?? '');
  const hasRows = rows.length > 0;
  useEffect(() => {
    // A new tree takes the keys, unless somebody is elsewhere on the screen.
    if (hasRows && document.activeElement === document.body)
      tree.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, [hasRows]);
  const goTo = (key: string): void => {
    const row = rows.find((candidate) => candidate.key === key);
    setAtFamily(row?.kind === 'family' ? key : null);
    if (row?.kind === 'protection') onSelect(key);
    tree.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      const row = rows.find(({ key }) => key === current);
      if (row?.kind === 'family') onFold(row.family.name);
      else document.querySelector<HTMLElement>('[data-policy-path$=".action"]')?.focus();
      event.preventDefault();
      return;
    }
    const move = treeMove(rows, current, event.key);
    if (move === null) return;
    event.preventDefault();
    if (move.kind === 'fold') onFold(move.family);
    else goTo(move.key);
  };
  const onClick = (event: MouseEvent): void => {
    const key = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-key]')?.dataset['key'] : '';
    const row = rows.find((candidate) => candidate.key === key);
    if (row === undefined) return;
    goTo(row.key);
    if (row.kind === 'family') onFold(row.family.name);
  };
  return (
    // The tree handles keys and clicks of its rows, one of which has the focus.
    <div
      ref={tree}
      role="tree"
      aria-label="Protections"
      tabIndex={-1}
      className={styles.tree}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      {rows.map((row) =>
        row.kind === 'family' ? (
          <FamilyRow key={row.key} row={row} drafted={drafted} isCurrent={row.key === current} />
        ) : (
          <ProtectionRow
            key={row.key}
            row={row}
            drafted={drafted.get(row.protection.id)}
            isCurrent={row.key === current}
            isSelected={row.key === selectedId}
          />
        ),
      )}
    </div>
  );
}

interface FamilyRowProps {
  readonly row: Extract<TreeRow, { kind: 'family' }>;
  readonly drafted: ReadonlyMap<string, DraftedProtection>;
  readonly isCurrent: boolean;
}

function FamilyRow({ row, drafted, isCurrent }: FamilyRowProps) {
  const { title, protections } = row.family;
  const active = protections.filter(({ id }) => drafted.get(id)?.now.action !== 'off').length;
  return (
    <div
      role="treeitem"
      aria-level={1}
      aria-expanded={row.isOpen}
      aria-selected={false}
      tabIndex={isCurrent ? 0 : -1}
      data-key={row.key}
      className={styles.family}
    >
      {row.isOpen ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
      <span className={styles.familyTitle}>{title}</span>
      <span className={styles.familyCount}>
        {active} of {protections.length} active
      </span>
    </div>
  );
}

interface ProtectionRowProps {
  readonly row: Extract<TreeRow, { kind: 'protection' }>;
  readonly drafted: DraftedProtection | undefined;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
}

function ProtectionRow({ row, drafted, isCurrent, isSelected }: ProtectionRowProps) {
  const { id, title, severity } = row.protection;
  const action = drafted?.now.action ?? 'off';
  const members = row.family.protections;
  return (
    <div
      role="treeitem"
      aria-level={2}
      aria-setsize={members.length}
      aria-posinset={members.indexOf(row.protection) + 1}
      aria-selected={isSelected}
      tabIndex={isCurrent ? 0 : -1}
      data-key={row.key}
      data-policy-path={`protections.${id}`}
      data-action={action}
      className={styles.protection}
    >
      <SeverityMark severity={severity} labelled />
      <span className={styles.names}>
        <span className={styles.title}>{title}</span>
        <span className={styles.id}>{id}</span>
      </span>
      {drafted?.isChanged === true ? (
        <span
          className={styles.changed}
          role="img"
          aria-label="changed against the profile"
          title="Changed against the profile"
        />
      ) : null}
      <span className={styles.action}>{ACTION_TITLE[action]}</span>
    </div>
  );
}
