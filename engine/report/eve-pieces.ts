/**
 * The fixed pieces of the EVE records that every session and message has, in the
 * order in which they stand: each is what lies between two values, so that a
 * record is these pieces and its values in turn. Encoded once.
 */
import type { Knowledge, SessionEnd, SessionProtocol, TlsUse } from '../../shared/session.js';
import { fixedPiece, type FixedPiece } from './record-octets.js';

/** Time stamps are printed as Suricata does: `2026-11-21T08:00:00.123456+0000`. */
const ZONE = '+0000"';

export const EVENT_TYPES = ['smtp', 'pop3', 'imap', 'tls', 'alert', 'flow'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What all records have. */
export const RECORD = {
  open: fixedPiece('{'),
  timestamp: fixedPiece('{"timestamp":"'),
  flowId: fixedPiece(`${ZONE},"flow_id":`),
  packet: fixedPiece(',"pcap_cnt":'),
  openVlan: fixedPiece('"vlan":['),
  closeVlan: fixedPiece('],'),
  source: fixedPiece('"src_ip":"'),
  sourcePort: fixedPiece('","src_port":'),
  destination: fixedPiece(',"dest_ip":"'),
  destinationPort: fixedPiece('","dest_port":'),
  comma: fixedPiece(','),
  openList: fixedPiece('['),
  closeList: fixedPiece(']'),
  close: fixedPiece('}\n'),
  closeInner: fixedPiece('}}\n'),
} as const;

/** By the type of a record, what follows its packet's number in the records of one capture. */
export function typePieces(path: string): Readonly<Record<EventType, FixedPiece>> {
  const file = JSON.stringify(path);
  return byName(EVENT_TYPES, (type) => fixedPiece(`,"pcap_filename":${file},"event_type":"${type}",`));
}

const PROTOCOL_NAMES = ['smtp', 'pop3', 'imap', 'tls', 'failed'] as const satisfies readonly SessionProtocol[];

/** By protocol, what follows the ports: the protocol, and where the record's own members begin. */
const spoken = (first: string): Readonly<Record<SessionProtocol, FixedPiece>> =>
  byName(PROTOCOL_NAMES, (protocol) => fixedPiece(`,"proto":"TCP","app_proto":"${protocol}",${first}`));

export const OPENING = {
  bare: spoken(''),
  smtp: spoken('"tx_id":'),
  mailbox: spoken('"mailscope":{"user":'),
  flow: spoken('"flow":{"pkts_toserver":'),
} as const;

export const SMTP = {
  helo: fixedPiece(',"smtp":{"helo":'),
  mailFrom: fixedPiece(',"mail_from":'),
  rcptTo: fixedPiece(',"rcpt_to":'),
  noEmail: fixedPiece(
    '},"email":{"from":"","to":[],"cc":[],"subject":"","message_id":"","date":"","attachment":[],"status":"none"},"mailscope":{"reply":',
  ),
  from: fixedPiece('},"email":{"from":'),
  to: fixedPiece(',"to":'),
  cc: fixedPiece(',"cc":'),
  subject: fixedPiece(',"subject":'),
  messageId: fixedPiece(',"message_id":'),
  date: fixedPiece(',"date":'),
  attachment: fixedPiece(',"attachment":'),
  status: fixedPiece(',"status":'),
  reply: fixedPiece('},"mailscope":{"reply":'),
  bytes: fixedPiece(',"bytes":'),
  authUser: fixedPiece(',"auth_user":'),
  tls: fixedPiece(',"tls":true,"rcpt_count":'),
  noTls: fixedPiece(',"tls":false,"rcpt_count":'),
  rcptAccepted: fixedPiece(',"rcpt_accepted":'),
} as const;

const TLS_USES = ['none', 'offered', 'starttls', 'implicit'] as const satisfies readonly TlsUse[];

export const MAILBOX = {
  commands: fixedPiece(',"commands":'),
  messages: fixedPiece(',"messages":'),
  reply: fixedPiece(',"reply":'),
  /** The end of the record. */
  tls: byName(TLS_USES, (use) => fixedPiece(`,"tls":"${use}"}}\n`)),
} as const;

/** Suricata's states and reasons; our own end stands beside them. */
const ENDINGS = {
  open: ['established', 'unknown'],
  closed: ['closed', 'timeout'],
  reset: ['closed', 'timeout'],
  timeout: ['established', 'timeout'],
  'capture-end': ['established', 'shutdown'],
  replaced: ['established', 'tcp_reuse'],
} as const satisfies Record<SessionEnd, readonly [string, string]>;
const ENDS = Object.keys(ENDINGS) as SessionEnd[];
const KNOWLEDGES = ['unknown', 'guessed', 'resynced', 'synced'] as const satisfies readonly Knowledge[];

export const FLOW = {
  packetsToClient: fixedPiece(',"pkts_toclient":'),
  bytesToServer: fixedPiece(',"bytes_toserver":'),
  bytesToClient: fixedPiece(',"bytes_toclient":'),
  start: fixedPiece(',"start":"'),
  end: fixedPiece(`${ZONE},"end":"`),
  age: fixedPiece(`${ZONE},"age":`),
  state: byName(ENDS, (end) => {
    const [state, reason] = ENDINGS[end];
    return fixedPiece(`,"state":"${state}","reason":"${reason}"},"mailscope":{"protocol":`);
  }),
  /** Of most sessions there is nothing to say. */
  quiet: byName(PROTOCOL_NAMES, (protocol) =>
    fixedPiece(`"${protocol}","worst":null,"violations":0,"gaps":0,"missing_bytes":0,"end":`),
  ),
  protocol: byName(PROTOCOL_NAMES, (protocol) => fixedPiece(`"${protocol}","worst":`)),
  noWorst: fixedPiece('null'),
  violations: fixedPiece(',"violations":'),
  gaps: fixedPiece(',"gaps":'),
  missingBytes: fixedPiece(',"missing_bytes":'),
  ownEnd: fixedPiece(',"end":'),
  knowledge: byName(ENDS, (end) => fixedPiece(`"${end}","knowledge":`)),
  tags: byName(KNOWLEDGES, (knowledge) => fixedPiece(`"${knowledge}","tags":`)),
  noTags: byName(KNOWLEDGES, (knowledge) => fixedPiece(`"${knowledge}","tags":[]}}\n`)),
} as const;

function byName<Name extends string>(
  names: readonly Name[],
  piece: (name: Name) => FixedPiece,
): Readonly<Record<Name, FixedPiece>> {
  return Object.fromEntries(names.map((name) => [name, piece(name)])) as Record<Name, FixedPiece>;
}
