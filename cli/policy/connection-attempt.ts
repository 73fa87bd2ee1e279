/**
 * One TCP connection to see whether it comes about: closed at once, nothing is
 * sent over it. In: an address, a port, how long to wait. Out: what happened.
 */
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { systemCode } from '../fd-writer.js';

/**
 * `refused`: a reset came back. `blocked`: no answer in time, or a router said that the host may not
 * be reached. `failed`: this machine could not try, which says nothing about the filter.
 */
export type AttemptResult = 'reachable' | 'refused' | 'blocked' | 'failed';

export interface AttemptOutcome {
  readonly result: AttemptResult;
  /** The system's word for it: `EHOSTUNREACH`; empty when there is none. */
  readonly reason: string;
}

const BY_CODE: Readonly<Record<string, AttemptResult>> = {
  ECONNREFUSED: 'refused',
  // A reset within the handshake.
  ECONNRESET: 'refused',
  ETIMEDOUT: 'blocked',
  // ICMP "unreachable", administratively prohibited among them (RFC 1812 5.2.7.1).
  EHOSTUNREACH: 'blocked',
};

/** Never rejects. Aborting `stop` counts as `failed`. */
export function attemptConnection(
  address: string,
  port: number,
  timeoutMs: number,
  stop: AbortSignal,
): Promise<AttemptOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (result: AttemptResult, reason: string): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', abort);
      socket.destroy();
      resolve({ result, reason });
    };
    const abort = (): void => end('failed', 'interrupted');
    const timer = setTimeout(() => end('blocked', ''), timeoutMs);
    stop.addEventListener('abort', abort);
    socket.once('connect', () => end('reachable', ''));
    socket.on('error', (error) => {
      const code = systemCode(error);
      end(BY_CODE[code] ?? 'failed', code);
    });
    if (stop.aborted) abort();
  });
}

/** The address that this machine's packets to `address` come from: a datagram socket is connected, nothing is sent. */
export function sourceAddress(address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.once('connect', () => {
      const { address: source } = socket.address();
      socket.close();
      resolve(source);
    });
    // Without a callback, so that a failure is an event. The port does not matter: a route is looked up.
    socket.connect(9, address);
  });
}
