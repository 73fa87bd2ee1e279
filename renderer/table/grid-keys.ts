/** Which row a key leads to. In: key, where one is, how many rows, rows per page. Out: an index, or null when the key is none of these. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Target row of a navigation key; `active` is -1 when no row is active yet. */
export function rowForKey(press: KeyPress, active: number, total: number, pageRows: number): number | null {
  if (total === 0 || press.ctrlKey || press.metaKey || press.altKey) return null;
  const last = total - 1;
  const clamp = (index: number): number => Math.max(0, Math.min(last, index));
  switch (press.key) {
    case 'ArrowDown':
    case 'j':
      return clamp(active + 1);
    case 'ArrowUp':
    case 'k':
      return active < 0 ? last : clamp(active - 1);
    case 'PageDown':
      return clamp(active + pageRows);
    case 'PageUp':
      return clamp(active - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}
