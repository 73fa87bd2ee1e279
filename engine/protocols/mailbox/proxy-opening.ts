/**
 * The very first octets of a POP3 or IMAP client, where a load balancer may have
 * put a PROXY header of version 2. In: the client's octets in order. Out: the same
 * without the header; a version 1 header is a line, and stays one.
 */
import type { WireListener } from '../dialogue.js';
import { mayBeginProxyHeader, ProxyHeader } from '../proxy-header.js';

/** Gets octets [start, end) of a buffer; `offset` is the stream offset of the first. */
export interface OctetsTaker {
  data(buffer: Uint8Array, start: number, end: number, offset: number): void;
}

export class ProxyOpening {
  /** Nothing came yet: the same for every conversation. */
  static readonly awaited = new ProxyOpening();

  private readonly header = new ProxyHeader();

  /**
   * The client's next octets: handed on as soon as they are certainly no header. Returns what takes
   * the next ones; null once it is clear what the client begins with.
   */
  data(
    client: OctetsTaker,
    wire: WireListener | null,
    buffer: Uint8Array,
    start: number,
    end: number,
    offset: number,
  ): ProxyOpening | null {
    if (start === end) return this;
    if (!this.header.isInside && !mayBeginProxyHeader(buffer[start] as number)) {
      client.data(buffer, start, end, offset);
      return null;
    }
    const opening = this === ProxyOpening.awaited ? new ProxyOpening() : this;
    return opening.read(client, wire, buffer, start, end, offset) ? opening : null;
  }

  /** True when the header goes on. */
  private read(
    client: OctetsTaker,
    wire: WireListener | null,
    buffer: Uint8Array,
    start: number,
    end: number,
    offset: number,
  ): boolean {
    const { header } = this;
    const behind = header.read(buffer, start, end);
    if (header.isInside) return true;
    const { givenBack, signature } = header;
    const at = offset + behind - start;
    if (givenBack > 0) client.data(signature, 0, givenBack, at - givenBack);
    else wire?.note('PROXY header skipped');
    if (behind < end) client.data(buffer, behind, end, at);
    return false;
  }
}
