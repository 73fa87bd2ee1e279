/**
 * A mail server and its clients on loopback, for captures: on an address of its
 * own, so that nobody else's traffic is on it, and on a port that is known for
 * mail, so that the default filter lets it through.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

const HOST = '127.0.43.25';
const PORT = 2525;

export interface MailServer {
  readonly host: string;
  readonly port: number;
}

/** A server that says what an SMTP server says, until the test ends. */
export async function startMailServer(): Promise<MailServer> {
  const server = createServer((socket) => void converse(socket).catch(() => socket.destroy()));
  server.listen(PORT, HOST);
  await once(server, 'listening');
  onTestFinished(() => closed(server));
  return { host: HOST, port: (server.address() as AddressInfo).port };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

async function converse(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  socket.write('220 mx.example.org ESMTP ready\r\n');
  let isBody = false;
  for await (const line of createInterface(socket)) {
    if (isBody && line !== '.') continue;
    isBody = line === 'DATA';
    socket.write(`${replyTo(line)}\r\n`);
    if (line === 'QUIT') socket.end();
  }
}

function replyTo(line: string): string {
  const verb = line.split(' ')[0] ?? '';
  if (verb === 'EHLO') return '250-mx.example.org\r\n250-SIZE 52428800\r\n250 AUTH CRAM-MD5';
  if (line === 'AUTH CRAM-MD5') return '334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UuZXhhbXBsZS5vcmc+';
  if (line.length > 512) return '535 5.7.8 authentication failed';
  if (verb === 'DATA') return '354 go ahead';
  if (verb === 'QUIT') return '221 2.0.0 bye';
  return '250 2.0.0 ok';
}

/** One client: says its lines one by one, each after the reply to the one before. */
export class MailClient {
  readonly #socket: Socket;
  readonly #replies: AsyncIterator<string>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#replies = createInterface(socket)[Symbol.asyncIterator]();
  }

  static async connect({ host, port }: MailServer): Promise<MailClient> {
    const socket = connect({ host, port });
    await once(socket, 'connect');
    onTestFinished(() => void socket.destroy());
    const client = new MailClient(socket);
    await client.#reply();
    return client;
  }

  async say(...lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      this.#socket.write(`${line}\r\n`);
      await this.#reply();
    }
  }

  async quit(): Promise<void> {
    await this.say('QUIT');
    this.#socket.end();
  }

  /** Passes over a reply to its last line. */
  async #reply(): Promise<void> {
    for (;;) {
      const { value, done } = await this.#replies.next();
      if (done === true || !/^\d{3}-/.test(value)) return;
    }
  }
}

/** One message with a body of about so many octets. */
export async function sendMessage(server: MailServer, bytes: number): Promise<void> {
  const client = await MailClient.connect(server);
  await client.say('EHLO gw7.partner.example', 'MAIL FROM:<jo@partner.example>', 'RCPT TO:<kim@example.org>', 'DATA');
  const line = `${'All work and no play makes a long message. '.repeat(2).trim()}\r\n`;
  await client.say(`Subject: long\r\n\r\n${line.repeat(Math.ceil(bytes / line.length))}.`);
  await client.quit();
}

/** An ordinary hello, then an authentication whose response is far too long for what it was made for. */
export async function attack(server: MailServer): Promise<void> {
  const client = await MailClient.connect(server);
  await client.say('EHLO gw7.partner.example', 'AUTH CRAM-MD5', 'QUFB'.repeat(400));
  await client.quit();
}
