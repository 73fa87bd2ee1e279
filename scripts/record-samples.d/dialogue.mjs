// A client that speaks octets by hand: what is sent is exactly what the scenario
// says, in the segments that it says, and each answer is waited for by pattern.
import { connect } from 'node:net';

const CRLF = '\r\n';
const ANSWER_TIMEOUT_MS = 10_000;

/** Opens a connection from the address `from`, runs `scenario(client)`, closes it. Throws when an answer stays away. */
export async function converse({ from, host, port }, scenario) {
  const socket = connect({ host, port, localAddress: from });
  socket.setNoDelay(true);
  await once(socket, 'connect');
  const client = makeClient(socket, `${from} to ${host}:${port}`);
  try {
    await scenario(client);
  } finally {
    socket.end();
    await Promise.race([once(socket, 'close'), pause(500)]);
    socket.destroy();
  }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const base64 = (text) => Buffer.from(text).toString('base64');

function once(socket, event) {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    if (event !== 'close') socket.once('error', reject);
  });
}

function makeClient(socket, name) {
  let received = '';
  let wake = () => {};
  let closed = false;
  socket.on('error', () => (closed = true));
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    wake();
  });
  socket.on('close', () => {
    closed = true;
    wake();
  });

  /** Next line from the server without its end; null when the connection is over. */
  async function line() {
    const deadline = Date.now() + ANSWER_TIMEOUT_MS;
    for (;;) {
      const end = received.indexOf('\n');
      if (end >= 0) {
        const text = received.slice(0, end).replace(/\r$/, '');
        received = received.slice(end + 1);
        return text;
      }
      if (closed) return null;
      if (Date.now() > deadline) throw new Error(`${name}: no answer`);
      await Promise.race([new Promise((resolve) => (wake = resolve)), pause(200)]);
    }
  }
  /** Reads lines up to one that matches; returns it. Null when the server hung up first. */
  async function until(pattern) {
    for (let text = await line(); text !== null; text = await line()) if (pattern.test(text)) return text;
    return null;
  }
  /** Lines (each gets CRLF) in one segment. */
  const send = (...lines) => socket.write(lines.map((text) => text + CRLF).join(''), 'latin1');
  /** Octets as they stand: a Buffer or Latin-1 text. */
  const raw = (octets) => socket.write(octets, 'latin1');
  /** Sends one line and waits for the answer's last line. */
  const ask = async (text, pattern = /^\d\d\d( |$)/) => {
    send(text);
    return until(pattern);
  };
  return { line, until, send, raw, ask, pause };
}
