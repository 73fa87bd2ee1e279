/**
 * Packet time as text. In: µs since 1970, which a damaged capture may state as
 * anything. Out: UTC with microseconds; what lies outside of the years 1970 to
 * 9999 becomes the nearest moment within.
 */
import { latin1Text } from '../octets.js';

const LAST_US = 253_402_300_799_000_000;
const ZERO = 0x30;
const POINT = 0x2e;
/** Length of `2026-11-21T08:00:00`, and with microseconds. */
const SECOND_OCTETS = 19;
export const TIME_OCTETS = 26;

/** Writes `2026-11-21T08:00:00.123456`, UTC, without a zone: `TIME_OCTETS` octets from `at` on. */
export function putTime(octets: Uint8Array, at: number, timeUs: number): void {
  const clamped = timeUs >= 0 ? (timeUs > LAST_US ? LAST_US : timeUs) : 0;
  const seconds = Math.floor(clamped / 1e6);
  const slot = seconds & (SLOTS - 1);
  if (slotSeconds[slot] !== seconds) fillSlot(slot, seconds);
  const from = slot * SECOND_OCTETS;
  for (let i = 0; i < SECOND_OCTETS; i++) octets[at + i] = slotOctets[from + i] as number;
  octets[at + SECOND_OCTETS] = POINT;
  let rest = (clamped - seconds * 1e6) | 0;
  for (let i = at + TIME_OCTETS - 1; i > at + SECOND_OCTETS; i--) {
    const next = (rest / 10) | 0;
    octets[i] = ZERO + rest - next * 10;
    rest = next;
  }
}

/** Sessions that live at the same time share their seconds, and with them most of the text of their times. */
const SLOTS = 256;
const slotSeconds = new Float64Array(SLOTS).fill(-1);
const slotOctets = new Uint8Array(SLOTS * SECOND_OCTETS);

function fillSlot(slot: number, seconds: number): void {
  const text = new Date(seconds * 1000).toISOString();
  slotSeconds[slot] = seconds;
  for (let i = 0; i < SECOND_OCTETS; i++) slotOctets[slot * SECOND_OCTETS + i] = text.charCodeAt(i);
}

const scratch = new Uint8Array(TIME_OCTETS);

/** `2026-11-21T08:00:00.123456`, UTC, without a zone. */
export function isoMicroseconds(timeUs: number): string {
  putTime(scratch, 0, timeUs);
  return latin1Text(scratch, 0, TIME_OCTETS);
}

/** `2026-11-21 08:00:00.123456`, UTC, for people. */
export function readableTime(timeUs: number): string {
  return isoMicroseconds(timeUs).replace('T', ' ');
}
