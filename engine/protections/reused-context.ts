/** What a check is given: one object per protection and thread, filled before each call. */
import type { AccessList } from '../policy/access-list/access-list.js';
import type { NetworkView } from '../policy/network-view.js';
import type { EventKind, ProtocolEvent } from '../protocols/events.js';
import type { CheckContext, ConnectionView, Finding, ResolvedSettings, Told } from './protection.js';

/** The connection under judgement, as its contexts need it. */
export interface Reporter {
  readonly connection: ConnectionView;
  stateOf(index: number, settings: ResolvedSettings): unknown;
  report(index: number, finding: Finding, kind: EventKind): void;
  tell(index: number, told: Told, event: ProtocolEvent): void;
}

/** What is being judged at the moment; one for all contexts of a runner. */
export class Current {
  judged: Reporter | null = null;
  event: ProtocolEvent | null = null;
}

export class ReusedContext implements CheckContext<unknown> {
  constructor(
    readonly settings: ResolvedSettings,
    readonly networks: NetworkView,
    readonly accessList: AccessList | null,
    readonly index: number,
    private readonly current: Current,
    /** The state of all connections, when it is one; else null. */
    private readonly shared: unknown,
  ) {}

  get connection(): ConnectionView {
    return this.judged.connection;
  }

  get state(): unknown {
    return this.shared ?? this.judged.stateOf(this.index, this.settings);
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
