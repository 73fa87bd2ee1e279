/**
 * The default capture filter: TCP on the mail ports, and whatever carries a
 * piece of it: VLAN tags (one or two) and IP fragments.
 *
 * In BPF `vlan` moves the offsets of everything to its right in the text, so
 * the untagged test comes first and each further tag nests inside the one
 * before. On a live Linux interface libpcap looks for the outer tag in the
 * packet and beside it, where the kernel puts a tag that it took off; the inner
 * one stays in the packet. Only the first fragment has ports: of IPv4 the later
 * ones are taken by their offset, of IPv6 all by their header. What classic BPF
 * cannot do: follow IPv6 extension headers, or look into tunnels.
 */
import type { CaptureEngine } from './capture-engine.js';

/** Ports on which mail is expected without being told. */
export const MAIL_PORTS: readonly number[] = [25, 465, 587, 2525, 109, 110, 143, 993, 995];

const IPV4_LATER_FRAGMENT = 'ip proto 6 and ip[6:2] & 0x1fff != 0';
/** Fragment header (44), and in it the protocol (RFC 8200 section 4.5). */
const IPV6_FRAGMENT = 'ip6[6] = 44 and ip6[40] = 6';

/**
 * The filter in the language of pcap-filter(7). `tags`: false for links that
 * know no VLAN (`any`, tunnels), for which libpcap refuses the word. Ports
 * beyond 1 to 65,535 are left out; without ports it is empty: everything.
 */
export function defaultMailFilter(ports: readonly number[] = MAIL_PORTS, tags = true): string {
  const valid = [...new Set(ports)].filter((port) => Number.isInteger(port) && port > 0 && port < 65_536);
  if (valid.length === 0) return '';
  const mail = `tcp port ${valid.sort((a, b) => a - b).join(' or ')} or (${IPV4_LATER_FRAGMENT}) or (${IPV6_FRAGMENT})`;
  return tags ? `${mail} or (vlan and (${mail} or (vlan and (${mail}))))` : mail;
}

/** The default filter that this interface takes: with tags where its link type knows them. */
export async function mailFilterFor(
  engine: CaptureEngine,
  interfaceName: string,
  ports: readonly number[] = MAIL_PORTS,
): Promise<string> {
  const tagged = defaultMailFilter(ports);
  const refusal = await engine.checkFilter(tagged, interfaceName);
  return refusal === null ? tagged : defaultMailFilter(ports, false);
}
