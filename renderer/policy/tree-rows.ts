/**
 * The rows of the protections' tree. In: the catalogue, a search, the closed
 * families. Out: families with their protections, and the rows that show in
 * their order. A search opens every family.
 */
import type { ProtectionDescription } from '../../shared/protection.js';
import { familyRank, familyTitle } from './policy-words.js';

export interface Family {
  readonly name: string;
  readonly title: string;
  readonly protections: readonly ProtectionDescription[];
}

export type TreeRow =
  | { readonly kind: 'family'; readonly key: string; readonly family: Family; readonly isOpen: boolean }
  | {
      readonly kind: 'protection';
      readonly key: string;
      readonly family: Family;
      readonly protection: ProtectionDescription;
    };

/** Families that hold a protection in which every word of the search occurs. */
export function familiesOf(catalogue: readonly ProtectionDescription[], search: string): readonly Family[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const byName = new Map<string, ProtectionDescription[]>();
  for (const protection of catalogue) {
    if (!isMatch(protection, words)) continue;
    const known = byName.get(protection.family);
    if (known === undefined) byName.set(protection.family, [protection]);
    else known.push(protection);
  }
  return [...byName]
    .map(([name, protections]) => ({ name, title: familyTitle(name), protections }))
    .sort((a, b) => familyRank(a.name) - familyRank(b.name));
}

export function familyKey(name: string): string {
  return `family ${name}`;
}

export function rowsOf(families: readonly Family[], closed: ReadonlySet<string>): readonly TreeRow[] {
  return families.flatMap((family): readonly TreeRow[] => {
    const isOpen = !closed.has(family.name);
    const head: TreeRow = { kind: 'family', key: familyKey(family.name), family, isOpen };
    if (!isOpen) return [head];
    return [
      head,
      ...family.protections.map((protection): TreeRow => ({
        kind: 'protection',
        key: protection.id,
        family,
        protection,
      })),
    ];
  });
}

export type TreeMove =
  { readonly kind: 'go'; readonly key: string } | { readonly kind: 'fold'; readonly family: string } | null;

/** What an arrow, Home or End does in the tree at this row (WAI-ARIA tree pattern). */
export function treeMove(rows: readonly TreeRow[], current: string, pressed: string): TreeMove {
  const at = rows.findIndex((row) => row.key === current);
  const row = rows[at];
  const go = (index: number): TreeMove => {
    const target = rows[Math.max(0, Math.min(index, rows.length - 1))];
    return target === undefined ? null : { kind: 'go', key: target.key };
  };
  if (pressed === 'ArrowDown') return go(at + 1);
  if (pressed === 'ArrowUp') return go(at - 1);
  if (pressed === 'Home') return go(0);
  if (pressed === 'End') return go(rows.length - 1);
  if (row === undefined) return null;
  if (pressed === 'ArrowRight')
    return row.kind === 'family' ? (row.isOpen ? go(at + 1) : { kind: 'fold', family: row.family.name }) : null;
  if (pressed !== 'ArrowLeft') return null;
  if (row.kind === 'protection') return { kind: 'go', key: familyKey(row.family.name) };
  return row.isOpen ? { kind: 'fold', family: row.family.name } : null;
}

function isMatch(protection: ProtectionDescription, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const { id, title, family, attackName, attackInfo, sources, references } = protection;
  const text = [id, title, familyTitle(family), attackName, attackInfo, ...sources, ...references]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
