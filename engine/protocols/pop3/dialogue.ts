/**
 * A POP3 conversation (RFC 1939, 2449, 2595, 5034; PROTECTIONS 1.2 and 1.4). In:
 * ordered octets of both directions and the gaps. Out: events, facts, and lines
 * for the wire listener. Client and server each have their half; what both need
 * is in the conversation.
 */
import type { Dialogue, DialogueContext } from '../dialogue.js';
import { TO_SERVER, type Direction } from '../events.js';
import { ProxyOpening } from '../mailbox/proxy-opening.js';
import { Pop3Client } from './client-half.js';
import { Pop3Conversation } from './conversation.js';
import { Pop3Server } from './server-half.js';

export class Pop3Dialogue implements Dialogue {
  private readonly conversation: Pop3Conversation;
  private readonly client: Pop3Client;
  private readonly server: Pop3Server;
  private readonly opening: ProxyOpening;

  constructor(context: DialogueContext) {
    this.conversation = new Pop3Conversation(context);
    const client = new Pop3Client(this.conversation);
    this.client = client;
    this.server = new Pop3Server(this.conversation, () => client.resumeHeld());
    this.opening = new ProxyOpening(context, (buffer, start, end, offset) => client.data(buffer, start, end, offset));
  }

  data(direction: Direction, buffer: Uint8Array, start: number, end: number, offset: number): void {
    if (direction === TO_SERVER) this.opening.data(buffer, start, end, offset);
    else this.server.data(buffer, start, end, offset);
  }

  gap(direction: Direction, offset: number, lengthBytes: number): void {
    const { handover, client, server, speaker } = this.conversation;
    if (direction === TO_SERVER) this.opening.giveUp();
    if (handover.isOpaque(direction)) handover.gap(direction);
    else if (direction === TO_SERVER) this.client.gap(offset + lengthBytes);
    else this.server.gap(lengthBytes);
    speaker.gap(direction === TO_SERVER ? client : server, offset, lengthBytes);
  }

  end(): void {
    this.client.end();
    this.server.end();
    this.conversation.ledger.giveUp();
    this.conversation.speaker.end();
  }
}
