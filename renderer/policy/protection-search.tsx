/** Words that narrow the tree at once; the arrow down leads into it, Escape clears. */
import { Search } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import styles from './protections.module.css';

interface ProtectionSearchProps {
  readonly search: string;
  readonly found: number;
  readonly total: number;
  readonly onSearch: (search: string) => void;
}

export function ProtectionSearch({ search, found, total, onSearch }: ProtectionSearchProps) {
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'ArrowDown' || event.key === 'Enter')
      document.querySelector<HTMLElement>('[role="tree"] [tabindex="0"]')?.focus();
    else if (event.key === 'Escape') onSearch('');
    else return;
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
        aria-label="Search protections"
        placeholder="Title, id, attack, document, CVE"
        value={search}
        onChange={(event) => onSearch(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span className={styles.found} aria-live="polite">
        {search === '' ? null : `${found} of ${total}`}
      </span>
      {search === '' ? <kbd>/</kbd> : null}
    </div>
  );
}
