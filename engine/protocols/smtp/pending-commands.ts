/**
 * Commands that wait for their reply, oldest first (RFC 2920). Most clients
 * await each reply, so the oldest item lies in the queue itself; those behind it
 * in a ring that is made when there are any, and grows to the bound that whoever
 * pushes keeps to.
 */
import type { Transaction } from './transaction.js';

const FIRST_CAPACITY = 8;

/** What was taken off a queue last; one for all. */
export const TAKEN = { verb: 0, line: 0, transaction: null as Transaction | null };

export class PendingCommands {
  size = 0;
  /** Verb (or `PENDING` number) of the oldest item; 0 when there is none. */
  headVerb = 0;
  /** Of the oldest item: the transcript line of its command. */
  headLine = 0;
  /** The transaction that the oldest item's reply decides about or ends. */
  headTransaction: Transaction | null = null;
  private further: Ring | null = null;

  /** `transaction` is the one that the item's reply decides about or ends. The caller made room. */
  push(verb: number, line: number, transaction: Transaction | null): void {
    if (this.size++ > 0) return (this.further ??= new Ring()).push(verb, line, transaction);
    this.headVerb = verb;
    this.headLine = line;
    this.headTransaction = transaction;
  }

  /** Takes the oldest item off and puts it into `TAKEN`. */
  pop(): void {
    TAKEN.verb = this.headVerb;
    TAKEN.line = this.headLine;
    TAKEN.transaction = this.headTransaction;
    if (--this.size > 0) return (this.further as Ring).shift(this);
    this.headVerb = 0;
    this.headTransaction = null;
  }

  /** Changes what the oldest item waits for. */
  setHeadVerb(verb: number): void {
    this.headVerb = verb;
  }

  /** How many items lie before the first with this verb; -1 when there is none. */
  distanceTo(verb: number): number {
    if (this.size === 0) return -1;
    if (this.headVerb === verb) return 0;
    return this.size === 1 ? -1 : (this.further as Ring).distanceTo(verb);
  }
}

class Ring {
  private size = 0;
  private head = 0;
  private verbs: number[] = new Array<number>(FIRST_CAPACITY).fill(0);
  private lines: number[] = new Array<number>(FIRST_CAPACITY).fill(0);
  private transactions: (Transaction | null)[] = new Array<Transaction | null>(FIRST_CAPACITY).fill(null);

  push(verb: number, line: number, transaction: Transaction | null): void {
    if (this.size === this.verbs.length) this.grow();
    const at = (this.head + this.size) & (this.verbs.length - 1);
    this.verbs[at] = verb;
    this.lines[at] = line;
    this.transactions[at] = transaction;
    this.size++;
  }

  /** Takes its oldest item off and makes it the head of `queue`. */
  shift(queue: PendingCommands): void {
    const { head } = this;
    queue.headVerb = this.verbs[head] as number;
    queue.headLine = this.lines[head] as number;
    queue.headTransaction = this.transactions[head] as Transaction | null;
    this.transactions[head] = null;
    this.head = (head + 1) & (this.verbs.length - 1);
    this.size--;
  }

  /** Counted from the item before its own oldest; -1 when there is none. */
  distanceTo(verb: number): number {
    const mask = this.verbs.length - 1;
    for (let i = 0; i < this.size; i++) if (this.verbs[(this.head + i) & mask] === verb) return i + 1;
    return -1;
  }

  private grow(): void {
    const rotate = <T>(items: T[], filler: T): T[] => [
      ...items.slice(this.head),
      ...items.slice(0, this.head),
      ...new Array<T>(items.length).fill(filler),
    ];
    const [verbs, lines] = [rotate(this.verbs, 0), rotate(this.lines, 0)];
    this.transactions = rotate<Transaction | null>(this.transactions, null);
    this.verbs = verbs;
    this.lines = lines;
    this.head = 0;
  }
}
