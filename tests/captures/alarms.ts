/** The alarms at medium or above on the public captures, and why each is right. */
export interface Alarm {
  /** Sessions of the capture in which it is found. */
  readonly sessions: number;
  readonly reason: string;
}

const HTTP_SERVER =
  'A made capture: what listens on port 25 answers EHLO with "HTTP/1.1 200 OK"; the first octet of each side lies on its SYN.';
const GARBAGE = 'A made capture: the server answers LIST and RETR with a line of garbage instead of +OK.';

/** By file and `severity protection`. */
export const ALARMS: Readonly<Record<string, Readonly<Record<string, Alarm>>>> = {
  'TracePcap__week1_baseline.pcap': { 'high smtp-bad-greeting': { sessions: 2, reason: HTTP_SERVER } },
  'TracePcap__week2_personal_laptop_vpn.pcap': { 'high smtp-bad-greeting': { sessions: 1, reason: HTTP_SERVER } },
  'TracePcap__week3_telnet_bittorrent.pcap': { 'high smtp-bad-greeting': { sessions: 1, reason: HTTP_SERVER } },
  'TracePcap__week5_shadow_device_arp_spoof.pcap': { 'high smtp-bad-greeting': { sessions: 1, reason: HTTP_SERVER } },
  'TracePcap__week7_violations_drop_gateway_back.pcap': {
    'high smtp-bad-greeting': { sessions: 2, reason: HTTP_SERVER },
  },
  'TracePcap__week8_near_baseline.pcap': { 'high smtp-bad-greeting': { sessions: 3, reason: HTTP_SERVER } },
  'nDPI__imap.pcap': {
    'high imap-weak-password': {
      sessions: 1,
      reason: 'LOGIN in clear with a password of five characters; the server says OK.',
    },
  },
  'zeek__bad-list-retr-crafted.pcap': { 'medium pop3-malformed-response': { sessions: 1, reason: GARBAGE } },
  'zeek__pop3-unknown-commands.pcap': {
    'high pop3-weak-password': {
      sessions: 1,
      reason: 'The password is the local part of the user name; the server says +OK.',
    },
    'medium pop3-malformed-response': {
      sessions: 1,
      reason: 'A made capture: the server sends lines of other octets where status lines belong.',
    },
  },
  'zeek__smtp-mail-transactions-invalid.pcap': {
    'medium smtp-non-compliant': {
      sessions: 1,
      reason:
        'The server refuses DATA, the client sends the message all the same, and the server reads it as commands.',
    },
    'medium smtp-max-bad-commands': { sessions: 1, reason: 'The server answers eleven commands with 503 and 500.' },
  },
  'zeek__smtp-many-addresses.pcap.gz': {
    'medium smtp-max-recipients': {
      sessions: 1,
      reason: 'A message to 600 recipients; RFC 5321 obliges servers to take 100.',
    },
  },
};
