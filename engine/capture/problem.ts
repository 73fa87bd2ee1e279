/** A damaged capture as an error that says what was found, what was expected, and what to do. */
import type { Problem } from '../../shared/inspection.js';
import type { CaptureDamage, CaptureProblemCode } from './record.js';

const HINTS: Readonly<Record<CaptureProblemCode, string>> = {
  'capture-empty': 'Check that the capture was written at all, and that the program that writes it has ended.',
  'not-a-capture':
    'Open a pcap or pcapng file, as tcpdump, dumpcap and Wireshark write them; gzip is unpacked by itself.',
  'capture-damaged': 'Everything before this place was inspected. `pcapfix` or `editcap` may repair the rest.',
  'capture-cut-short':
    'Everything before this place was inspected. Copy the file again, or wait until its writer has finished.',
  'capture-unsupported': 'Convert it: editcap -F pcapng FILE OUT.pcapng',
};

export function problemOf(damage: CaptureDamage): Problem {
  const { code, byteOffset, found, expected } = damage;
  const message =
    code === 'not-a-capture' || code === 'capture-empty'
      ? `This is ${found}; expected ${expected}.`
      : `At byte ${byteOffset}: found ${found}; expected ${expected}.`;
  return { code, message, hint: HINTS[code] };
}
