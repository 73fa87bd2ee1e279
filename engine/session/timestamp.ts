/**
 * Packet time as text. In: µs since 1970, which a damaged capture may state as
 * anything. Out: UTC with microseconds; what lies outside of the years 1970 to
 * 9999 becomes the nearest moment within.
 */
import { latin1Text } from '../octets.js';

const LAST_US = 253_402_300_799_000_000;
/** Length of `2026-11-21T08:00:00.123456`. */
export const TIME_OCTETS = 26;
/** Of these, `2026-11-21T08:00:00.` as words of four octets. */
const SECOND_WORDS = 5;
const SECOND_OCTETS = 20;

/** By a number below 100, its two digits: the first octet is the low one. */
export const DIGIT_PAIRS = Uint16Array.from({ length: 100 }, (_, number) => {
  const tens = Math.floor(number / 10);
  return 0x3030 + tens + ((number - tens * 10) << 8);
});

/** Writes `2026-11-21T08:00:00.123456`, UTC, without a zone: `TIME_OCTETS` octets from `at` on. */
export function putTime(octets: DataView, at: number, timeUs: number): void {
  const clamped = timeUs >= 0 ? (timeUs > LAST_US ? LAST_US : timeUs) : 0;
  const seconds = Math.floor(clamped / 1e6);
  const slot = seconds & (SLOTS - 1);
  if (slotSeconds[slot] !== seconds) fillSlot(slot, seconds);
  const from = slot * SECOND_WORDS;
  for (let i = 0; i < SECOND_WORDS; i++) octets.setInt32(at + i * 4, slotWords[from + i] as number, true);
  const microseconds = (clamped - seconds * 1e6) | 0;
  const upper = (microseconds / 100) | 0;
  const first = (upper / 100) | 0;
  octets.setUint16(at + SECOND_OCTETS, DIGIT_PAIRS[first] as number, true);
  octets.setUint16(at + SECOND_OCTETS + 2, DIGIT_PAIRS[upper - first * 100] as number, true);
  octets.setUint16(at + SECOND_OCTETS + 4, DIGIT_PAIRS[microseconds - upper * 100] as number, true);
}

/** Sessions that live at the same time share their seconds, and with them most of the text of their times. */
const SLOTS = 256;
const slotSeconds = new Float64Array(SLOTS).fill(-1);
const slotWords = new Int32Array(SLOTS * SECOND_WORDS);

const scratch = new Uint8Array(TIME_OCTETS);
const scratchView = new DataView(scratch.buffer);

function fillSlot(slot: number, seconds: number): void {
  const text = new Date(seconds * 1000).toISOString();
  for (let i = 0; i < SECOND_OCTETS; i++) scratch[i] = text.charCodeAt(i);
  for (let i = 0; i < SECOND_WORDS; i++) slotWords[slot * SECOND_WORDS + i] = scratchView.getInt32(i * 4, true);
  slotSeconds[slot] = seconds;
}

/** `2026-11-21T08:00:00.123456`, UTC, without a zone. */
export function isoMicroseconds(timeUs: number): string {
  putTime(scratchView, 0, timeUs);
  return latin1Text(scratch, 0, TIME_OCTETS);
}

/** `2026-11-21 08:00:00.123456`, UTC, for people. */
export function readableTime(timeUs: number): string {
  return isoMicroseconds(timeUs).replace('T', ' ');
}
