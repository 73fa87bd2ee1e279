// Attacks by hand, each against a real server where one takes part, or against
// the impostors of impostor.mjs. Made-up payloads: shapes, no working exploits.
import { base64, converse } from './dialogue.mjs';

const MAIL = '10.0.0.25';
const IMPOSTOR = '10.0.0.77';
const ANY = /^\d\d\d( |$)/;
const OK = /^(\+OK|-ERR)/;

const smtp = (from, scenario, port = 25) =>
  converse({ from, host: MAIL, port }, async (c) => {
    await c.until(/^220 /);
    await scenario(c);
    c.send('QUIT');
    await c.until(/^221 /);
  });

/** A scanner that tries old verbs. */
const verbScan = () =>
  smtp('203.0.113.66', async (c) => {
    await c.ask('EHLO scanner.example.com', /^250 /);
    for (const verb of [
      'WIZ',
      'DEBUG',
      'SHOWQ',
      'KILL',
      'RELOAD',
      'XADMIN root',
      'SITE EXEC id',
      'GIMME',
      'PLEASE',
      'FOO',
      'BAR',
      'BAZ',
      'WIZ',
    ])
      await c.ask(verb);
  });

const longHello = () => smtp('203.0.113.66', (c) => c.ask(`HELO ${'A'.repeat(600)}`));

const longSender = () =>
  smtp('192.0.2.44', async (c) => {
    await c.ask('EHLO bulk.example.com', /^250 /);
    const path = Array.from({ length: 60 }, (_, i) => `part${i}`).join('.');
    await c.ask(`EXPN ${path}.${path}@example.org`);
  });

const binaryArguments = async () => {
  await smtp('203.0.113.9', async (c) => {
    await c.ask('HELO pc.example.com');
    await c.ask('MAIL FROM:<a\x90\x90\x90\xcc@example.com>');
  });
  await smtp('203.0.113.66', async (c) => {
    await c.ask('HELO pc.example.com');
    await c.ask(`MAIL FROM:<${'\x90'.repeat(48)}\xeb\x0c\x5e\x31\xc0\x88\x46\x07@example.com>`);
  });
};

const longAnswer = async () => {
  for (const [from, length] of [
    ['203.0.113.66', 1050],
    ['192.0.2.44', 600],
  ])
    await smtp(
      from,
      async (c) => {
        await c.ask('EHLO client.example.com', /^250 /);
        await c.ask('AUTH CRAM-MD5');
        await c.ask('QUFB'.repeat(length / 3));
      },
      587,
    );
};

const manyRecipients = () =>
  smtp('192.0.2.44', async (c) => {
    await c.ask('EHLO list.example.com', /^250 /);
    const recipients = Array.from({ length: 120 }, (_, i) => `RCPT TO:<sales+${i}@example.org>`);
    c.send('MAIL FROM:<list@example.com>', ...recipients, 'DATA');
    await c.until(/^354 /);
    c.send('From: list@example.com', 'To: undisclosed-recipients:;', 'Subject: An offer', '', 'Buy now.', '.');
    await c.until(/^250 /);
  });

const longLines = async () => {
  const send = (headers, body) =>
    smtp('198.51.100.20', async (c) => {
      await c.ask('EHLO mail.example.com', /^250 /);
      c.send('MAIL FROM:<shop@example.com>', 'RCPT TO:<info@example.org>', 'DATA');
      await c.until(/^354 /);
      c.send('From: shop@example.com', 'To: info@example.org', ...headers, '', ...body, '.');
      await c.until(ANY);
    });
  await send(['Subject: A page in one line'], [`<html>${'<td>cell</td>'.repeat(110)}</html>`]);
  await send([`Subject: ${'overflow '.repeat(560)}`], ['Short.']);
};

const tlsInjections = async () => {
  const handUp = async (c, octets, pattern) => {
    c.raw(octets);
    await c.until(pattern);
  };
  const inject = (port, host, text, greeting, answer) =>
    converse({ from: '203.0.113.66', host, port }, async (c) => {
      await c.until(greeting);
      if (port === 587) await c.ask('EHLO middle.example.com', /^250 /);
      await handUp(c, text, answer);
    });
  await inject(587, MAIL, 'STARTTLS\r\nRSET\r\nMAIL FROM:<mallory@example.com>\r\n', /^220 /, /^220 /);
  await inject(587, MAIL, 'STARTTLS\r\nxyzzy plugh\r\n', /^220 /, /^220 /);
  await inject(110, MAIL, 'STLS\r\nUSER mallory\r\n', OK, OK);
  await inject(143, MAIL, 'a1 STARTTLS\r\na2 LOGIN mallory guessed-it\r\n', /^\* OK/, /^a1 /);
};

const wrongGreetings = async () => {
  await converse({ from: '10.0.0.31', host: IMPOSTOR, port: 25 }, async (c) => {
    await c.until(/^250 /);
    await c.ask('EHLO desk-1.example.org');
    await c.ask('QUIT');
  });
  await converse({ from: '10.0.0.31', host: IMPOSTOR, port: 587 }, async (c) => {
    await c.until(/^SSH/);
    c.send('QUIT');
    await c.line();
  });
  await converse({ from: '203.0.113.9', host: '10.0.0.26', port: 25 }, async (c) => {
    await c.until(/^554 /);
    await c.ask('QUIT');
  });
};

const popTraps = async () => {
  const visit = (account, ...questions) =>
    converse({ from: '10.0.0.34', host: IMPOSTOR, port: 110 }, async (c) => {
      await c.until(OK);
      await c.ask(`USER ${account}@example.org`, OK);
      await c.ask('PASS dropwise-Anvil.20', OK);
      for (const [question, last] of questions) await c.ask(question, last);
      await c.ask('QUIT', OK);
    });
  await visit('count', ['STAT', OK]);
  await visit('uidl', ['STAT', OK], ['UIDL', /^\.$/]);
  await visit('list', ['STAT', OK], ['LIST', /^\.$/]);
  await visit('page', ['STAT', /^HTTP/], ['NOOP', OK]);
};

const popLogins = async () => {
  const login = (from, user, ...passwords) =>
    converse({ from, host: MAIL, port: 110 }, async (c) => {
      await c.until(OK);
      for (const password of passwords) {
        await c.ask(`USER ${user}`, OK);
        if ((await c.ask(`PASS ${password}`, OK))?.startsWith('+OK')) break;
      }
      await c.ask('QUIT', OK);
    });
  await login('203.0.113.66', 'admin@example.org', 'password', '123456', 'letmein');
  await login('203.0.113.66', 'postmaster@example.org', 'postmaster', 'qwerty123');
  await login('10.0.0.33', 'bob@example.org', 'bob123');
  await converse({ from: '203.0.113.9', host: MAIL, port: 110 }, async (c) => {
    await c.until(OK);
    await c.ask(`AUTH PLAIN ${base64('\0info@example.org\0Summer2026')}`, OK);
    await c.ask('STAT', OK);
    await c.ask('QUIT', OK);
  });
};

const imapCredentials = async () => {
  await converse({ from: '203.0.113.66', host: MAIL, port: 143 }, async (c) => {
    await c.until(/^\* OK/);
    await c.ask('a LOGIN {2048}', /^(\+|a )/);
    c.raw(`${'B'.repeat(2048)} x\r\n`);
    await c.until(/^a /);
    await c.ask('b LOGOUT', /^b /);
  });
  await converse({ from: '192.0.2.44', host: MAIL, port: 143 }, async (c) => {
    await c.until(/^\* OK/);
    const name = Array.from({ length: 28 }, (_, i) => `user${i}`).join('.');
    await c.ask(`a LOGIN "${name}" "guess"`, /^a /);
    await c.ask('b LOGOUT', /^b /);
  });
};

export async function attacks() {
  await Promise.all([verbScan(), wrongGreetings(), longHello()]);
  await Promise.all([binaryArguments(), popTraps(), longSender()]);
  await Promise.all([longAnswer(), popLogins(), manyRecipients()]);
  await Promise.all([tlsInjections(), imapCredentials(), longLines()]);
}
