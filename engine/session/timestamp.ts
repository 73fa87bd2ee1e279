/**
 * Packet time as text. In: µs since 1970, which a damaged capture may state as
 * anything. Out: UTC with microseconds; what lies outside of the years 1970 to
 * 9999 becomes the nearest moment within.
 */
const LAST_US = 253_402_300_799_000_000;

/** `2026-11-21T08:00:00.123456`, UTC, without a zone. */
export function isoMicroseconds(timeUs: number): string {
  const clamped = Number.isNaN(timeUs) ? 0 : Math.min(Math.max(0, timeUs), LAST_US);
  const seconds = Math.floor(clamped / 1e6);
  const slot = seconds % SLOTS;
  if (slotSeconds[slot] !== seconds) {
    slotSeconds[slot] = seconds;
    slotTexts[slot] = new Date(seconds * 1000).toISOString().slice(0, -4);
  }
  const microseconds = Math.floor(clamped - seconds * 1e6);
  const milliseconds = Math.floor(microseconds / 1000);
  return `${slotTexts[slot]}${THREE_DIGITS[milliseconds]}${THREE_DIGITS[microseconds - milliseconds * 1000]}`;
}

const THREE_DIGITS: readonly string[] = Array.from({ length: 1000 }, (_, index) => String(index).padStart(3, '0'));

/** Sessions that live at the same time share their seconds, and with them most of the text of their times. */
const SLOTS = 1024;
const slotSeconds = new Float64Array(SLOTS).fill(-1);
const slotTexts = new Array<string>(SLOTS).fill('');

/** `2026-11-21 08:00:00.123456`, UTC, for people. */
export function readableTime(timeUs: number): string {
  return isoMicroseconds(timeUs).replace('T', ' ');
}
