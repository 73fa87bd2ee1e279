/**
 * Whole conversations with messages, in the three protocols: what a mail server
 * carries when messages have attachments.
 */
import { address, message } from './messages.js';
import type { Random } from './random.js';
import { Script, type Conversation } from './script.js';

const attachmentBytes = (random: Random): number => random.between(8_000, 53_000);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

function smtp(random: Random): Conversation {
  const script = new Script()
    .server('220 mail.example.org ESMTP ready')
    .client(`EHLO host${random.below(1000)}.example.net`);
  script.server(
    '250-mail.example.org',
    '250-PIPELINING',
    '250-SIZE 52428800',
    '250-8BITMIME',
    '250-AUTH PLAIN LOGIN',
    '250 CHUNKING',
  );
  const isSubmission = random.chance(30);
  if (isSubmission)
    script.client(`AUTH PLAIN ${base64('\0user\0tr8-Mokk.vul')}`).server('235 2.7.0 Authentication successful');
  if (random.chance(3)) script.client('XDEBUG on').server('500 5.5.2 Error: command not recognized');
  transaction(script, random);
  script.client('QUIT').server('221 2.0.0 Bye');
  return { serverPort: isSubmission ? 587 : 25, turns: script.turns };
}

function transaction(script: Script, random: Random): void {
  const mail = `MAIL FROM:<${address(random, 'example.net')}> SIZE=${random.between(1000, 90_000)}`;
  const recipients = Array.from({ length: random.between(1, 6) }, () => `RCPT TO:<${address(random)}>`);
  if (random.chance(50)) {
    script.client(mail, ...recipients, 'DATA');
    script.server('250 2.1.0 Ok', ...recipients.map(() => '250 2.1.5 Ok'), '354 End data with <CR><LF>.<CR><LF>');
  } else {
    script.client(mail).server('250 2.1.0 Ok');
    for (const recipient of recipients)
      script.client(recipient).server(random.chance(10) ? '450 4.2.0 try again' : '250 2.1.5 Ok');
    script.client('DATA').server('354 End data with <CR><LF>.<CR><LF>');
  }
  script.client(`${message(random, attachmentBytes(random))}.`).server('250 2.0.0 Ok: queued as 4XyZ1');
}

function pop3(random: Random): Conversation {
  const count = random.between(1, 2);
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  const messages = numbers.map(() => message(random, attachmentBytes(random)));
  const script = new Script()
    .server('+OK mail.example.org ready')
    .client('CAPA')
    .server('+OK', 'TOP', 'UIDL', 'USER', 'SASL PLAIN', '.');
  script
    .client(`USER ${address(random)}`)
    .server('+OK')
    .client('PASS vex0-quilt-Harbour')
    .server('+OK Logged in.');
  script.client('STAT').server(`+OK ${count} ${messages.join('').length}`);
  script
    .client('LIST')
    .server(`+OK ${count} messages`, ...numbers.map((n) => `${n} ${messages[n - 1]?.length ?? 0}`), '.');
  script.client('UIDL').server('+OK', ...numbers.map((n) => `${n} 0000${n}6b01d532`), '.');
  for (const [index, text] of messages.entries()) {
    script.client(`RETR ${index + 1}`).server(`+OK ${text.length} octets`, `${text}.`);
    if (random.chance(60)) script.client(`DELE ${index + 1}`).server('+OK Marked to be deleted.');
  }
  script.client('QUIT').server('+OK Logging out.');
  return { serverPort: 110, turns: script.turns };
}

function imap(random: Random): Conversation {
  const script = new Script().server('* OK [CAPABILITY IMAP4rev1 SASL-IR LITERAL+ IDLE] ready');
  script.client(`a1 LOGIN ${address(random)} "Lumpen-Zirkel.41"`).server('a1 OK Logged in');
  const messages = random.between(3, 40);
  script
    .client('a2 SELECT INBOX')
    .server(
      '* FLAGS (\\Answered \\Seen)',
      `* ${messages} EXISTS`,
      '* 0 RECENT',
      '* OK [UIDVALIDITY 1795282226] ok',
      'a2 OK [READ-WRITE] Selected',
    );
  const flags = Array.from({ length: messages }, (_, i) => `* ${i + 1} FETCH (UID ${i + 101} FLAGS (\\Seen))`);
  script.client('a3 FETCH 1:* (UID FLAGS)').server(...flags, 'a3 OK Fetch completed');
  const rounds = random.between(1, 2);
  for (let i = 0; i < rounds; i++) round(script, `b${i}`, random);
  script.client('z1 LOGOUT').server('* BYE Logging out', 'z1 OK Logout completed');
  return { serverPort: 143, turns: script.turns };
}

function round(script: Script, tag: string, random: Random): void {
  const text = message(random, attachmentBytes(random));
  if (random.chance(50))
    script
      .client(`${tag} UID FETCH 101 (BODY.PEEK[])`)
      .server(`* 1 FETCH (UID 101 BODY[] {${text.length}}`, `${text})`, `${tag} OK Fetch completed`);
  else
    script
      .client(`${tag} APPEND Sent (\\Seen) {${text.length}}`)
      .server('+ OK')
      .client(text)
      .server(`${tag} OK Append completed`);
}

const PROTOCOLS = [smtp, pop3, imap] as const;

/** One conversation; protocols take turns by `index`. */
export function messageConversation(random: Random, index: number): Conversation {
  const make = PROTOCOLS[index % PROTOCOLS.length] as (typeof PROTOCOLS)[number];
  return make(random);
}
