/**
 * A conversation with the parts that most conversations never need, each made
 * when it is needed first: AUTH, message text, chunks, STARTTLS, lines held
 * behind DATA, a reply of several lines, a PROXY header.
 */
import { ProxyHeader } from '../proxy-header.js';
import { Authentication } from './auth.js';
import { Chunk } from './chunk.js';
import { Conversation } from './conversation.js';
import { HeldData } from './held-data.js';
import type { JoinedReply } from './joined-reply.js';
import { Message } from './message.js';
import { TlsHandover } from './tls-handover.js';

export abstract class SmtpConversation extends Conversation {
  /** A reply of several lines that is not complete. */
  joined: JoinedReply | null = null;
  /** Null before the first AUTH. */
  authIfAny: Authentication | null = null;
  messageIfAny: Message | null = null;
  chunkIfAny: Chunk | null = null;
  tlsIfAny: TlsHandover | null = null;
  heldDataIfAny: HeldData | null = null;
  private proxyIfAny: ProxyHeader | null = null;

  /** TURN, ATRN: the server is the client from here on. */
  abstract swapRoles(): void;

  get auth(): Authentication {
    return (this.authIfAny ??= new Authentication(this));
  }

  get message(): Message {
    return (this.messageIfAny ??= new Message(this));
  }

  get chunk(): Chunk {
    return (this.chunkIfAny ??= new Chunk(this, this.message));
  }

  get tls(): TlsHandover {
    return (this.tlsIfAny ??= new TlsHandover(this));
  }

  get heldData(): HeldData {
    return (this.heldDataIfAny ??= new HeldData(this, this.message));
  }

  get isInProxyHeader(): boolean {
    return this.proxyIfAny !== null && this.proxyIfAny.isInside;
  }

  get proxy(): ProxyHeader {
    return (this.proxyIfAny ??= new ProxyHeader());
  }
}
