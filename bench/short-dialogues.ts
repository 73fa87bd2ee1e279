/** Short conversations in the three protocols: few commands, short replies, hardly a message. */
import { address, shortMessage } from './messages.js';
import type { Random } from './random.js';
import { Script, type Conversation } from './script.js';

function smtp(random: Random): Conversation {
  const script = new Script().server('220 mx.example ESMTP').client(`EHLO h${random.below(1000)}.example`);
  script.server('250 mx.example');
  if (random.chance(3)) script.client('XDEBUG on').server('500 unknown');
  script.client(`MAIL FROM:<${address(random, 'example.net')}>`).server('250 Ok');
  for (let i = random.between(1, 2); i > 0; i--) {
    script.client(`RCPT TO:<${address(random)}>`).server(random.chance(10) ? '450 later' : '250 Ok');
  }
  if (random.chance(15))
    script
      .client('DATA')
      .server('354 go')
      .client(`${shortMessage(random)}.`)
      .server('250 Ok');
  else script.client('RSET').server('250 Ok');
  if (random.chance(50)) script.client('NOOP').server('250 Ok');
  script.client('QUIT').server('221 Bye');
  return { serverPort: random.chance(20) ? 587 : 25, turns: script.turns };
}

function pop3(random: Random): Conversation {
  const script = new Script()
    .server('+OK ready')
    .client(`USER ${address(random)}`)
    .server('+OK');
  script.client('PASS vex0-quilt-Harbour').server('+OK').client('STAT').server('+OK 2 640');
  if (random.chance(40)) script.client('LIST').server('+OK 2 messages', '1 320', '2 320', '.');
  script.client('NOOP').server('+OK');
  script.client('QUIT').server('+OK');
  return { serverPort: 110, turns: script.turns };
}

function imap(random: Random): Conversation {
  const script = new Script().server('* OK ready').client(`a1 LOGIN ${address(random)} "Lumpen-Zirkel.41"`);
  script.server('a1 OK').client('a2 SELECT INBOX').server('* 3 EXISTS', 'a2 OK [READ-WRITE] Selected');
  if (random.chance(60)) {
    script
      .client('a3 UID STORE 101 +FLAGS (\\Seen)')
      .server('* 1 FETCH (UID 101 FLAGS (\\Seen))', 'a3 OK Store completed');
  }
  if (random.chance(80)) script.client('a4 NOOP').server('a4 OK');
  script.client('a5 LOGOUT').server('* BYE', 'a5 OK');
  return { serverPort: 143, turns: script.turns };
}

const PROTOCOLS = [smtp, pop3, imap] as const;

/** One conversation; protocols take turns by `index`. */
export function shortConversation(random: Random, index: number): Conversation {
  const make = PROTOCOLS[index % PROTOCOLS.length] as (typeof PROTOCOLS)[number];
  return make(random);
}

/** A conversation that has begun and goes on: for connections that stay open. */
export function openConversation(random: Random, index: number): Conversation {
  const { serverPort, turns } = shortConversation(random, index);
  return { serverPort, turns: turns.slice(0, -2) };
}
