/**
 * The dialogue of a connection that cannot be read: TLS from its first octet,
 * or octets on a mail port that are no mail. Reads the hellos of TLS for their
 * version and server name, nothing else.
 */
import type { Dialogue, DialogueContext } from '../dialogue.js';
import { EVENT, TO_SERVER, type Direction, type EndEvent } from '../events.js';
import { TlsHello } from './hello.js';

export function createTlsDialogue(context: DialogueContext): Dialogue {
  context.facts.tls = 'implicit';
  context.facts.state = 'TLS';
  return new OpaqueDialogue(context, new TlsHello());
}

export function createUnreadableDialogue(context: DialogueContext): Dialogue {
  context.facts.state = 'UNREADABLE';
  return new OpaqueDialogue(context, null);
}

class OpaqueDialogue implements Dialogue {
  private readonly seen: [boolean, boolean] = [false, false];

  constructor(
    private readonly context: DialogueContext,
    private readonly hello: TlsHello | null,
  ) {}

  data(direction: Direction, buffer: Uint8Array, start: number, end: number, offset: number): void {
    const { context, hello } = this;
    if (!this.seen[direction]) {
      this.seen[direction] = true;
      if (hello !== null) context.wire?.tls(direction, offset);
      else context.wire?.note('These octets are neither mail nor TLS; they are shown as hex only.');
    }
    if (hello === null) return;
    hello.push(direction, buffer, start, end);
    context.facts.tlsVersion = hello.version;
    context.facts.sni = hello.sni;
  }

  gap(direction: Direction, offset: number, lengthBytes: number): void {
    this.context.wire?.gap(direction, offset, lengthBytes);
  }

  end(): void {
    const { facts, position, events } = this.context;
    const event: EndEvent = {
      kind: EVENT.end,
      direction: TO_SERVER,
      timeUs: position.timeUs,
      packet: position.packet,
      line: facts.lines,
      knowledge: facts.knowledge,
      state: facts.state,
      protocol: facts.protocol,
    };
    events.emit(event);
  }
}
