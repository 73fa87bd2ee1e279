/** Attacks on what is kept of lines, commands, transactions and names. */
import { repeat, type Attack } from './attack.js';
import { Talk, Wire } from './wire.js';

const SMTP_GREETING = '220 mail.example.org ESMTP\r\n';
const IMAP_GREETING = '* OK ready\r\n';
const WITHOUT_END = Buffer.alloc(1460, 'abcdefghijklmnopqrstuvwxyz0123456789');
const PARENTHESES = Buffer.alloc(1460, '(');
const LINE_BYTES = 64 * 1024;
const SEGMENTS_PER_LINE = Math.ceil(LINE_BYTES / WITHOUT_END.length);

/** As many of the lines as fit one segment, and how many that are. */
function packed(line: (index: number) => string): (from: number) => { readonly text: string; readonly count: number } {
  return (from) => {
    let text = '';
    let count = 0;
    for (; text.length < 1400; count++) text += line(from + count);
    return { text, count };
  };
}

function smtp(wire: Wire, number = 0): Talk {
  return new Talk(wire, number, 25).open(SMTP_GREETING).client('EHLO a.example\r\n').server('250 ok\r\n');
}
function imap(wire: Wire, number = 0): Talk {
  const talk = new Talk(wire, number, 143).open(IMAP_GREETING);
  return talk.client('a1 LOGIN user "Lumpen-Zirkel.41"\r\n').server('a1 OK\r\n');
}
function transaction(talk: Talk): Talk {
  return talk.client('MAIL FROM:<a@b.example>\r\n').server('250 ok\r\n');
}

export const DIALOGUE_ATTACKS: readonly Attack[] = [
  {
    name: 'endless-line',
    does: 'sends a command line that never ends',
    write: (output, bytes) => {
      const talk = smtp(new Wire(output));
      repeat(output, bytes, () => talk.client(WITHOUT_END));
    },
  },
  {
    name: 'endless-reply',
    does: 'sends a reply line that never ends',
    write: (output, bytes) => {
      const talk = new Talk(new Wire(output), 0, 110).open('+OK ready\r\n').client('CAPA\r\n');
      repeat(output, bytes, () => talk.server(WITHOUT_END));
    },
  },
  {
    name: 'endless-data-line',
    does: 'sends a message that is one line without end',
    write: (output, bytes) => {
      const talk = transaction(smtp(new Wire(output)));
      talk.client('RCPT TO:<c@d.example>\r\n').server('250 ok\r\n').client('DATA\r\n').server('354 go\r\n');
      repeat(output, bytes, () => talk.client(WITHOUT_END));
    },
  },
  {
    name: 'undecided',
    does: 'begins as TLS might, and leaves it at that while the server talks',
    write: (output, bytes) => {
      const talk = new Talk(new Wire(output), 0, 25).open('').client('\x16');
      repeat(output, bytes, () => talk.server(WITHOUT_END));
    },
  },
  {
    name: 'many-endless-lines',
    does: 'opens connection after connection, each with 64 KiB of a line that never ends',
    write: (output, bytes) => {
      const wire = new Wire(output);
      repeat(output, bytes, (index) => {
        const talk = smtp(wire, index);
        for (let i = 0; i < SEGMENTS_PER_LINE && output.bytes < bytes; i++) talk.client(WITHOUT_END);
      });
    },
  },
  {
    name: 'recipients',
    does: 'names more and more recipients in one transaction',
    write: (output, bytes) => {
      const talk = transaction(smtp(new Wire(output)));
      repeat(output, bytes, (index) => {
        talk.client(`RCPT TO:<user${index}@host${index % 1000}.example>\r\n`).server('250 ok\r\n');
      });
    },
  },
  {
    name: 'pipelined-recipients',
    does: 'names recipients by the segment, and is never answered',
    write: (output, bytes) => {
      const talk = transaction(smtp(new Wire(output)));
      const lines = packed((index) => `RCPT TO:<u${index}@d.example>\r\n`);
      let next = 0;
      repeat(output, bytes, () => {
        const { text, count } = lines(next);
        talk.client(text);
        next += count;
      });
    },
  },
  {
    name: 'unanswered-commands',
    does: 'makes many connections wait for the replies to thousands of commands',
    write: (output, bytes) => {
      const wire = new Wire(output);
      repeat(output, bytes, (index) => {
        const talk = smtp(wire, index);
        for (let i = 0; i < 20 && output.bytes < bytes; i++) talk.client('NOOP\r\n'.repeat(243));
      });
    },
  },
  {
    name: 'header-lines',
    does: 'sends a message whose header section never ends, field by field',
    write: (output, bytes) => {
      const talk = transaction(smtp(new Wire(output)));
      talk.client('RCPT TO:<c@d.example>\r\n').server('250 ok\r\n').client('DATA\r\n').server('354 go\r\n');
      const lines = packed((index) => `X-Field-${index}: value\r\n`);
      let next = 0;
      repeat(output, bytes, () => {
        const { text, count } = lines(next);
        talk.client(text);
        next += count;
      });
    },
  },
  {
    name: 'folded-header',
    does: 'sends one header field that is folded for ever',
    write: (output, bytes) => {
      const talk = transaction(smtp(new Wire(output)));
      talk.client('RCPT TO:<c@d.example>\r\n').server('250 ok\r\n').client('DATA\r\n').server('354 go\r\n');
      talk.client('Subject: a\r\n');
      repeat(output, bytes, () => talk.client(' =?utf-8?q?folded?=\r\n'.repeat(70)));
    },
  },
  {
    name: 'mime-parts',
    does: 'sends a message of nested parts with a boundary each',
    write: (output, bytes) => {
      const talk = transaction(smtp(new Wire(output)));
      talk.client('RCPT TO:<c@d.example>\r\n').server('250 ok\r\n').client('DATA\r\n').server('354 go\r\n');
      talk.client('Content-Type: multipart/mixed; boundary=b0\r\n\r\n');
      repeat(output, bytes, (index) =>
        talk.client(`--b${index}\r\nContent-Type: multipart/mixed; boundary=b${index + 1}\r\n\r\n`),
      );
    },
  },
  {
    name: 'imap-parentheses',
    does: 'nests parentheses in IMAP commands and responses, 64 KiB deep',
    write: (output, bytes) => {
      const talk = imap(new Wire(output));
      repeat(output, bytes, (index) => {
        talk.client(`b${index} FETCH 1 `);
        for (let i = 0; i < SEGMENTS_PER_LINE; i++) talk.client(PARENTHESES);
        talk.client('\r\n').server('* 1 FETCH ');
        for (let i = 0; i < SEGMENTS_PER_LINE; i++) talk.server(PARENTHESES);
        talk.server(`\r\nb${index} BAD too deep\r\n`);
      });
    },
  },
  {
    name: 'endless-literal',
    does: 'sends an IMAP literal of four gigabytes',
    write: (output, bytes) => {
      const talk = imap(new Wire(output)).client('a2 APPEND Sent {4294967295}\r\n').server('+ go\r\n');
      repeat(output, bytes, () => talk.client(WITHOUT_END));
    },
  },
  {
    name: 'tiny-literals',
    does: 'sends one IMAP command made of literals of one octet',
    write: (output, bytes) => {
      const talk = imap(new Wire(output)).client('a2 SEARCH {1+}\r\n');
      repeat(output, bytes, () => talk.client('x {1+}\r\n'.repeat(182)));
    },
  },
  {
    name: 'outstanding-tags',
    does: 'sends tagged IMAP commands that are never completed',
    write: (output, bytes) => {
      const talk = imap(new Wire(output));
      const lines = packed((index) => `t${index} NOOP\r\n`);
      let next = 0;
      repeat(output, bytes, () => {
        const { text, count } = lines(next);
        talk.client(text);
        next += count;
      });
    },
  },
  {
    name: 'many-users',
    does: 'tries a new user name in every connection, and is refused',
    counted: 'flows',
    write: (output, bytes) => {
      const wire = new Wire(output);
      repeat(output, bytes, (index) => {
        const talk = new Talk(wire, index, 110).open('+OK\r\n').client(`USER user${index}\r\n`).server('+OK\r\n');
        talk.client('PASS vex0-quilt-Harbour\r\n').server('-ERR\r\n');
      });
    },
  },
  {
    name: 'many-addresses',
    does: 'sends mail from a new address to a new one in every connection',
    counted: 'flows',
    write: (output, bytes) => {
      const wire = new Wire(output);
      repeat(output, bytes, (index) => {
        const talk = smtp(wire, index).client(`MAIL FROM:<a${index}@b${index}.example>\r\n`).server('250 ok\r\n');
        talk.client(`RCPT TO:<c${index}@d${index}.example>\r\n`).server('550 no\r\n');
      });
    },
  },
];
