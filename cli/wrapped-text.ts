/** Text for a terminal, broken into lines at blanks. */

const NARROWEST = 40;
const WIDEST = 100;

/** Lines of at most `columns` characters (40 to 100); a longer word stands alone. */
export function wrapped(text: string, columns: number): string[] {
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns));
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
