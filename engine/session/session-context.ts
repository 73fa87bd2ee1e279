/** What the dialogue of a session is made with: one object, because it is made for every connection. */
import type { Limits } from '../limits.js';
import type { DialogueContext, PacketPosition, WireListener } from '../protocols/dialogue.js';
import { TO_SERVER, type Direction, type EventSink } from '../protocols/events.js';
import type { ConnectionFacts } from '../protocols/facts.js';
import type { PipelineSink } from '../sink.js';
import { opposite } from '../tcp/side.js';
import type { TransactionHandle } from '../transaction-outline.js';
import type { SessionConnection } from './session-connection.js';
import type { Session } from './session.js';

export class SessionContext implements DialogueContext {
  readonly facts: ConnectionFacts;
  readonly fromStart: boolean;

  constructor(
    private readonly session: Session,
    private readonly connection: SessionConnection,
    readonly events: EventSink,
    readonly limits: Limits,
    readonly position: PacketPosition,
    readonly wire: WireListener | null,
    private readonly sink: PipelineSink,
  ) {
    this.facts = session.facts;
    this.fromStart = connection.fromStart;
  }

  transaction(transaction: TransactionHandle): void {
    this.sink.transaction?.(transaction, this.session);
  }

  isMissing(direction: Direction): boolean {
    const { connection } = this;
    const { clientSide } = connection;
    return connection.isSideMissing(direction === TO_SERVER ? clientSide : opposite(clientSide));
  }
}
