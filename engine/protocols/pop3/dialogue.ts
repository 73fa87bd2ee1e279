/**
 * A POP3 conversation (RFC 1939, 2449, 2595, 5034; PROTECTIONS 1.2 and 1.4). In:
 * ordered octets of both directions and the gaps. Out: events, facts, and lines
 * for the wire listener. Client and server each have their half; what both need
 * is in the conversation.
 */
import type { Dialogue, DialogueContext } from '../dialogue.js';
import { TO_CLIENT, TO_SERVER, type Direction } from '../events.js';
import { ProxyOpening } from '../mailbox/proxy-opening.js';
import { Pop3Client } from './client-half.js';
import { Pop3Conversation } from './conversation.js';
import { Pop3Server } from './server-half.js';

export class Pop3Dialogue extends Pop3Conversation implements Dialogue {
  private readonly clientHalf: Pop3Client;
  private readonly serverHalf: Pop3Server;
  /** What the client's first octets go through; null behind them. */
  private opening: ProxyOpening | null;

  constructor(context: DialogueContext) {
    super(context);
    this.clientHalf = new Pop3Client(this);
    this.serverHalf = new Pop3Server(this, this.clientHalf);
    this.opening = context.fromStart ? ProxyOpening.awaited : null;
  }

  data(direction: Direction, buffer: Uint8Array, start: number, end: number, offset: number): void {
    this.hear(direction);
    if (direction === TO_CLIENT) this.serverHalf.data(buffer, start, end, offset);
    else if (this.opening === null) this.clientHalf.data(buffer, start, end, offset);
    else this.opening = this.opening.data(this.clientHalf, this.context.wire, buffer, start, end, offset);
  }

  gap(direction: Direction, offset: number, lengthBytes: number): void {
    const { tls, client, server, clientHalf, serverHalf } = this;
    if (direction === TO_SERVER) this.opening = null;
    if (tls?.isOpaque(direction)) tls.gap(direction);
    else if (direction === TO_SERVER) clientHalf.gap(offset + lengthBytes);
    else serverHalf.gap(lengthBytes);
    this.tellGap(direction === TO_SERVER ? client : server, offset, lengthBytes);
  }

  end(): void {
    this.clientHalf.end();
    this.serverHalf.end();
    this.giveUpLogins();
    this.tellEnd();
  }
}
