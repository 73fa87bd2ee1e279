/**
 * The fixed pieces of the EVE records that every session and message has, in the
 * order in which they stand: each is what lies between two values, so that a
 * record is these pieces and its values in turn. Encoded once.
 */
import type { SessionSummary } from '../../shared/session.js';
import { fixedPiece, type FixedPiece } from './record-octets.js';

const typed = (eventType: string): FixedPiece => fixedPiece(`,"event_type":"${eventType}",`);
const spoken = (protocol: string): FixedPiece => fixedPiece(`,"proto":"TCP","app_proto":"${protocol}",`);
/** Time stamps are printed as Suricata does: `2026-11-21T08:00:00.123456+0000`. */
const ZONE = '+0000"';

/** What all records have. */
export const RECORD = {
  open: fixedPiece('{'),
  timestamp: fixedPiece('{"timestamp":"'),
  flowId: fixedPiece(`${ZONE},"flow_id":`),
  packet: fixedPiece(',"pcap_cnt":'),
  filename: fixedPiece(',"pcap_filename":'),
  types: {
    smtp: typed('smtp'),
    pop3: typed('pop3'),
    imap: typed('imap'),
    tls: typed('tls'),
    alert: typed('alert'),
    flow: typed('flow'),
  },
  source: fixedPiece('"src_ip":"'),
  sourcePort: fixedPiece('","src_port":'),
  destination: fixedPiece(',"dest_ip":"'),
  destinationPort: fixedPiece('","dest_port":'),
  protocols: {
    smtp: spoken('smtp'),
    pop3: spoken('pop3'),
    imap: spoken('imap'),
    tls: spoken('tls'),
    failed: spoken('failed'),
  } satisfies Record<SessionSummary['protocol'], FixedPiece>,
  null: fixedPiece('null'),
  comma: fixedPiece(','),
  openList: fixedPiece('['),
  closeList: fixedPiece(']'),
  closeInner: fixedPiece('}'),
  close: fixedPiece('}\n'),
} as const;

export const SMTP = {
  txId: fixedPiece('"tx_id":'),
  helo: fixedPiece(',"smtp":{"helo":'),
  mailFrom: fixedPiece(',"mail_from":'),
  rcptTo: fixedPiece(',"rcpt_to":'),
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
  tls: fixedPiece(',"tls":true'),
  noTls: fixedPiece(',"tls":false'),
  rcptCount: fixedPiece(',"rcpt_count":'),
  rcptAccepted: fixedPiece(',"rcpt_accepted":'),
} as const;

export const MAILBOX = {
  user: fixedPiece('"mailscope":{"user":'),
  commands: fixedPiece(',"commands":'),
  messages: fixedPiece(',"messages":'),
  reply: fixedPiece(',"reply":'),
  tls: fixedPiece(',"tls":'),
} as const;

export const FLOW = {
  packetsToServer: fixedPiece('"flow":{"pkts_toserver":'),
  packetsToClient: fixedPiece(',"pkts_toclient":'),
  bytesToServer: fixedPiece(',"bytes_toserver":'),
  bytesToClient: fixedPiece(',"bytes_toclient":'),
  start: fixedPiece(',"start":"'),
  end: fixedPiece(`${ZONE},"end":"`),
  age: fixedPiece(`${ZONE},"age":`),
  protocol: fixedPiece(',"mailscope":{"protocol":'),
  worst: fixedPiece(',"worst":'),
  violations: fixedPiece(',"violations":'),
  gaps: fixedPiece(',"gaps":'),
  missingBytes: fixedPiece(',"missing_bytes":'),
  ownEnd: fixedPiece(',"end":'),
  knowledge: fixedPiece(',"knowledge":'),
  tags: fixedPiece(',"tags":'),
} as const;

const ended = (state: string, reason: string): FixedPiece => fixedPiece(`,"state":"${state}","reason":"${reason}"}`);

/** Suricata's states and reasons; our own end stands beside them. */
export const FLOW_END: Readonly<Record<SessionSummary['end'], FixedPiece>> = {
  open: ended('established', 'unknown'),
  closed: ended('closed', 'timeout'),
  reset: ended('closed', 'timeout'),
  timeout: ended('established', 'timeout'),
  'capture-end': ended('established', 'shutdown'),
  replaced: ended('established', 'tcp_reuse'),
};
