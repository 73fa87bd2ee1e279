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
  /** Hashes of the only one so far; most messages have one, and it needs no sets. */
  private address = 0;
  private domain = 0;
  private hasOne = false;
  /** Null until there are two that differ. */
  private addresses: Set<number> | null = null;
  private domains: Set<number> | null = null;
  private isFull = false;

  clear(): void {
    this.hasOne = this.isFull = false;
    this.addresses = this.domains = null;
  }

  /** Octets `start`..`end` are `TO:<path>` with or without parameters; letters count the same in both cases. */
  add(buffer: Uint8Array, start: number, end: number): void {
    if (this.addresses !== null && this.addresses.size >= MAXIMUM) {
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
    this.enter(address, domain);
  }

  private enter(address: number, domain: number): void {
    if (!this.hasOne) {
      this.address = address;
      this.domain = domain;
      this.hasOne = true;
      return;
    }
    if (this.addresses !== null || address !== this.address)
      (this.addresses ??= new Set<number>().add(this.address)).add(address);
    if (this.domains !== null || domain !== this.domain)
      (this.domains ??= new Set<number>().add(this.domain)).add(domain);
  }

  /** For example `101 different in 3 domains`. */
  describe(): string {
    const least = this.isFull ? 'at least ' : '';
    const one = this.hasOne ? 1 : 0;
    const size = this.domains?.size ?? one;
    return `${least}${this.addresses?.size ?? one} different in ${size} ${size === 1 ? 'domain' : 'domains'}`;
  }
}
