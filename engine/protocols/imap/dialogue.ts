/**
 * An IMAP conversation (RFC 3501, 9051, 2177, 4959, 7888; PROTECTIONS 1.3 and
 * 1.4). In: ordered octets of both directions and the gaps. Out: events, facts,
 * and lines for the wire listener. Client and server each have their half; what
 * both need is in the conversation.
 */
import type { Dialogue, DialogueContext } from '../dialogue.js';
import { TO_CLIENT, TO_SERVER, type Direction } from '../events.js';
import { ProxyOpening } from '../mailbox/proxy-opening.js';
import { ImapClient } from './client-half.js';
import { ImapConversation } from './conversation.js';
import { ImapServer } from './server-half.js';

export class ImapDialogue implements Dialogue {
  private readonly conversation: ImapConversation;
  private readonly client: ImapClient;
  private readonly server: ImapServer;
  /** What the client's first octets go through; null behind them. */
  private opening: ProxyOpening | null;

  constructor(private readonly context: DialogueContext) {
    this.conversation = new ImapConversation(context);
    this.client = new ImapClient(this.conversation);
    this.server = new ImapServer(this.conversation, this.client);
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
    else if (!conversation.compressed && direction === TO_SERVER) this.client.gap(offset + lengthBytes, lengthBytes);
    else if (!conversation.compressed) this.server.gap(lengthBytes);
    conversation.tellGap(direction === TO_SERVER ? client : server, offset, lengthBytes);
  }

  end(): void {
    this.client.end();
    this.server.end();
    this.conversation.giveUpLogins();
    this.conversation.tellEnd();
  }
}
