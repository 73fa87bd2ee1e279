/** Mail traffic on loopback: a server that plays its part, and clients that attack it. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Line by line what a client says; a line waits for the answer to the one before, except within `burst`. */
export type ClientPart = readonly (string | { readonly burst: readonly string[] })[];

export const ORDINARY: ClientPart = [
  'EHLO client.example',
  'MAIL FROM:<a@example.org>',
  'RCPT TO:<b@example.org>',
  'DATA',
  'Subject: hello\r\n\r\nBody.\r\n.',
  'QUIT',
];

export const ATTACKS: readonly ClientPart[] = [
  [`HELO ${'h'.repeat(2000)}`, 'QUIT'],
  ['EHLO x', `MAIL FROM:<${'a'.repeat(900)}@example.org>`, 'VRFY root', 'EXPN staff', 'QUIT'],
  ['EHLO x', 'AUTH PLAIN AGJvYgAxMjM0NTY=', 'AUTH PLAIN AGJvYgBwYXNzd29yZA==', 'QUIT'],
  ['EHLO x', { burst: ['STARTTLS', 'MAIL FROM:<injected@example.org>'] }, 'QUIT'],
  ['HELO x', 'XYZZY', 'WIZ', 'DEBUG', `NOOP ${'\u0001\u0090'.repeat(200)}`, 'QUIT'],
];

/** An SMTP server that says yes to nearly everything, on a free port of this host. */
export async function startServer(): Promise<{ readonly port: number; close(): void }> {
  const server = createServer((socket) => serve(socket));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

function serve(socket: Socket): void {
  let held = '';
  let isData = false;
  socket.setEncoding('latin1');
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.write('220 mail.example ESMTP ready\r\n');
  socket.on('data', (text: string) => {
    held += text;
    for (let end = held.indexOf('\r\n'); end >= 0; end = held.indexOf('\r\n')) {
      const line = held.slice(0, end);
      held = held.slice(end + 2);
      if (isData && line !== '.') continue;
      isData = line.toUpperCase() === 'DATA';
      socket.write(answer(line));
      if (line === 'QUIT') socket.end();
    }
  });
}

function answer(line: string): string {
  const [verb = ''] = line.toUpperCase().split(' ', 1);
  if (verb === 'DATA') return '354 go on\r\n';
  if (verb === 'QUIT') return '221 bye\r\n';
  if (verb === 'EHLO') return '250-mail.example\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n';
  if (verb === 'AUTH') return '535 5.7.8 no\r\n';
  if (verb === 'STARTTLS') return '220 go ahead\r\n';
  return /^(HELO|MAIL|RCPT|NOOP|RSET|VRFY|\.)/.test(verb) ? '250 ok\r\n' : '502 what\r\n';
}

/** One connection, played to its end. */
export async function play(port: number, part: ClientPart): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  const answered = answers(socket);
  await answered();
  for (const line of part) {
    const lines = typeof line === 'string' ? [line] : line.burst;
    socket.write(Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1'));
    for (let i = 0; i < lines.length; i++) await answered();
  }
  socket.end();
  await new Promise((resolve) => socket.once('close', resolve));
}

/** Resolves with every last line of an answer, in turn. */
function answers(socket: Socket): () => Promise<void> {
  let held = '';
  let ready = 0;
  let wake = (): void => undefined;
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    held += text;
    const lines = held.split('\r\n');
    held = lines.pop() ?? '';
    ready += lines.filter((line) => /^\d{3} /.test(line)).length;
    wake();
  });
  return async () => {
    while (ready === 0) await new Promise<void>((resolve) => (wake = resolve));
    ready--;
  };
}
