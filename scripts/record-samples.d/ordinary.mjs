// An ordinary day, the parts that ready-made clients do not do: pipelining,
// BDAT, SMTPUTF8, every kind of AUTH, literals, IDLE, APPEND, UIDL.
import { createHash, createHmac } from 'node:crypto';
import { base64, converse, pause } from './dialogue.mjs';

const MAIL = '10.0.0.25';
const utf8 = (text) => Buffer.from(text, 'utf8').toString('latin1');
let messageNumber = 0;

/** A message as lines, dots stuffed. */
function message({ from, to, subject, text, header = [] }) {
  messageNumber += 1;
  return [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: Sat, 21 Nov 2026 08:${String(10 + messageNumber)}:00 +0000`,
    `Message-ID: <${messageNumber}.day@example.org>`,
    ...header,
    '',
    ...text.map((line) => (line.startsWith('.') ? `.${line}` : line)),
  ];
}

async function hello(c, name) {
  await c.until(/^220 /);
  await c.ask(`EHLO ${name}`, /^250 /);
}

/** One mail step by step, the way a person types it. */
export const plainMail = (from, name, sender, to, subject, text) =>
  converse({ from, host: MAIL, port: 25 }, async (c) => {
    await hello(c, name);
    await c.ask(`MAIL FROM:<${sender}>`);
    await c.ask(`RCPT TO:<${to}>`);
    await c.ask('DATA');
    c.send(...message({ from: sender, to, subject, text }), '.');
    await c.until(/^250 /);
    await c.ask('QUIT');
  });

const pipelinedMail = () =>
  converse({ from: '198.51.100.7', host: MAIL, port: 25 }, async (c) => {
    await hello(c, 'mx1.example.net');
    c.send(
      'MAIL FROM:<news@example.net> SIZE=2048',
      'RCPT TO:<alice@example.org>',
      'RCPT TO:<carol@example.org>',
      'RCPT TO:<nobody@example.org>',
      'DATA',
    );
    await c.until(/^354 /);
    const text = [
      'Dear reader,',
      '',
      '.a line that begins with a dot',
      'The minutes of the meeting are below.',
      '',
      '--',
      'The editors',
    ];
    c.send(...message({ from: 'news@example.net', to: 'readers@example.net', subject: 'Minutes', text }), '.', 'QUIT');
    await c.until(/^221 /);
  });

const chunkedMail = () =>
  converse({ from: '2001:db8::7', host: '2001:db8::25', port: 25 }, async (c) => {
    await hello(c, 'mx6.example.net');
    await c.ask('MAIL FROM:<eva@example.net> BODY=8BITMIME');
    await c.ask('RCPT TO:<dave@example.org>');
    const head =
      message({ from: 'eva@example.net', to: 'dave@example.org', subject: 'In chunks', text: [] }).join('\r\n') +
      '\r\n';
    const tail = utf8('Grüße aus dem Süden\r\nMAIL FROM:<this.is.text@example.net>\r\n.\r\nand it goes on\r\n');
    c.raw(`BDAT ${head.length}\r\n${head}`);
    await c.until(/^250 /);
    c.raw(`BDAT ${tail.length} LAST\r\n${tail}`);
    await c.until(/^250 /);
    await c.ask('QUIT');
  });

const internationalMail = () =>
  converse({ from: '198.51.100.20', host: MAIL, port: 25 }, async (c) => {
    await hello(c, 'mail.example.com');
    await c.ask(utf8('MAIL FROM:<jürgen@example.com> SMTPUTF8 BODY=8BITMIME'));
    await c.ask('RCPT TO:<info@example.org>');
    await c.ask('DATA');
    c.send(
      ...message({
        from: utf8('Jürgen <jürgen@example.com>'),
        to: 'info@example.org',
        subject: utf8('Öffnungszeiten'),
        text: [utf8('Schöne Grüße')],
      }),
      '.',
    );
    await c.until(/^250 /);
    await c.ask('QUIT');
  });

/** Submission in clear with each mechanism, wrong turns included. */
const submissions = [
  async (c) => {
    await c.ask('AUTH PLAIN');
    c.send('*');
    await c.until(/^501 /);
    await c.ask(`AUTH PLAIN ${base64('\0carol@example.org\0Lumpen-Zirkel.41')}`);
  },
  async (c) => {
    await c.ask('AUTH LOGIN');
    await c.ask(base64('dave@example.org'));
    await c.ask(base64('vex0-quilt-Harbour'));
  },
  async (c) => {
    const challenge = (await c.ask('AUTH CRAM-MD5')) ?? '';
    await c.ask(cramAnswer(challenge.slice(4), 'carol@example.org', 'Lumpen-Zirkel.41'));
  },
  async (c) => {
    await c.ask(`AUTH XOAUTH2 ${base64('user=alice@example.org\x01auth=Bearer made.up.token\x01\x01')}`);
    await c.ask(`AUTH PLAIN ${base64('\0alice@example.org\0wrong-Guess.77')}`);
  },
];
const submit = (step, index) =>
  converse({ from: `10.0.0.${31 + index}`, host: MAIL, port: 587 }, async (c) => {
    await hello(c, `desk-${index + 1}.example.org`);
    await step(c);
    const to = `partner${index}@example.net`;
    c.send('MAIL FROM:<carol@example.org>', `RCPT TO:<${to}>`, 'DATA');
    if ((await c.until(/^(354|5\d\d) /))?.startsWith('354')) {
      c.send(
        ...message({ from: 'carol@example.org', to, subject: `Offer ${index}`, text: ['As agreed.', 'Regards'] }),
        '.',
      );
      await c.until(/^250 /);
    }
    c.send('QUIT');
    await c.until(/^221 /);
  });

function cramAnswer(challenge, user, password) {
  const text = Buffer.from(challenge, 'base64').toString('latin1');
  return base64(`${user} ${createHmac('md5', password).update(text).digest('hex')}`);
}

const smallTalk = () =>
  converse({ from: '192.0.2.44', host: MAIL, port: 25 }, async (c) => {
    await c.until(/^220 /);
    await c.ask('helo probe.example.com');
    await c.ask('NOOP');
    await c.ask('VRFY alice@example.org');
    await c.ask('MAIL FROM:<>');
    await c.ask('RCPT TO:<someone@example.net>');
    await c.ask('RSET');
    await c.ask('QUIT');
  });

const OK = /^(\+OK|-ERR)/;
/** Reads a whole mailbox by hand. */
export const readMailbox = (from, user, password) =>
  converse({ from, host: MAIL, port: 110 }, async (c) => {
    await c.until(OK);
    await c.ask('CAPA', /^\.$/);
    await c.ask(`USER ${user}`, OK);
    await c.ask(`PASS ${password}`, OK);
    await c.ask('STAT', OK);
    await c.ask('LIST', /^\.$/);
    await c.ask('UIDL', /^\.$/);
    await c.ask('TOP 1 2', /^\.$/);
    await c.ask('RETR 1', /^\.$/);
    await c.ask('DELE 1', OK);
    await c.ask('NOOP', OK);
    await c.ask('RSET', OK);
    await c.ask('QUIT', OK);
  });

const popMechanisms = async () => {
  await converse({ from: '10.0.0.32', host: MAIL, port: 110 }, async (c) => {
    const timestamp = (await c.until(OK))?.match(/<[^>]+>/)?.[0] ?? '';
    await c.ask(`APOP alice@example.org ${createHash('md5').update(`${timestamp}tr8-Mokk.vul`).digest('hex')}`, OK);
    c.send('STAT', 'UIDL', 'QUIT');
    await c.until(/^\.$/);
    await c.until(OK);
  });
  await converse({ from: '10.0.0.33', host: MAIL, port: 110 }, async (c) => {
    await c.until(OK);
    const challenge = (await c.ask('AUTH CRAM-MD5', /^\+/)) ?? '';
    await c.ask(cramAnswer(challenge.slice(2), 'dave@example.org', 'vex0-quilt-Harbour'), OK);
    await c.ask('LIST 1', OK);
    await c.ask('QUIT', OK);
  });
};

/** A mail arrives while the client idles; then it is fetched, flagged and thrown away. */
const idleMailbox = () =>
  converse({ from: '10.0.0.31', host: MAIL, port: 143 }, async (c) => {
    await c.until(/^\* OK/);
    c.send('a1 LOGIN {17+}', 'alice@example.org {12+}', 'tr8-Mokk.vul');
    await c.until(/^a1 OK/);
    await c.ask('a2 SELECT INBOX', /^a2 /);
    await c.ask('a3 IDLE', /^\+/);
    const arrival = c.until(/EXISTS/);
    await plainMail('198.51.100.20', 'mail.example.com', 'eva@example.com', 'alice@example.org', 'While you wait', [
      'Here it is.',
    ]);
    await arrival;
    await c.pause(150);
    await c.ask('DONE', /^a3 /);
    await c.ask('a4 UID FETCH 1:* (FLAGS RFC822.SIZE ENVELOPE BODY.PEEK[HEADER.FIELDS (SUBJECT FROM)])', /^a4 /);
    await c.ask('a5 FETCH 1 BODY[]', /^a5 /);
    await c.ask('a6 STORE 1 +FLAGS (\\Deleted)', /^a6 /);
    await c.ask('a7 EXPUNGE', /^a7 /);
    await c.ask('a8 LOGOUT', /^a8 /);
  });

const literalsAndAppend = () =>
  converse({ from: '10.0.0.33', host: MAIL, port: 143 }, async (c) => {
    await c.until(/^\* OK/);
    await c.ask('x1 CAPABILITY', /^x1 /);
    await c.ask('x2 LOGIN {16}', /^\+/);
    await c.ask('dave@example.org {18}', /^\+/);
    await c.ask('vex0-quilt-Harbour', /^x2 /);
    await c.ask('x3 LIST "" "*"', /^x3 /);
    await c.ask('x4 CREATE "Projects.Harbour wall"', /^x4 /);
    const text =
      message({
        from: 'dave@example.org',
        to: 'eva@example.net',
        subject: 'Draft',
        text: ['x9 LOGOUT', 'is text here'],
      }).join('\r\n') + '\r\n';
    await c.ask(`x5 APPEND Drafts (\\Draft \\Seen) {${text.length}}`, /^\+/);
    c.raw(`${text}\r\n`);
    await c.until(/^x5 /);
    c.send('x6 SELECT Drafts', 'x7 UID SEARCH SUBJECT {5+}', 'Draft', 'x8 STATUS INBOX (MESSAGES UNSEEN)');
    await c.until(/^x8 /);
    await c.ask('x9 LOGOUT', /^x9 /);
  });

const imapMechanisms = async () => {
  await converse({ from: '10.0.0.32', host: MAIL, port: 143 }, async (c) => {
    await c.until(/^\* OK/);
    await c.ask(`p1 AUTHENTICATE PLAIN ${base64('\0carol@example.org\0Lumpen-Zirkel.41')}`, /^p1 /);
    await c.ask('p2 SELECT INBOX', /^p2 /);
    await c.ask('p3 FETCH 1:* (UID FLAGS BODYSTRUCTURE)', /^p3 /);
    await c.ask('p4 LOGOUT', /^p4 /);
  });
  await converse({ from: '10.0.0.34', host: MAIL, port: 143 }, async (c) => {
    await c.until(/^\* OK/);
    const challenge = (await c.ask('q1 AUTHENTICATE CRAM-MD5', /^\+/)) ?? '';
    await c.ask(cramAnswer(challenge.slice(2), 'dave@example.org', 'vex0-quilt-Harbour'), /^q1 /);
    await c.ask('q2 NOOP', /^q2 /);
    await c.ask('q3 LOGIN eva wrong', /^q3 /);
    await c.ask('q4 LOGOUT', /^q4 /);
  });
};

export async function ordinaryDay() {
  await pipelinedMail();
  await chunkedMail();
  await internationalMail();
  await Promise.all([smallTalk(), ...submissions.map(submit)]);
  await plainMail('203.0.113.9', 'out.example.com', 'eva@example.com', 'carol@example.org', 'Lunch?', [
    'At one?',
    '',
    'Eva',
  ]);
  await pause(600); // delivery
  await Promise.all([readMailbox('10.0.0.34', 'carol@example.org', 'Lumpen-Zirkel.41'), literalsAndAppend()]);
  await popMechanisms();
  await Promise.all([idleMailbox(), imapMechanisms()]);
}

/** Three short sessions, one of each protocol. */
export async function smallDay() {
  await plainMail('198.51.100.7', 'mx1.example.net', 'eva@example.net', 'carol@example.org', 'A small one', [
    'Two lines',
    '.of text',
  ]);
  await pause(400);
  await readMailbox('10.0.0.34', 'carol@example.org', 'Lumpen-Zirkel.41');
  await converse({ from: '10.0.0.31', host: MAIL, port: 143 }, async (c) => {
    await c.until(/^\* OK/);
    await c.ask('a1 LOGIN carol@example.org {16}', /^\+/);
    await c.ask('Lumpen-Zirkel.41', /^a1 /);
    await c.ask('a2 SELECT INBOX', /^a2 /);
    await c.ask('a3 FETCH 1 BODY[]', /^a3 /);
    await c.ask('a4 LOGOUT', /^a4 /);
  });
}
