/**
 * Packet times as text. In: microseconds since 1970 UTC. Out: UTC, because the
 * command line and its EVE records state UTC and the two are read side by side.
 */
const DAY_US = 86_400_000_000;

/** `03:14:51.902`. */
export function formatClock(timeUs: number): string {
  return isoParts(timeUs)[1];
}

/** `2026-11-20`. */
export function formatDay(timeUs: number): string {
  return isoParts(timeUs)[0];
}

/** The clock alone when everything lies within one day, else the day before it. */
export function formatMoment(timeUs: number, severalDays: boolean): string {
  if (!isTime(timeUs)) return '';
  return severalDays ? `${formatDay(timeUs)} ${formatClock(timeUs)}` : formatClock(timeUs);
}

/** True when two moments are on different UTC days. */
export function spansDays(firstUs: number | null, lastUs: number | null): boolean {
  if (firstUs === null || lastUs === null) return false;
  return Math.floor(firstUs / DAY_US) !== Math.floor(lastUs / DAY_US);
}

/** `2026-11-20 00:00 to 23:59`, the second day only when it differs; empty when unknown. */
export function formatRange(firstUs: number | null, lastUs: number | null): string {
  if (firstUs === null || lastUs === null || !isTime(firstUs) || !isTime(lastUs)) return '';
  const first = formatClock(firstUs).slice(0, 5);
  const last = formatClock(lastUs).slice(0, 5);
  if (!spansDays(firstUs, lastUs))
    return first === last ? `${formatDay(firstUs)} ${first}` : `${formatDay(firstUs)} ${first} to ${last}`;
  return `${formatDay(firstUs)} ${first} to ${formatDay(lastUs)} ${last}`;
}

/** `38 ms`, `1.2 s`, `4 min 10 s`, `2 h 5 min`. */
export function formatDuration(durationUs: number): string {
  const us = Math.max(0, durationUs);
  if (us < 1_000_000) return `${Math.round(us / 1000)} ms`;
  const seconds = us / 1_000_000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.floor(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Seconds since a start with three digits: `42.071`. */
export function formatElapsed(timeUs: number, startUs: number): string {
  return (Math.max(0, timeUs - startUs) / 1_000_000).toFixed(3);
}

/** Day and clock; split at the `T`, because years beyond 9999 are longer. */
function isoParts(timeUs: number): [day: string, clock: string] {
  if (!isTime(timeUs)) return ['', ''];
  const [day, clock] = new Date(Math.floor(timeUs / 1000)).toISOString().split('T');
  return [day ?? '', (clock ?? '').slice(0, 12)];
}

function isTime(timeUs: number): boolean {
  return Number.isFinite(timeUs) && Math.abs(timeUs) < 8.64e18;
}
