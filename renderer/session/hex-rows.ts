/** Octets as the hex view shows them. -1 is a missing octet, -2 a masked one, undefined one that is still on its way. */
export interface OctetCell {
  readonly hex: string;
  readonly text: string;
  readonly kind: 'printable' | 'other' | 'missing' | 'masked' | 'waiting';
}

const MISSING = -1;
const MASKED = -2;

/** How many rows a stream makes. */
export function rowsOf(streamLength: number, perRow: number): number {
  return Math.ceil(streamLength / perRow);
}

/** The cells of one row. */
export function octetCells(
  octetAt: (offset: number) => number | undefined,
  offset: number,
  count: number,
): readonly OctetCell[] {
  const cells: OctetCell[] = [];
  for (let at = 0; at < count; at++) cells.push(octetCell(octetAt(offset + at)));
  return cells;
}

function octetCell(octet: number | undefined): OctetCell {
  if (octet === undefined) return { hex: '  ', text: ' ', kind: 'waiting' };
  if (octet === MISSING) return { hex: '--', text: '-', kind: 'missing' };
  if (octet === MASKED) return { hex: '••', text: '•', kind: 'masked' };
  const hex = octet.toString(16).toUpperCase().padStart(2, '0');
  const printable = octet >= 0x20 && octet <= 0x7e;
  return { hex, text: printable ? String.fromCharCode(octet) : '.', kind: printable ? 'printable' : 'other' };
}
