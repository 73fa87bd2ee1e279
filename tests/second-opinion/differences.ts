/** Where tshark and Mailscope count differently, with the reason. `sessions/commands` for each protocol. */
export interface Difference {
  readonly mailscope: string;
  readonly tshark: string;
  readonly reason: string;
}

const AUTH_ANSWER_AS_COMMAND = 'tshark counts the base64 answers of an AUTH exchange as POP3 commands; they are none.';
const BEFORE_GREETING =
  'The client sends its commands, message included, in one segment without waiting for any greeting; tshark reads all of it as message text.';
const BDAT_REFUSED =
  'tshark reads a BDAT command that the server refuses, or the QUIT behind it, as message text; the server answers both.';

export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'Malcolm-Test-Artifacts__SSL.pcap': {
    mailscope: 'smtp 2/7, pop3 0/0, imap 2/3',
    tshark: 'smtp 2/6, pop3 0/0, imap 2/3',
    reason: 'A QUIT stands behind the end of the message in one segment; tshark counts the segment as message only.',
  },
  'PcapPlusPlus__Smtp.pcap': {
    mailscope: 'smtp 3/1, pop3 0/0, imap 0/0',
    tshark: 'smtp 2/2, pop3 0/0, imap 0/0',
    reason:
      'Fourteen years pass between packets of the same ports: two connections here, one stream at tshark; and tshark takes the base64 password for a command.',
  },
  'arkime__ntlm_synthetic.pcap': {
    mailscope: 'smtp 1/3, pop3 1/2, imap 1/2',
    tshark: 'smtp 1/3, pop3 1/4, imap 1/2',
    reason: AUTH_ANSWER_AS_COMMAND,
  },
  'arkime__smtp-decrypted.pcap': {
    mailscope: 'smtp 4/8, pop3 0/0, imap 0/0',
    tshark: 'smtp 2/12, pop3 0/0, imap 0/0',
    reason:
      'Two of four sessions use port 2525, which tshark does not look at. Behind STARTTLS the capture goes on in clear (it was decrypted): tshark reads on, Mailscope waits for TLS.',
  },
  'arkime__smtp-moloch-bof.pcap': {
    mailscope: 'smtp 1/5, pop3 0/0, imap 0/0',
    tshark: 'smtp 1/0, pop3 0/0, imap 0/0',
    reason: BEFORE_GREETING,
  },
  'arkime__smtp-subject-multi-nospace.pcap': {
    mailscope: 'smtp 1/4, pop3 0/0, imap 0/0',
    tshark: 'smtp 1/0, pop3 0/0, imap 0/0',
    reason: BEFORE_GREETING,
  },
  'arkime__smtp-subject-utf8-q.pcap': {
    mailscope: 'smtp 1/5, pop3 0/0, imap 0/0',
    tshark: 'smtp 1/4, pop3 0/0, imap 0/0',
    reason: 'A QUIT stands behind the end of the message in one segment; tshark counts the segment as message only.',
  },
  'arkime__smtp-subject-windows.pcap': {
    mailscope: 'smtp 1/4, pop3 0/0, imap 0/0',
    tshark: 'smtp 1/0, pop3 0/0, imap 0/0',
    reason: BEFORE_GREETING,
  },
  'arkime__socks5-smtp-503.pcap': {
    mailscope: 'smtp 0/0, pop3 0/0, imap 0/0',
    tshark: 'smtp 1/2, pop3 0/0, imap 0/0',
    reason: 'The SMTP session runs inside a SOCKS connection, which tshark unpacks and Mailscope does not.',
  },
  'arkime__wireshark-bdat.pcap': {
    mailscope: 'smtp 1/6, pop3 0/0, imap 0/0',
    tshark: 'smtp 0/0, pop3 0/0, imap 0/0',
    reason: 'The server listens on port 1224: tshark goes by the port, Mailscope by the greeting.',
  },
  'nDPI__pop3.pcap': {
    mailscope: 'smtp 0/0, pop3 6/27, imap 0/0',
    tshark: 'smtp 0/0, pop3 6/30, imap 0/0',
    reason: AUTH_ANSWER_AS_COMMAND,
  },
  'zeek__connect-with-smtp.pcap': {
    mailscope: 'smtp 0/0, pop3 0/0, imap 0/0',
    tshark: 'smtp 1/0, pop3 0/0, imap 0/0',
    reason: 'The SMTP session runs inside an HTTP CONNECT tunnel, which tshark unpacks and Mailscope does not.',
  },
  'zeek__pop3.pcap': {
    mailscope: 'smtp 0/0, pop3 5/21, imap 0/0',
    tshark: 'smtp 0/0, pop3 5/24, imap 0/0',
    reason: AUTH_ANSWER_AS_COMMAND,
  },
  'zeek__smtp-bdat-cmd-chunk-size-overflow.pcap': {
    mailscope: 'smtp 1/5, pop3 0/0, imap 0/0',
    tshark: 'smtp 1/3, pop3 0/0, imap 0/0',
    reason: BDAT_REFUSED,
  },
  'zeek__smtp-bdat-cmd-chunk-size-overflow2.pcap': {
    mailscope: 'smtp 1/5, pop3 0/0, imap 0/0',
    tshark: 'smtp 1/3, pop3 0/0, imap 0/0',
    reason: BDAT_REFUSED,
  },
  'zeek__smtp-bdat-cmd-invalid.pcapng': {
    mailscope: 'smtp 3/15, pop3 0/0, imap 0/0',
    tshark: 'smtp 3/13, pop3 0/0, imap 0/0',
    reason: BDAT_REFUSED,
  },
  'zeek__smtp-bdat-cmd-negative-chunk-size.pcap': {
    mailscope: 'smtp 1/5, pop3 0/0, imap 0/0',
    tshark: 'smtp 1/3, pop3 0/0, imap 0/0',
    reason: BDAT_REFUSED,
  },
  'zeek__smtp-bdat-gap.pcap': {
    mailscope: 'smtp 1/6, pop3 0/0, imap 0/0',
    tshark: 'smtp 1/4, pop3 0/0, imap 0/0',
    reason:
      'Octets of a BDAT chunk are missing: tshark counts on without them and takes DATA and QUIT for the rest of the chunk.',
  },
  'zeek__smtp-bdat-pipeline-8bitmime.pcap': {
    mailscope: 'smtp 1/8, pop3 0/0, imap 0/0',
    tshark: 'smtp 1/2, pop3 0/0, imap 0/0',
    reason: 'MAIL, RCPT, BDAT and the chunk come in one segment, which tshark reads as message text altogether.',
  },
  'zeek__smtp-mail-transactions-invalid.pcap': {
    mailscope: 'smtp 1/19, pop3 0/0, imap 0/0',
    tshark: 'smtp 1/13, pop3 0/0, imap 0/0',
    reason:
      'The client goes on with message text after DATA was refused with 503: the server reads it as commands (500), so does Mailscope; tshark reads message text.',
  },
  'zeek__truncated-header.pcap': {
    mailscope: 'smtp 1/0, pop3 0/0, imap 0/0',
    tshark: 'smtp 0/0, pop3 0/0, imap 0/0',
    reason: 'A connection to port 25 of which only headers were captured: listed here, no SMTP octets for tshark.',
  },
};
