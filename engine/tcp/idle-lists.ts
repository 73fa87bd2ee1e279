/**
 * Finds the connections that have been idle for too long without looking at all
 * of them: one list for each time-out class, in the order in which they were
 * queued. A packet moves nothing; each connection is looked at several times in a
 * time-out, and queued anew as long as it had packets meanwhile. When that is
 * depends on no other connection. So the first of a list is about the one idle for
 * longest, to an eighth of the time-out. Doubly linked through the connections' rows.
 */
import type { Limits } from '../limits.js';
import { IDLE_CLASS, type Connection, type IdleClass } from './connection.js';
import { COLUMN, ROW_FIELDS, type FlowRows } from './flow-rows.js';

/** Looks in one time-out: a connection ends at most this part of it late. */
const LOOKS = 8;

export class IdleLists {
  /** First and last row of each list; 0 for none. */
  private readonly heads = [0, 0, 0];
  private readonly tails = [0, 0, 0];
  private readonly timeoutsUs: readonly number[];
  /** Of a connection that may be silent. */
  private readonly waitingTimeoutUs: number;
  /** How long after it was queued a connection is looked at. */
  private readonly waitsUs: readonly number[];

  constructor(
    limits: Limits,
    private readonly rows: FlowRows<Connection>,
  ) {
    this.timeoutsUs = [limits.lingerSeconds, limits.idleSeconds, limits.idleMailSeconds].map(
      (seconds) => seconds * 1e6,
    );
    this.waitingTimeoutUs = limits.idleImapSeconds * 1e6;
    // No packet counts for a connection that is over, so one look is enough.
    this.waitsUs = this.timeoutsUs.map((timeoutUs, i) => (i === IDLE_CLASS.over ? timeoutUs : timeoutUs / LOOKS));
  }

  add(row: number, idleClass: IdleClass, clockUs: number): void {
    const tail = this.tails[idleClass] as number;
    this.put(row, COLUMN.idleClass, idleClass);
    this.put(row, COLUMN.queuedUs, clockUs);
    this.put(row, COLUMN.idlePrevious, tail);
    this.put(row, COLUMN.idleNext, 0);
    if (tail === 0) this.heads[idleClass] = row;
    else this.put(tail, COLUMN.idleNext, row);
    this.tails[idleClass] = row;
  }

  remove(row: number): void {
    const previous = this.get(row, COLUMN.idlePrevious);
    const next = this.get(row, COLUMN.idleNext);
    const idleClass = this.classOf(row);
    if (previous === 0) this.heads[idleClass] = next;
    else this.put(previous, COLUMN.idleNext, next);
    if (next === 0) this.tails[idleClass] = previous;
    else this.put(next, COLUMN.idlePrevious, previous);
  }

  changeClass(row: number, idleClass: IdleClass, clockUs: number): void {
    if (this.classOf(row) === idleClass) return;
    this.remove(row);
    this.add(row, idleClass, clockUs);
  }

  /** True when the connection's last packet is further back than its time-out. */
  isExpired(row: number, timeUs: number): boolean {
    const { numbers } = this.rows;
    const at = row * ROW_FIELDS;
    const idleUs = timeUs - (numbers[at + COLUMN.lastUs] as number);
    const timeoutUs = this.timeoutsUs[numbers[at + COLUMN.idleClass] as number] as number;
    if (idleUs <= timeoutUs) return false;
    // Asked last, because the answer may come from another thread.
    return idleUs > this.waitingTimeoutUs || this.rows.connection(row).consumer?.isWaiting() !== true;
  }

  /** The connections that have been idle beyond their time-out at `clockUs`, in the order of their last packet. */
  expired(clockUs: number): readonly Connection[] {
    let expired: Connection[] | null = null;
    for (const idleClass of CLASSES) {
      const waitUs = this.waitsUs[idleClass] as number;
      let next = this.heads[idleClass] as number;
      while (next !== 0 && clockUs - this.get(next, COLUMN.queuedUs) > waitUs) {
        const row = next;
        next = this.get(row, COLUMN.idleNext);
        if (this.isExpired(row, clockUs)) {
          (expired ??= []).push(this.rows.connection(row));
        } else {
          this.remove(row);
          this.add(row, idleClass, clockUs);
        }
      }
    }
    return expired === null ? NONE : expired.sort(byLastPacket);
  }

  /** All connections, in the order of their last packet. */
  all(): Connection[] {
    const connections: Connection[] = [];
    for (const head of this.heads)
      for (let next = head; next !== 0; next = this.get(next, COLUMN.idleNext))
        connections.push(this.rows.connection(next));
    return connections.sort(byLastPacket);
  }

  /**
   * The connection to do without first: one that is over, else one that is not mail, and so on; of those
   * the one queued first, which is not always the one idle for longest. Null when there is none.
   */
  mostDispensable(): Connection | null {
    const row = this.heads.find((head) => head !== 0);
    return row === undefined ? null : this.rows.connection(row);
  }

  private classOf(row: number): IdleClass {
    return this.get(row, COLUMN.idleClass) as IdleClass;
  }

  private get(row: number, column: number): number {
    return this.rows.numbers[row * ROW_FIELDS + column] as number;
  }

  private put(row: number, column: number, value: number): void {
    this.rows.numbers[row * ROW_FIELDS + column] = value;
  }
}

const CLASSES = Object.values(IDLE_CLASS);

/** No two connections share their last packet, so this is the same order however many lists there are. */
function byLastPacket(one: Connection, other: Connection): number {
  return one.lastPacket - other.lastPacket;
}

const NONE: readonly Connection[] = Object.freeze([]);
