/**
 * The PROXY protocol header that a load balancer puts before the client's first
 * octet (versions 1 and 2, haproxy's proxy-protocol.txt). In: the very first
 * octets of the client. Out: how many belong to the header. It is skipped, not
 * judged.
 */
const SIGNATURE = Uint8Array.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]);
const FIXED_BYTES = 16;
const VERSION_1 = Uint8Array.from([0x50, 0x52, 0x4f, 0x58, 0x59, 0x20]);

/** May this first octet begin a version 2 header? Nobody needs a `ProxyHeader` before it does. */
export function mayBeginProxyHeader(octet: number): boolean {
  return octet === SIGNATURE[0];
}

export class ProxyHeader {
  /** Octets that turned out to be no header after all: they come first. */
  givenBack = 0;
  private seen = 0;
  private length = 0;

  /** True when a first line is a version 1 header. */
  static isVersion1(buffer: Uint8Array, start: number, end: number): boolean {
    if (end - start < VERSION_1.length) return false;
    for (let i = 0; i < VERSION_1.length; i++) if (buffer[start + i] !== VERSION_1[i]) return false;
    return true;
  }

  /** True while octets are part of a version 2 header, or may be. */
  get isInside(): boolean {
    return this.seen > 0;
  }

  /** The octets of the signature, for giving them back. */
  get signature(): Uint8Array {
    return SIGNATURE;
  }

  /** Reads on; returns the position behind what was consumed. `isInside` says whether more is to come. */
  read(buffer: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end) {
      if (this.seen >= FIXED_BYTES) {
        const take = Math.min(end - at, FIXED_BYTES + this.length - this.seen);
        this.seen += take;
        at += take;
      } else if (!this.takeFixed(buffer[at] as number)) return at;
      else at++;
      if (this.seen >= FIXED_BYTES && this.seen === FIXED_BYTES + this.length) {
        this.seen = 0;
        return at;
      }
    }
    return at;
  }

  private takeFixed(octet: number): boolean {
    if (this.seen < SIGNATURE.length && octet !== SIGNATURE[this.seen]) {
      this.givenBack = this.seen;
      this.seen = 0;
      return false;
    }
    if (this.seen === 14) this.length = octet << 8;
    if (this.seen === 15) this.length |= octet;
    this.seen++;
    return true;
  }
}
