/**
 * Commands that wait for their completion. It is matched by tag, not by order
 * (RFC 9051 2.2.1). At most 100; the oldest is forgotten beyond. Slots are
 * reused, so that a command makes no garbage.
 */
const OUTSTANDING = 100;
const TAG_BYTES = 64;
/** Octets of a tag that a slot holds as numbers; longer ones are rare. */
const WORD_BYTES = 4;
const SHORT_TAG_BYTES = 2 * WORD_BYTES;

/** One waiting command. Borrowed from its slot: valid until it is removed. */
export interface Outstanding {
  /** Different for every command of the connection. */
  serial: number;
  /** Whole length of the tag; its first 64 octets are kept: eight as numbers, the rest behind them. */
  tagBytes: number;
  first: number;
  second: number;
  rest: Uint8Array | null;
  verb: number;
  line: number;
  /** Number of the login attempt that its completion decides, 0 for none. */
  login: number;
}

export class OutstandingCommands {
  /** Made for the first command. */
  private slots: Outstanding[] | null = null;
  /** The first `size` slots are in use, oldest first. */
  size = 0;
  private serial = 0;

  add(buffer: Uint8Array, tagStart: number, tagEnd: number, verb: number, line: number): Outstanding {
    const slot = this.free();
    this.size++;
    slot.tagBytes = tagEnd - tagStart;
    slot.first = wordOf(buffer, tagStart, tagEnd);
    slot.second = wordOf(buffer, tagStart + WORD_BYTES, tagEnd);
    if (slot.tagBytes > SHORT_TAG_BYTES) keepRest(slot, buffer, tagStart, tagEnd);
    slot.serial = ++this.serial;
    slot.verb = verb;
    slot.line = line;
    slot.login = 0;
    return slot;
  }

  /** The command with this tag; the oldest when a tag is used twice. */
  find(buffer: Uint8Array, start: number, end: number): Outstanding | null {
    const { slots } = this;
    if (slots === null || this.size === 0) return null;
    const first = wordOf(buffer, start, end);
    for (let i = 0; i < this.size; i++) {
      const slot = slots[i] as Outstanding;
      if (slot.first === first && slot.tagBytes === end - start && hasRest(slot, buffer, start, end)) return slot;
    }
    return null;
  }

  /** The oldest command with this verb. */
  findVerb(verb: number): Outstanding | null {
    const { slots } = this;
    if (slots === null) return null;
    for (let i = 0; i < this.size; i++) if ((slots[i] as Outstanding).verb === verb) return slots[i] as Outstanding;
    return null;
  }

  get oldest(): Outstanding | null {
    return this.slots === null || this.size === 0 ? null : (this.slots[0] as Outstanding);
  }

  /** Takes it off; its slot goes behind those in use. */
  remove(slot: Outstanding): void {
    const { slots } = this;
    if (slots === null) return;
    const index = slots.indexOf(slot);
    if (index === -1 || index >= this.size) return;
    for (let i = index; i < this.size - 1; i++) slots[i] = slots[i + 1] as Outstanding;
    slots[--this.size] = slot;
  }

  /** The command with this serial number, while it waits. */
  bySerial(serial: number): Outstanding | null {
    const { slots } = this;
    if (slots === null) return null;
    for (let i = 0; i < this.size; i++) if ((slots[i] as Outstanding).serial === serial) return slots[i] as Outstanding;
    return null;
  }

  clear(): void {
    this.size = 0;
  }

  /** The slot behind those in use. */
  private free(): Outstanding {
    if (this.slots === null) {
      this.slots = [newSlot()];
      return this.slots[0] as Outstanding;
    }
    const { slots } = this;
    if (this.size === OUTSTANDING) this.remove(slots[0] as Outstanding);
    if (this.size === slots.length) slots.push(newSlot());
    return slots[this.size] as Outstanding;
  }
}

function newSlot(): Outstanding {
  return { serial: 0, tagBytes: 0, first: 0, second: 0, rest: null, verb: 0, line: 0, login: 0 };
}

/** Up to four octets as a number. */
function wordOf(buffer: Uint8Array, start: number, end: number): number {
  const stop = end - start > WORD_BYTES ? start + WORD_BYTES : end;
  let word = 0;
  for (let at = start; at < stop; at++) word = (word << 8) | (buffer[at] as number);
  return word;
}

function keepRest(slot: Outstanding, buffer: Uint8Array, tagStart: number, tagEnd: number): void {
  const rest = (slot.rest ??= new Uint8Array(TAG_BYTES - SHORT_TAG_BYTES));
  const from = tagStart + SHORT_TAG_BYTES;
  for (let i = 0; i < rest.length && from + i < tagEnd; i++) rest[i] = buffer[from + i] as number;
}

/** Compares what stands behind the first word of a tag of the same length. */
function hasRest(slot: Outstanding, buffer: Uint8Array, start: number, end: number): boolean {
  if (end - start <= WORD_BYTES) return true;
  if (slot.second !== wordOf(buffer, start + WORD_BYTES, end)) return false;
  const { rest } = slot;
  const from = start + SHORT_TAG_BYTES;
  for (let i = 0; rest !== null && i < rest.length && from + i < end; i++)
    if (rest[i] !== buffer[from + i]) return false;
  return true;
}
