/**
 * The line that a router would have logged for a denied connection. The
 * document prints IPACCESSLOGDP, which IOS uses for ICMP; for TCP and UDP with
 * ports it is IPACCESSLOGP (Cisco IOS system messages, SEC). IPv6 lists log
 * under IPV6_ACL.
 */

/** What a log line says. */
export interface DeniedAccess {
  /** Name of the list. */
  readonly list: string;
  readonly protocol: 'tcp';
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  /** Since the last line for the same source, destination and port; at least 1. */
  readonly packets: number;
}

/** The same line under both mnemonics. */
export interface AccessLogLine {
  readonly corrected: string;
  /** With the document's own mnemonic. */
  readonly document: string;
}

/** `%SEC-6-IPACCESSLOGP: list packet_filter denied tcp 198.51.100.7(41234) -> 10.16.27.70(143), 1 packet`. */
export function accessLogLine(denied: DeniedAccess): AccessLogLine {
  const { list, protocol, source, sourcePort, destination, destinationPort, packets } = denied;
  const ends = `${source}(${sourcePort}) -> ${destination}(${destinationPort})`;
  const text = `list ${list} denied ${protocol} ${ends}, ${packets} packet${packets === 1 ? '' : 's'}`;
  const mnemonic = source.includes(':') && !source.includes('.') ? 'IPV6_ACL-6-ACCESSLOGP' : 'SEC-6-IPACCESSLOGP';
  return { corrected: `%${mnemonic}: ${text}`, document: `%SEC-6-IPACCESSLOGDP: ${text}` };
}
