/** What a check is given: one object per protection and thread, filled before each call. */
import type { AccessList } from '../policy/access-list/access-list.js';
import type { NetworkView } from '../policy/network-view.js';
import type { EventKind, ProtocolEvent } from '../protocols/events.js';
import { BEFORE_REPLY, markOf } from './marks.js';
import { RememberedSettings } from './remembered-settings.js';
import type { CheckContext, ConnectionView, Finding, ResolvedSettings, Told } from './protection.js';

/** The connection under judgement, as its contexts need it. */
export interface Reporter {
  readonly connection: ConnectionView;
  /** Marks of the protections that keep state of it, and `BEFORE_REPLY`. */
  readonly marks: number;
  readonly firstPlainLine: number;
  stateOf(context: ReusedContext): unknown;
  report(index: number, finding: Finding, kind: EventKind): void;
  tell(index: number, told: Told, event: ProtocolEvent): void;
}

/** What is being judged at the moment; one for all contexts of a runner. */
export class Current {
  judged: Reporter | null = null;
  event: ProtocolEvent | null = null;
}

/** Where a protection's memory lies among those of one connection. */
export interface StateSlot {
  /** Place among them, one of its own in each protocol that the protection hears; -1 where it has no memory. */
  readonly place: number;
  readonly make: ((settings: ResolvedSettings) => unknown) | null;
  /** The memory of all connections, when it is one; else null. */
  readonly shared: unknown;
}

export class ReusedContext implements CheckContext<unknown> {
  readonly settings: ResolvedSettings;
  /** Place of its memory; -1 without. */
  readonly place: number;
  /** Its bit of `Reporter.marks`; 0 for none. */
  readonly mark: number;
  private readonly shared: unknown;
  private readonly make: StateSlot['make'];

  constructor(
    settings: ResolvedSettings,
    readonly networks: NetworkView,
    readonly accessList: AccessList | null,
    readonly index: number,
    private readonly current: Current,
    slot: StateSlot,
  ) {
    this.settings = new RememberedSettings(settings);
    this.place = slot.place;
    this.mark = markOf(slot.place);
    this.make = slot.make;
    this.shared = slot.shared;
  }

  get connection(): ConnectionView {
    return this.judged.connection;
  }

  get state(): unknown {
    return this.shared ?? this.judged.stateOf(this);
  }

  get hasState(): boolean {
    return this.mark === 0 || (this.judged.marks & this.mark) !== 0;
  }

  get isBeforeReply(): boolean {
    return (this.judged.marks & BEFORE_REPLY) !== 0;
  }

  get firstPlainLine(): number {
    return this.judged.firstPlainLine;
  }

  /** The memory for a connection that has none. */
  newState(): unknown {
    return this.make?.(this.settings);
  }

  report(finding: Finding): void {
    this.judged.report(this.index, finding, (this.current.event as ProtocolEvent).kind);
  }

  tell(told: Told): void {
    this.judged.tell(this.index, told, this.current.event as ProtocolEvent);
  }

  private get judged(): Reporter {
    const { judged } = this.current;
    if (judged === null) throw new Error('a check was called outside an event');
    return judged;
  }
}
