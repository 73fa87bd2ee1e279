/**
 * Counts different recipients and domains of one transaction without keeping
 * an address. In: the argument of each RCPT. Out: counts, exact up to a bound.
 */
const MAXIMUM = 4096;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const AT = 0x40;
const GREATER_THAN = 0x3e;

export class DistinctRecipients {
  private readonly addresses = new Set<number>();
  private readonly domains = new Set<number>();
  private isFull = false;

  clear(): void {
    if (this.addresses.size === 0) return;
    this.addresses.clear();
    this.domains.clear();
    this.isFull = false;
  }

  /** Octets `start`..`end` are `TO:<path>` with or without parameters; letters count the same in both cases. */
  add(buffer: Uint8Array, start: number, end: number): void {
    if (this.addresses.size >= MAXIMUM) {
      this.isFull = true;
      return;
    }
    let address = FNV_OFFSET;
    let domain = FNV_OFFSET;
    for (let i = start; i < end; i++) {
      const octet = buffer[i] as number;
      if (octet === GREATER_THAN) break;
      const folded = octet >= 0x41 && octet <= 0x5a ? octet + 32 : octet;
      address = Math.imul(address ^ folded, FNV_PRIME);
      domain = octet === AT ? FNV_OFFSET : Math.imul(domain ^ folded, FNV_PRIME);
    }
    this.addresses.add(address);
    this.domains.add(domain);
  }

  /** For example `101 different in 3 domains`. */
  describe(): string {
    const least = this.isFull ? 'at least ' : '';
    const { size } = this.domains;
    return `${least}${this.addresses.size} different in ${size} ${size === 1 ? 'domain' : 'domains'}`;
  }
}
