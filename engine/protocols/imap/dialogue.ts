/**
 * An IMAP conversation (RFC 3501, 9051, 2177, 4959, 7888; PROTECTIONS 1.3 and
 * 1.4). In: ordered octets of both directions and the gaps. Out: events, facts,
 * and lines for the wire listener. Client and server each have their half; what
 * both need is in the conversation.
 */
import type { Dialogue, DialogueContext } from '../dialogue.js';
import { TO_SERVER, type Direction } from '../events.js';
import { ProxyOpening } from '../mailbox/proxy-opening.js';
import { ImapClient } from './client-half.js';
import { ImapConversation } from './conversation.js';
import { ImapServer } from './server-half.js';

export class ImapDialogue implements Dialogue {
  private readonly conversation: ImapConversation;
  private readonly client: ImapClient;
  private readonly server: ImapServer;
  private readonly opening: ProxyOpening;

  constructor(context: DialogueContext) {
    this.conversation = new ImapConversation(context);
    this.client = new ImapClient(this.conversation);
    this.server = new ImapServer(this.conversation, this.client);
    this.opening = new ProxyOpening(context, (buffer, start, end, offset) =>
      this.client.data(buffer, start, end, offset),
    );
  }

  data(direction: Direction, buffer: Uint8Array, start: number, end: number, offset: number): void {
    if (direction === TO_SERVER) this.opening.data(buffer, start, end, offset);
    else this.server.data(buffer, start, end, offset);
  }

  gap(direction: Direction, offset: number, lengthBytes: number): void {
    const { handover, client, server, speaker, compressed } = this.conversation;
    if (direction === TO_SERVER) this.opening.giveUp();
    if (handover.isOpaque(direction)) handover.gap(direction);
    else if (!compressed && direction === TO_SERVER) this.client.gap(offset + lengthBytes, lengthBytes);
    else if (!compressed) this.server.gap(lengthBytes);
    speaker.gap(direction === TO_SERVER ? client : server, offset, lengthBytes);
  }

  end(): void {
    this.client.end();
    this.server.end();
    this.conversation.ledger.giveUp();
    this.conversation.speaker.end();
  }
}
