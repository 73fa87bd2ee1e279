/**
 * Commands that wait for their completion. It is matched by tag, not by order
 * (RFC 9051 2.2.1). At most 100; the oldest is forgotten beyond. Slots are
 * reused, so that a command makes no garbage.
 */
const OUTSTANDING = 100;
const TAG_BYTES = 64;

/** One waiting command. Borrowed from its slot: valid until it is removed. */
export interface Outstanding {
  readonly tag: Uint8Array;
  /** Different for every command of the connection. */
  serial: number;
  /** Whole length of the tag; its first 64 octets are kept. */
  tagBytes: number;
  verb: number;
  line: number;
  /** Number of the login attempt that its completion decides, 0 for none. */
  login: number;
}

export class OutstandingCommands {
  private readonly slots: Outstanding[] = [];
  /** The first `size` slots are in use, oldest first. */
  size = 0;
  private serial = 0;

  add(buffer: Uint8Array, tagStart: number, tagEnd: number, verb: number, line: number): Outstanding {
    if (this.size === OUTSTANDING) this.remove(this.slots[0] as Outstanding);
    if (this.size === this.slots.length)
      this.slots.push({ tag: new Uint8Array(TAG_BYTES), serial: 0, tagBytes: 0, verb: 0, line: 0, login: 0 });
    const slot = this.slots[this.size++] as Outstanding;
    slot.tagBytes = tagEnd - tagStart;
    for (let i = 0; i < TAG_BYTES && tagStart + i < tagEnd; i++) slot.tag[i] = buffer[tagStart + i] as number;
    slot.serial = ++this.serial;
    slot.verb = verb;
    slot.line = line;
    slot.login = 0;
    return slot;
  }

  /** The command with this tag; the oldest when a tag is used twice. */
  find(buffer: Uint8Array, start: number, end: number): Outstanding | null {
    for (let i = 0; i < this.size; i++) {
      const slot = this.slots[i] as Outstanding;
      if (slot.tagBytes === end - start && hasTag(slot, buffer, start)) return slot;
    }
    return null;
  }

  /** The oldest command with this verb. */
  findVerb(verb: number): Outstanding | null {
    for (let i = 0; i < this.size; i++)
      if ((this.slots[i] as Outstanding).verb === verb) return this.slots[i] as Outstanding;
    return null;
  }

  get oldest(): Outstanding | null {
    return this.size === 0 ? null : (this.slots[0] as Outstanding);
  }

  /** Takes it off; its slot goes behind those in use. */
  remove(slot: Outstanding): void {
    const index = this.slots.indexOf(slot);
    if (index === -1 || index >= this.size) return;
    for (let i = index; i < this.size - 1; i++) this.slots[i] = this.slots[i + 1] as Outstanding;
    this.slots[--this.size] = slot;
  }

  /** The command with this serial number, while it waits. */
  bySerial(serial: number): Outstanding | null {
    for (let i = 0; i < this.size; i++)
      if ((this.slots[i] as Outstanding).serial === serial) return this.slots[i] as Outstanding;
    return null;
  }

  clear(): void {
    this.size = 0;
  }
}

function hasTag(slot: Outstanding, buffer: Uint8Array, start: number): boolean {
  const length = Math.min(slot.tagBytes, TAG_BYTES);
  for (let i = 0; i < length; i++) if (slot.tag[i] !== buffer[start + i]) return false;
  return true;
}
