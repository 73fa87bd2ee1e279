/**
 * Commands that wait for their reply, oldest first (RFC 2920). A ring that
 * grows to `maximum`; what would go beyond pushes the oldest out.
 */
import type { Transaction } from './transaction.js';

const FIRST_CAPACITY = 16;

export class PendingCommands {
  size = 0;
  /** The item taken or dropped last. */
  verb = 0;
  line = 0;
  transaction: Transaction | null = null;

  private head = 0;
  private capacity = FIRST_CAPACITY;
  private verbs: number[] = new Array<number>(FIRST_CAPACITY).fill(0);
  private lines: number[] = new Array<number>(FIRST_CAPACITY).fill(0);
  private transactions: (Transaction | null)[] = new Array<Transaction | null>(FIRST_CAPACITY).fill(null);

  constructor(private readonly maximum: number) {}

  /** Verb (or `PENDING` number) of the oldest item; 0 when there is none. */
  get headVerb(): number {
    return this.size === 0 ? 0 : (this.verbs[this.head] as number);
  }

  get headTransaction(): Transaction | null {
    return this.size === 0 ? null : (this.transactions[this.head] as Transaction | null);
  }

  get isFull(): boolean {
    return this.size === this.maximum;
  }

  /** `transaction` is the one that the item's reply decides about or ends. The caller made room. */
  push(verb: number, line: number, transaction: Transaction | null): void {
    if (this.size === this.capacity) this.grow();
    const at = (this.head + this.size) & (this.capacity - 1);
    this.verbs[at] = verb;
    this.lines[at] = line;
    this.transactions[at] = transaction;
    this.size++;
  }

  /** Looks at the oldest item: fills `verb`, `line`, `transaction`. */
  peek(): void {
    this.verb = this.verbs[this.head] as number;
    this.line = this.lines[this.head] as number;
    this.transaction = this.transactions[this.head] as Transaction | null;
  }

  /** Takes the oldest item off: fills `verb`, `line`, `transaction`. */
  pop(): void {
    this.peek();
    this.transactions[this.head] = null;
    this.head = (this.head + 1) & (this.capacity - 1);
    this.size--;
  }

  /** Changes what the oldest item waits for. */
  setHeadVerb(verb: number): void {
    this.verbs[this.head] = verb;
  }

  /** How many items lie before the first with this verb; -1 when there is none. */
  distanceTo(verb: number): number {
    for (let i = 0; i < this.size; i++) if (this.verbs[(this.head + i) & (this.capacity - 1)] === verb) return i;
    return -1;
  }

  private grow(): void {
    const old = this.capacity;
    const rotate = <T>(items: T[], filler: T): T[] => [
      ...items.slice(this.head),
      ...items.slice(0, this.head),
      ...new Array<T>(old).fill(filler),
    ];
    this.verbs = rotate(this.verbs, 0);
    this.lines = rotate(this.lines, 0);
    this.transactions = rotate<Transaction | null>(this.transactions, null);
    this.head = 0;
    this.capacity = old * 2;
  }
}
