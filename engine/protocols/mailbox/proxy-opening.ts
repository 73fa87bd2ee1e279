/**
 * The very first octets of a POP3 or IMAP client, where a load balancer may have
 * put a PROXY header of version 2. In: the client's octets in order. Out: the same
 * without the header; a version 1 header is a line, and stays one.
 */
import type { DialogueContext } from '../dialogue.js';
import { ProxyHeader } from '../proxy-header.js';

/** Takes octets [start, end) of a buffer; `offset` is the stream offset of the first. */
export type TakeOctets = (buffer: Uint8Array, start: number, end: number, offset: number) => void;

export class ProxyOpening {
  /** Null once it is clear what the client begins with. */
  private header: ProxyHeader | null;

  constructor(
    private readonly context: DialogueContext,
    private readonly take: TakeOctets,
  ) {
    this.header = context.fromStart ? new ProxyHeader() : null;
  }

  /** The client's next octets: handed on as soon as they are certainly no header. */
  data(buffer: Uint8Array, start: number, end: number, offset: number): void {
    const { header } = this;
    if (header === null) return this.take(buffer, start, end, offset);
    if (start === end) return;
    const mayBeHeader = header.isInside || header.mayBegin(buffer[start] as number);
    const behind = mayBeHeader ? header.read(buffer, start, end) : start;
    if (header.isInside) return;
    this.header = null;
    const { givenBack, signature } = header;
    const at = offset + behind - start;
    if (givenBack > 0) this.take(signature, 0, givenBack, at - givenBack);
    else if (mayBeHeader) this.context.wire?.note('PROXY header skipped');
    if (behind < end) this.take(buffer, behind, end, at);
  }

  /** No more octets, or some are missing: what looked like a header so far will not become one. */
  giveUp(): void {
    this.header = null;
  }
}
