/** Numbers as a person reads them: `1,400 bytes`, `18.0 kB`, `42.0 s`. Same in every locale. */

/** With thousands separated by commas. */
export function formatCount(count: number): string {
  const digits = String(Math.trunc(Math.abs(count)));
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, ',');
  return count < 0 ? `-${grouped}` : grouped;
}

/** `1 line`, `2,000 lines`; `plural` where an `s` does not do. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** Decimal units with one digit: `999 bytes`, `18.0 kB`, `2.1 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return countOf(bytes, 'byte');
  let value = bytes;
  let unit = '';
  for (const next of UNITS) {
    if (value < 999.95 && unit !== '') break;
    value /= 1000;
    unit = next;
  }
  return `${value.toFixed(1)} ${unit}`;
}

/** `0.021 s`, `42.0 s`, `3 min 20 s`, `2 h 05 min`. */
export function formatDuration(durationUs: number): string {
  const seconds = durationUs / 1e6;
  if (seconds < 10) return `${seconds.toFixed(3)} s`;
  if (seconds < 119.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 7200) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
