/** What an interface is, from what Linux tells in sysfs or Wireshark's list tells elsewhere. */
import { existsSync } from 'node:fs';
import type { InterfaceKind } from '../../shared/capture.js';
import { ANY_INTERFACE, linuxAttribute } from './interface-state.js';

/** ARPHRD_ values of `linux/if_arp.h`. */
const LOOPBACK = 772;
const TUNNELS: ReadonlySet<number> = new Set([512, 768, 769, 776, 778, 823, 65534]);
const ETHERNET = 1;

const TUNNEL_TYPES: ReadonlySet<string> = new Set([
  'vxlan',
  'geneve',
  'wireguard',
  'gretap',
  'ip6gretap',
  'ppp',
  'wwan',
]);

export function linuxInterfaceKind(name: string): InterfaceKind {
  if (name === ANY_INTERFACE) return 'any';
  const hardware = Number(linuxAttribute(name, 'type'));
  if (hardware === LOOPBACK) return 'loopback';
  if (has(name, 'wireless') || has(name, 'phy80211')) return 'wireless';
  if (has(name, 'bridge')) return 'bridge';
  if (has(name, 'tun_flags') || TUNNELS.has(hardware) || TUNNEL_TYPES.has(linuxDeviceType(name))) return 'tunnel';
  if (hardware !== ETHERNET) return 'other';
  return has(name, 'device') ? 'ethernet' : 'virtual';
}

/**
 * How often each packet passes a capturing socket. On Linux' loopback twice,
 * going out and coming in: libpcap throws the first away only after it has
 * taken room in the kernel's ring, and the drop counter counts both. Halved it
 * is exact while the ring stays full, and the least that was lost while the
 * ring has room now and then. (The filter word `inbound` is no way out: what is
 * in the ring's first block is filtered by libpcap itself, which does not know
 * the direction there and throws the first packets away.)
 */
export function socketSightings(name: string): number {
  return process.platform === 'linux' && linuxInterfaceKind(name) === 'loopback' ? 2 : 1;
}

/** `DEVTYPE` of the kernel: `vlan`, `bond`, `wlan`, ...; empty for most. */
export function linuxDeviceType(name: string): string {
  return /^DEVTYPE=(.*)$/m.exec(linuxAttribute(name, 'uevent'))?.[1] ?? '';
}

function has(name: string, attribute: string): boolean {
  return existsSync(`/sys/class/net/${name}/${attribute}`);
}

/** By the usual names of BSD and macOS, and the description that engines give. */
export function guessedKind(name: string, description: string): InterfaceKind {
  const words = `${name} ${description}`.toLowerCase();
  if (/loopback|^lo\d*\b/.test(words)) return 'loopback';
  if (/wi-?fi|wireless|wlan|802\.11/.test(words)) return 'wireless';
  if (/bridge/.test(words)) return 'bridge';
  if (/^(?:utun|gif|stf|ipsec|tun|tap|ppp)\d|vpn|tunnel|wan miniport/.test(words)) return 'tunnel';
  if (/^(?:en|em|igb|ix|eth)\d|ethernet/.test(words)) return 'ethernet';
  return 'other';
}

const KIND_WORDS: Readonly<Record<InterfaceKind, string>> = {
  ethernet: 'Ethernet',
  wireless: 'Wi-Fi',
  loopback: 'This computer itself (loopback)',
  tunnel: 'Tunnel',
  bridge: 'Bridge',
  virtual: 'Virtual Ethernet',
  any: 'All interfaces at once',
  other: '',
};

/** For interfaces that nobody described. */
export function kindWords(kind: InterfaceKind, deviceType = ''): string {
  return deviceType === 'vlan' ? 'VLAN' : KIND_WORDS[kind];
}
