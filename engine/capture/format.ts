/**
 * Says in words what a file is that is no pcap and no pcapng, from its first
 * octets, so that the error names what was found.
 */
import { displayText, octetHex } from '../text/display.js';

const SIGNATURES: readonly (readonly [signature: string, name: string])[] = [
  ['snoop\0', 'a Solaris snoop capture (convert it: editcap -F pcapng)'],
  ['\x1f\x8b', 'gzip data inside gzip data'],
  ['\x28\xb5\x2f\xfd', 'a Zstandard archive'],
  ['BZh', 'a bzip2 archive'],
  ['\xfd7zXZ', 'an xz archive'],
  ['PK\x03\x04', 'a ZIP archive (or an office document)'],
  ['%PDF', 'a PDF document'],
  ['\x7fELF', 'a program'],
  ['MZ', 'a Windows program'],
  ['\x89PNG', 'a PNG picture'],
  ['GMBU', 'a Microsoft Network Monitor 2 capture (convert it: editcap -F pcapng)'],
  ['RTSS', 'a Microsoft Network Monitor 1 capture (convert it: editcap -F pcapng)'],
  ['TRSNIFF data', 'a Network Associates Sniffer capture (convert it: editcap -F pcapng)'],
  ['XCP\0', 'a Network Associates Sniffer capture (convert it: editcap -F pcapng)'],
];

/** A short description of what `octets`, the first few of the file, seem to be. */
export function describeUnknownFormat(octets: Uint8Array): string {
  for (const [signature, name] of SIGNATURES) if (startsWith(octets, signature)) return name;
  const shown = octets.subarray(0, 16);
  if (shown.every((octet) => (octet >= 0x20 && octet < 0x7f) || octet === 9 || octet === 10 || octet === 13)) {
    return `text beginning with "${displayText(shown)}"`;
  }
  return `a file that begins with the bytes ${[...shown.subarray(0, 8)].map(octetHex).join(' ')}`;
}

function startsWith(octets: Uint8Array, signature: string): boolean {
  if (octets.length < signature.length) return false;
  for (let i = 0; i < signature.length; i++) if (octets[i] !== signature.charCodeAt(i)) return false;
  return true;
}
