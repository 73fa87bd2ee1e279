// Servers that are none, on 10.0.0.77: wrong greetings on 25 and 587, and a
// POP3 server on 110 that attacks its clients (the account chooses how).
import { createServer } from 'node:net';

const ADDRESS = '10.0.0.77';
const listen = (port, handler) =>
  createServer((socket) => {
    socket.on('error', () => {});
    handler(socket);
  }).listen(port, ADDRESS);

/** Calls `answer(line)` for each line; a null answer closes the connection. */
function speak(socket, answer) {
  let held = '';
  socket.on('data', (chunk) => {
    held += chunk.toString('latin1');
    for (let end = held.indexOf('\n'); end >= 0; end = held.indexOf('\n')) {
      const line = held.slice(0, end).replace(/\r$/, '');
      held = held.slice(end + 1);
      const text = answer(line);
      if (text === null) return socket.end();
      socket.write(text, 'latin1');
    }
  });
}

listen(25, (socket) => {
  socket.write('250 relay.example.net hello\r\n');
  speak(socket, (line) => (/^QUIT/i.test(line) ? '221 bye\r\n' : '250 ok\r\n'));
});

listen(587, (socket) => {
  socket.write('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n');
  socket.on('data', () => socket.end());
});

/** Answers of the POP3 impostor by account: what a client would stumble over. */
const TRAPS = {
  count: { STAT: '+OK 4294967297 4294967295\r\n' },
  uidl: { STAT: '+OK 2 4711\r\n', UIDL: `+OK\r\n1 ${'u'.repeat(300)}\r\n2 b\x01\x02\x03\r\n.\r\n` },
  list: { STAT: '+OK 2 4711\r\n', LIST: '+OK 2 messages\r\n1 -99999\r\n2 -1\r\n.\r\n' },
  page: { STAT: 'HTTP/1.1 200 OK\r\n', NOOP: `+OK ${'x'.repeat(3000)}\r\n` },
};

listen(110, (socket) => {
  let trap = {};
  socket.write('+OK POP3 server ready\r\n');
  speak(socket, (line) => {
    const [verb = '', argument = ''] = line.split(' ');
    if (verb === 'USER') trap = TRAPS[argument.split('@')[0]] ?? {};
    if (verb === 'QUIT') return '+OK bye\r\n';
    return trap[verb] ?? '+OK\r\n';
  });
});
