/** How these tests write octets, and the options that they use. */
import { analyseCode, type CodeKind, type CodeOptions, type CodeVerdict } from '../../engine/machine-code/index.js';

export const EVERY_FEATURE = ['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8', 'F9', 'F10', 'F11'];
export const OPTIONS: CodeOptions = {
  arches: new Set(['x86-32', 'x86-64']),
  features: new Set(EVERY_FEATURE),
  maxScan: 4096,
};

/** Octets from hexadecimal words and `'text'` in quotes; `90*16` repeats an octet, `(0102)*3` a group. */
export function octets(text: string): Uint8Array {
  const parts = text.match(/'[^']*'|\([0-9a-fA-F ]+\)\*\d+|[0-9a-fA-F]{2}\*\d+|[0-9a-fA-F]{2}/g) ?? [];
  return Uint8Array.from(parts.flatMap(octetsOfPart));
}

function octetsOfPart(part: string): readonly number[] {
  if (part.startsWith("'")) return [...Buffer.from(part.slice(1, -1), 'latin1')];
  const [group = '', times = '1'] = part.split('*');
  const hex = Buffer.from(group.replace(/[()\s]/g, ''), 'hex');
  return Array.from({ length: Number(times) }, () => [...hex]).flat();
}

/** The verdict on all of these octets. */
export function verdictOn(
  content: Uint8Array,
  kind: CodeKind = 'argument',
  options: CodeOptions = OPTIONS,
): CodeVerdict | null {
  return analyseCode(content, 0, content.length, kind, options);
}

/** `F1 35 0-16` for each feature, in the order of their names: what was found, in a line. */
export function inWords(verdict: CodeVerdict | null): string {
  if (verdict === null) return 'nothing';
  const named = [...verdict.features].sort((a, b) => Number(a.name.slice(1)) - Number(b.name.slice(1)));
  return named.map(({ name, weight, start, end }) => `${name} ${weight} ${start}-${end}`).join(', ');
}

/** Names of the features only. */
export function namesIn(verdict: CodeVerdict | null): string {
  return inWords(verdict).replace(/ \d+ \d+-\d+/g, '');
}
