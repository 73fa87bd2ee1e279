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

export class ReusedContext implements CheckContext<unknown> {
  judged: Reporter | null = null;
  event: ProtocolEvent | null = null;

  constructor(
    readonly settings: ResolvedSettings,
    readonly networks: NetworkView,
    readonly accessList: AccessList | null,
    readonly index: number,
  ) {}

  get connection(): ConnectionView {
    return this.current.connection;
  }

  get state(): unknown {
    return this.current.stateOf(this.index, this.settings);
  }

  report(finding: Finding): void {
    this.current.report(this.index, finding, (this.event as ProtocolEvent).kind);
  }

  tell(told: Told): void {
    this.current.tell(this.index, told, this.event as ProtocolEvent);
  }

  private get current(): Reporter {
    if (this.judged === null) throw new Error('a check was called outside an event');
    return this.judged;
  }
}
