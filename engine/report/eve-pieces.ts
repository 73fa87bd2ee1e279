/**
 * The fixed pieces of the EVE records that every session and message has, in the
 * order in which they stand: each is what lies between two values, so that a
 * record is these pieces and its values in turn. Encoded once.
 */
import type { Knowledge, SessionEnd, SessionProtocol, TlsUse } from '../../shared/session.js';
import { NamedPieces, TriplyNamedPieces } from './named-pieces.js';
import { fixedPiece } from './record-octets.js';

/** Time stamps are printed as Suricata does: `2026-11-21T08:00:00.123456+0000`. */
const ZONE = '+0000"';

const SOURCE = '"src_ip":"';

export const EVENT_TYPES = ['flow', 'smtp', 'pop3', 'imap', 'alert', 'tls'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What all records have. */
export const RECORD = {
  timestamp: fixedPiece('{"timestamp":"'),
  flowId: fixedPiece(`${ZONE},"flow_id":`),
  packet: fixedPiece(',"pcap_cnt":'),
  /** Behind the VLAN's tags, up to the first address. */
  source: fixedPiece(`],${SOURCE}`),
  sourcePort: fixedPiece('","src_port":'),
  destination: fixedPiece(',"dest_ip":"'),
  destinationPort: fixedPiece('","dest_port":'),
  comma: fixedPiece(','),
  openList: fixedPiece('['),
  closeList: fixedPiece(']'),
  closeInner: fixedPiece('}}\n'),
} as const;

/** By the type of a record, what follows its packet's number in the records of one capture. */
export interface TypePieces {
  /** Up to the first address. */
  readonly plain: NamedPieces<EventType>;
  /** Up to the VLAN's tags, where there are any. */
  readonly tagged: NamedPieces<EventType>;
}

export function typePieces(path: string): TypePieces {
  const file = JSON.stringify(path);
  const text = (type: EventType): string => `,"pcap_filename":${file},"event_type":"${type}",`;
  return {
    plain: new NamedPieces(EVENT_TYPES, (type) => `${text(type)}${SOURCE}`),
    tagged: new NamedPieces(EVENT_TYPES, (type) => `${text(type)}"vlan":[`),
  };
}

const PROTOCOL_NAMES = ['smtp', 'imap', 'pop3', 'tls', 'failed'] as const satisfies readonly SessionProtocol[];

/** By protocol, what follows the ports: the protocol, and where the record's own members begin. */
const spoken = (first: string): NamedPieces<SessionProtocol> =>
  new NamedPieces(PROTOCOL_NAMES, (protocol) => `,"proto":"TCP","app_proto":"${protocol}",${first}`);

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

/** What was seen of TLS. */
export const TLS = {
  open: fixedPiece('"tls":{'),
  version: fixedPiece('"version":'),
  sni: fixedPiece('"sni":'),
  alsoSni: fixedPiece(',"sni":'),
  /** The end of the record. */
  use: new NamedPieces(TLS_USES, (use) => `},"mailscope":{"use":"${use}"}}\n`),
} as const;

export const MAILBOX = {
  commands: fixedPiece(',"commands":'),
  messages: fixedPiece(',"messages":'),
  reply: fixedPiece(',"reply":'),
  /** The end of the record. */
  tls: new NamedPieces(TLS_USES, (use) => `,"tls":"${use}"}}\n`),
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
const ENDS = ['closed', 'reset', 'timeout', 'capture-end', 'replaced', 'open'] as const satisfies readonly SessionEnd[];
const KNOWLEDGES = ['synced', 'resynced', 'guessed', 'unknown'] as const satisfies readonly Knowledge[];

export const FLOW = {
  packetsToClient: fixedPiece(',"pkts_toclient":'),
  bytesToServer: fixedPiece(',"bytes_toserver":'),
  bytesToClient: fixedPiece(',"bytes_toclient":'),
  start: fixedPiece(',"start":"'),
  end: fixedPiece(`${ZONE},"end":"`),
  age: fixedPiece(`${ZONE},"age":`),
  /** Of most sessions there is nothing to say: from the state up to the end of the record. */
  quiet: new TriplyNamedPieces(
    ENDS,
    PROTOCOL_NAMES,
    KNOWLEDGES,
    (end, protocol, knowledge) =>
      `${stateText(end)}"${protocol}","worst":null,"violations":0,"gaps":0,"missing_bytes":0,"end":` +
      `"${end}","knowledge":"${knowledge}","tags":[]}}\n`,
  ),
  state: new NamedPieces(ENDS, stateText),
  protocol: new NamedPieces(PROTOCOL_NAMES, (protocol) => `"${protocol}","worst":`),
  noWorst: fixedPiece('null'),
  violations: fixedPiece(',"violations":'),
  gaps: fixedPiece(',"gaps":'),
  missingBytes: fixedPiece(',"missing_bytes":'),
  ownEnd: fixedPiece(',"end":'),
  knowledge: new NamedPieces(ENDS, (end) => `"${end}","knowledge":`),
  tags: new NamedPieces(KNOWLEDGES, (knowledge) => `"${knowledge}","tags":`),
} as const;

function stateText(end: SessionEnd): string {
  const [state, reason] = ENDINGS[end];
  return `,"state":"${state}","reason":"${reason}"},"mailscope":{"protocol":`;
}
