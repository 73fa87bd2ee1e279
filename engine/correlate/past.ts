/**
 * What one protection remembers across connections, in packet time. In: keys
 * and the time of the fact being judged. Out: whether it is the first, how often,
 * how many different ones. Bounded: what was touched longest ago is forgotten first.
 */
import type { Past } from '../protections/protection.js';
import type { Fact } from '../protections/record.js';
import { RecencyMap } from './recency-map.js';

/** Times or values remembered of one key; a count that reaches it is a lower bound. */
const REMEMBERED_PER_KEY = 4096;

interface First {
  readonly owner: string;
  readonly timeUs: number;
}

/** What followed a first within its window. */
export interface Tally {
  readonly first: Fact;
  last: Fact;
  count: number;
  untilUs: number;
  readonly windowUs: number;
}

export class RememberedPast implements Past {
  /** The fact being judged. */
  fact: Fact | null = null;
  /** Keys given up because of the bound. */
  forgotten = 0;
  private readonly firsts = new RecencyMap<First>();
  private readonly times = new RecencyMap<number[]>();
  private readonly values = new RecencyMap<Map<string, number>>();
  /** In the order in which their windows end, as long as a protection uses one length of window. */
  private readonly tallies = new RecencyMap<Tally>();

  /** `maximum`: keys of each kind of memory (`limits.pastKeys`). */
  constructor(private readonly maximum: number) {}

  isFirst(key: string, owner: string, windowUs: number): boolean {
    const { timeUs } = this.current;
    const known = this.firsts.get(key);
    if (known !== undefined && Math.abs(timeUs - known.timeUs) <= windowUs) return known.owner === owner;
    this.keep(this.firsts, key, { owner, timeUs });
    return true;
  }

  count(key: string, windowUs: number): number {
    const { timeUs } = this.current;
    const recent = this.times.get(key) ?? [];
    // Facts come in packet order, so what is over stands in front.
    let over = recent.length < REMEMBERED_PER_KEY ? 0 : 1;
    while (over < recent.length && (recent[over] as number) <= timeUs - windowUs) over++;
    if (over > 0) recent.splice(0, over);
    recent.push(timeUs);
    this.keep(this.times, key, recent);
    return recent.length;
  }

  distinct(key: string, value: string, windowUs: number): number {
    const { timeUs } = this.current;
    const seen = this.values.get(key) ?? new Map<string, number>();
    // In the order in which they were seen last, so what is over stands in front.
    for (const [other, time] of seen) {
      if (time > timeUs - windowUs) break;
      seen.delete(other);
    }
    seen.delete(value);
    if (seen.size < REMEMBERED_PER_KEY) seen.set(value, timeUs);
    this.keep(this.values, key, seen);
    return seen.size;
  }

  tally(key: string, windowUs: number): number {
    const fact = this.current;
    const known = this.tallies.get(key);
    if (known === undefined) {
      this.keep(this.tallies, key, { first: fact, last: fact, count: 0, untilUs: fact.timeUs + windowUs, windowUs });
      return 0;
    }
    known.last = fact;
    return ++known.count;
  }

  /** When the earliest window ends; Infinity when none is open. */
  get nextDueUs(): number {
    return this.tallies.oldest?.untilUs ?? Infinity;
  }

  /** Takes out the tallies whose window is over at `timeUs` and in which something followed; these begin anew. */
  due(timeUs: number): Tally[] {
    const over: Tally[] = [];
    const { tallies } = this;
    for (let tally = tallies.oldest; tally !== undefined && tally.untilUs <= timeUs; tally = tallies.oldest) {
      const key = tallies.removeOldest() as string;
      if (tally.count === 0) continue;
      over.push(tally);
      // A later window that nothing falls into is not worth going on with.
      const untilUs = tally.untilUs + tally.windowUs;
      if (untilUs > timeUs) tallies.set(key, { ...tally, count: 0, untilUs });
    }
    return over;
  }

  private get current(): Fact {
    if (this.fact === null) throw new Error('the past was asked outside a fact');
    return this.fact;
  }

  /** Remembers as the one touched last. */
  private keep<T>(map: RecencyMap<T>, key: string, value: T): void {
    map.set(key, value);
    if (map.size <= this.maximum) return;
    map.removeOldest();
    this.forgotten++;
  }
}
