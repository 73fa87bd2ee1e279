/** Aligned columns of plain text. In: rows of cells. Out: lines without trailing blanks. */

/** Columns as wide as their widest cell, two blanks between them; the last one is not padded. */
export function columnWidths(rows: readonly (readonly string[])[]): readonly number[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, textWidth(cell));
    });
  }
  return widths;
}

/** One row; `paint` may colour a cell after it was padded. */
export function alignedRow(
  row: readonly string[],
  widths: readonly number[],
  paint: (cell: string, column: number) => string = (cell) => cell,
): string {
  const cells = row.map((cell, column) => {
    const padding = column === row.length - 1 ? '' : ' '.repeat(Math.max(0, (widths[column] ?? 0) - textWidth(cell)));
    return paint(cell, column) + padding;
  });
  return cells.join('  ').trimEnd();
}

/** At most `maximum` characters; a cut is shown by `…`. */
export function shortened(text: string, maximum: number): string {
  const characters = [...text];
  return characters.length <= maximum ? text : `${characters.slice(0, maximum - 1).join('')}…`;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Columns of a terminal: East Asian characters and pictographs take two, combining marks none. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mn}|\p{Me}/u.test(character)) continue;
    width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}
