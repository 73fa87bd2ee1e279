/**
 * Finds the connections that have been idle for too long without looking at the
 * others: one list for each time-out class, in the order in which they were
 * queued. A packet moves nothing; a connection that turns out to have had one
 * when its time comes is queued anew. Intrusive and doubly linked.
 */
import type { Limits } from '../limits.js';
import type { Connection, IdleClass } from './connection.js';

export class IdleLists {
  private readonly heads: (Connection | null)[] = [null, null, null, null];
  private readonly tails: (Connection | null)[] = [null, null, null, null];
  private readonly timeoutsUs: readonly number[];

  constructor(limits: Limits) {
    this.timeoutsUs = [limits.lingerSeconds, limits.idleSeconds, limits.idleMailSeconds, limits.idleImapSeconds].map(
      (seconds) => seconds * 1e6,
    );
  }

  add(connection: Connection, clockUs: number): void {
    const tail = this.tails[connection.idleClass] as Connection | null;
    connection.queuedUs = clockUs;
    connection.idlePrevious = tail;
    connection.idleNext = null;
    if (tail === null) this.heads[connection.idleClass] = connection;
    else tail.idleNext = connection;
    this.tails[connection.idleClass] = connection;
  }

  remove(connection: Connection): void {
    const { idlePrevious, idleNext, idleClass } = connection;
    if (idlePrevious === null) this.heads[idleClass] = idleNext;
    else idlePrevious.idleNext = idleNext;
    if (idleNext === null) this.tails[idleClass] = idlePrevious;
    else idleNext.idlePrevious = idlePrevious;
    connection.idlePrevious = null;
    connection.idleNext = null;
  }

  changeClass(connection: Connection, idleClass: IdleClass, clockUs: number): void {
    if (connection.idleClass === idleClass) return;
    this.remove(connection);
    connection.idleClass = idleClass;
    this.add(connection, clockUs);
  }

  /** True when the connection's last packet is further back than its time-out. */
  isExpired(connection: Connection, timeUs: number): boolean {
    return timeUs - connection.lastUs > (this.timeoutsUs[connection.idleClass] as number);
  }

  /** A connection that has been idle beyond its time-out at `clockUs`, or null. */
  expired(clockUs: number): Connection | null {
    for (let i = 0; i < this.heads.length; i++) {
      const timeoutUs = this.timeoutsUs[i] as number;
      for (let head = this.heads[i]; head !== null && head !== undefined; head = this.heads[i]) {
        if (this.isExpired(head, clockUs)) return head;
        if (clockUs - head.queuedUs <= timeoutUs) break;
        this.remove(head);
        this.add(head, clockUs);
      }
    }
    return null;
  }

  /** All connections, in the order of their last packet. */
  all(): Connection[] {
    const connections: Connection[] = [];
    for (const head of this.heads) for (let next = head; next !== null; next = next.idleNext) connections.push(next);
    return connections.sort((one, other) => one.lastPacket - other.lastPacket);
  }

  /** The connection to do without first: one that is over, else not mail, the one queued first; null when there is none. */
  mostDispensable(): Connection | null {
    return this.heads.find((head) => head !== null) ?? null;
  }
}
