/**
 * Finds the connections that have been idle for too long without looking at all
 * of them: one list for each time-out class, in the order in which they were
 * queued. A packet moves nothing; each connection is looked at several times in a
 * time-out, and queued anew as long as it had packets meanwhile. When that is
 * depends on no other connection. Intrusive and doubly linked.
 */
import type { Limits } from '../limits.js';
import { IDLE_CLASS, type Connection, type IdleClass } from './connection.js';

/** Looks in one time-out: a connection ends at most this part of it late. */
const LOOKS = 8;

export class IdleLists {
  private readonly heads: (Connection | null)[] = [null, null, null, null];
  private readonly tails: (Connection | null)[] = [null, null, null, null];
  private readonly timeoutsUs: readonly number[];
  /** How long after it was queued a connection is looked at. */
  private readonly waitsUs: readonly number[];

  constructor(limits: Limits) {
    this.timeoutsUs = [limits.lingerSeconds, limits.idleSeconds, limits.idleMailSeconds, limits.idleImapSeconds].map(
      (seconds) => seconds * 1e6,
    );
    // No packet counts for a connection that is over, so one look is enough.
    this.waitsUs = this.timeoutsUs.map((timeoutUs, i) => (i === IDLE_CLASS.over ? timeoutUs : timeoutUs / LOOKS));
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

  /** The connections that have been idle beyond their time-out at `clockUs`, in the order of their last packet. */
  expired(clockUs: number): readonly Connection[] {
    let expired: Connection[] | null = null;
    for (let i = 0; i < this.heads.length; i++) {
      const waitUs = this.waitsUs[i] as number;
      let next = this.heads[i] as Connection | null;
      while (next !== null && clockUs - next.queuedUs > waitUs) {
        const connection = next;
        next = connection.idleNext;
        if (this.isExpired(connection, clockUs)) {
          (expired ??= []).push(connection);
        } else {
          this.remove(connection);
          this.add(connection, clockUs);
        }
      }
    }
    return expired === null ? NONE : expired.sort(byLastPacket);
  }

  /** All connections, in the order of their last packet. */
  all(): Connection[] {
    const connections: Connection[] = [];
    for (const head of this.heads) for (let next = head; next !== null; next = next.idleNext) connections.push(next);
    return connections.sort(byLastPacket);
  }

  /** The connection to do without first: one that is over, else not mail, the one queued first; null when there is none. */
  mostDispensable(): Connection | null {
    return this.heads.find((head) => head !== null) ?? null;
  }
}

/** No two connections share their last packet, so this is the same order however many lists there are. */
function byLastPacket(one: Connection, other: Connection): number {
  return one.lastPacket - other.lastPacket;
}

const NONE: readonly Connection[] = Object.freeze([]);
