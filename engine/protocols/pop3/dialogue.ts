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

export class Pop3Dialogue implements Dialogue {
  private readonly conversation: Pop3Conversation;
  private readonly client: Pop3Client;
  private readonly server: Pop3Server;
  /** What the client's first octets go through; null behind them. */
  private opening: ProxyOpening | null;

  constructor(private readonly context: DialogueContext) {
    this.conversation = new Pop3Conversation(context);
    this.client = new Pop3Client(this.conversation);
    this.server = new Pop3Server(this.conversation, this.client);
    this.opening = context.fromStart ? ProxyOpening.awaited : null;
  }

  data(direction: Direction, buffer: Uint8Array, start: number, end: number, offset: number): void {
    this.conversation.hear(direction);
    if (direction === TO_CLIENT) this.server.data(buffer, start, end, offset);
    else if (this.opening === null) this.client.data(buffer, start, end, offset);
    else this.opening = this.opening.data(this.client, this.context.wire, buffer, start, end, offset);
  }

  gap(direction: Direction, offset: number, lengthBytes: number): void {
    const { conversation } = this;
    const { tls, client, server } = conversation;
    if (direction === TO_SERVER) this.opening = null;
    if (tls?.isOpaque(direction)) tls.gap(direction);
    else if (direction === TO_SERVER) this.client.gap(offset + lengthBytes);
    else this.server.gap(lengthBytes);
    conversation.tellGap(direction === TO_SERVER ? client : server, offset, lengthBytes);
  }

  end(): void {
    this.client.end();
    this.server.end();
    this.conversation.giveUpLogins();
    this.conversation.tellEnd();
  }
}
