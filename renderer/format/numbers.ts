/** Numbers as a person reads them: grouped thousands, decimal byte units, shares. */
const GROUPED = new Intl.NumberFormat('en-US');

/** `3904112` as `3,904,112`. */
export function formatCount(value: number): string {
  return GROUPED.format(value);
}

const BYTE_UNITS = ['kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Octets in decimal units with one digit: `812 B`, `48.2 kB`, `2.1 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(1)} ${BYTE_UNITS[unit] as string}`;
}

/** A count with its noun, for example `1 finding`, `3 findings`. */
export function countOf(value: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(value)} ${value === 1 ? noun : plural}`;
}

/** A measured value with its unit as findings state it: `1,400 bytes`, `1 recipient`. */
export function withUnit(value: number, unit: string): string {
  if (unit === '') return formatCount(value);
  return `${formatCount(value)} ${value === 1 && unit.endsWith('s') ? unit.slice(0, -1) : unit}`;
}

/** Part of a whole in percent, 0 to 100, rounded down so that 100 means done. */
export function percentOf(part: number, whole: number): number {
  if (whole <= 0) return 0;
  return Math.max(0, Math.min(100, Math.floor((part / whole) * 100)));
}
