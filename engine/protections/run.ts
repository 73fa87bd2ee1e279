/**
 * Runs the active protections over the events of connections. In: a policy,
 * once, and each connection's events. Out: per connection the records of what
 * was violated, and every occurrence for whoever marks a transcript.
 *
 * Checks are found by protocol and event kind in tables made from the policy;
 * an event that nobody listens to costs one lookup. Memory is taken only when a
 * check keeps state or reports. A check that throws is our fault and is not caught.
 */
import { PROTOCOLS, type MailProtocol } from '../../shared/session.js';
import type { Severity, SeverityCounts } from '../../shared/severity.js';
import { NetworkList } from '../policy/networks.js';
import type { ActiveProtection, EffectivePolicy } from '../policy/policy.js';
import {
  EVENT,
  EVENT_KINDS,
  KNOWLEDGE,
  type EventByName,
  type EventKind,
  type EventSink,
  type HandshakeEvent,
  type OctetsEvent,
  type ProtocolEvent,
} from '../protocols/events.js';
import { NetworkView } from '../policy/network-view.js';
import { evidenceOf } from './evidence.js';
import { HandlerTable, type Check, type Handler } from './handler-table.js';
import { Ledger, type LedgerRules, type Slot } from './ledger.js';
import { BEFORE_REPLY } from './marks.js';
import { PRECEDENCE, type ConnectionView, type Finding, type Protection, type Told } from './protection.js';
import { recordOf, recordOfOne } from './record-of-slot.js';
import type { Candidate, Fact, Occurrence, ViolationRecord } from './record.js';
import { Current, ReusedContext, type Reporter } from './reused-context.js';
import { placeCounts, placeStates } from './state-places.js';

/** Handlers by event kind. */
type DispatchTable = readonly HandlerTable[];

interface Plan {
  readonly active: readonly ActiveProtection[];
  /** What the contexts of all checks speak of. */
  readonly current: Current;
  /** Server lists by index of the active protection; null where it holds for all. */
  readonly servers: readonly (NetworkList | null)[];
  readonly hasScopes: boolean;
  readonly tables: Readonly<Record<MailProtocol, DispatchTable>>;
  /** Those that judge handshakes, whatever protocol may follow. */
  readonly handshakes: HandlerTable;
  readonly hearsHandshakes: boolean;
  readonly rules: LedgerRules;
  /** Memories that a connection of each protocol may have. */
  readonly places: Readonly<Record<MailProtocol, number>>;
  /** Evidence shows secrets. */
  readonly reveal: boolean;
}

/** Judges any number of connections under one policy. `View`: what stands for them. */
export class ProtectionRunner<View extends ConnectionView = ConnectionView> {
  private readonly plan: Plan;

  /** `revealSecrets`: evidence shows what is masked otherwise; only when the user asks. */
  constructor(policy: EffectivePolicy, revealSecrets = false) {
    const { active } = policy;
    const networks = new NetworkView(policy.networks);
    const current = new Current();
    const protections = active.map(({ protection }) => protection);
    const places = placeStates(protections);
    const contexts = active.map(({ protection, settings }, index) => {
      const shared = protection.sharesState === true ? (protection.newState?.(settings) ?? null) : null;
      const slot = { place: places[index] as number, make: protection.newState ?? null, shared };
      return new ReusedContext(settings, networks, policy.perimeter, index, current, slot);
    });
    const hearing = contexts.filter(({ index }) => {
      const { canFire } = (active[index] as ActiveProtection).protection;
      return canFire === undefined || canFire(networks, policy.perimeter);
    });
    const servers = active.map((one) => (one.servers === null ? null : new NetworkList(one.servers)));
    this.plan = {
      reveal: revealSecrets,
      active,
      servers,
      hasScopes: servers.some((list) => list !== null),
      places: placeCounts(protections, places),
      tables: tablesOf(active, hearing),
      current,
      handshakes: handshakeTable(active, hearing),
      hearsHandshakes: hearing.some(({ index }) => active[index]?.protection.on.handshake !== undefined),
      rules: {
        classes: active.map((one) => PRECEDENCE.indexOf(one.protection.precedence)),
        maximumRecords: policy.limits.violationsPerSession,
      },
    };
  }

  /** Some protection judges handshakes. */
  get hearsHandshakes(): boolean {
    return this.plan.hearsHandshakes;
  }

  /** `connection` is asked whenever a check wants to know; it lives as long as the result. */
  open(connection: View): JudgedConnection<View> {
    return new JudgedConnection(this.plan, connection);
  }
}

/** One connection under judgement: takes its events, holds its records. */
export class JudgedConnection<View extends ConnectionView = ConnectionView> implements EventSink, Reporter {
  // What every event touches comes first, and lies together.
  marks = BEFORE_REPLY;
  firstPlainLine = 0;

  private readonly table: DispatchTable;
  private ledger: Ledger | null = null;
  private states: unknown[] | null = null;
  /** 1 where a protection does not hold for this server. */
  private readonly excluded: Uint8Array | null;

  /** Told of every occurrence when its line is settled, at the latest at the `end` event. */
  onOccurrence: ((occurrence: Occurrence) => void) | null = null;
  /** Told of every fact that may become a finding across connections. */
  onFact: ((fact: Fact, connection: View) => void) | null = null;

  constructor(
    private readonly plan: Plan,
    readonly connection: View,
  ) {
    this.table = ofProtocol(plan.tables, connection.protocol);
    this.excluded = plan.hasScopes ? excludedFor(plan.servers, connection.serverAddress) : null;
  }

  emit(event: ProtocolEvent): void {
    const { ledger } = this;
    const { kind } = event;
    if (ledger !== null && ledger.hasOpenLines && isLineEvent(event)) {
      ledger.enter(event.direction, event.line, familyOf(kind));
    }
    this.judge(event, this.table[kind] as HandlerTable);
    if (kind === EVENT.reply) this.marks &= ~BEFORE_REPLY;
    else if (kind === EVENT.end) this.ledger?.settle();
  }

  /** Judges the handshake; its findings can only come of facts, because there is no line yet. */
  handshake(event: HandshakeEvent): void {
    this.judge(event, this.plan.handshakes);
  }

  /** No check sends an event, so nothing else is judged meanwhile. */
  private judge(event: ProtocolEvent, table: HandlerTable): void {
    let call = table.of(event);
    if (this.firstPlainLine === 0 && table.lineClass > 0) this.notePlain(event);
    if (call === null) return;
    const { excluded } = this;
    const { current } = this.plan;
    current.judged = this;
    current.event = event;
    for (; call !== null; call = call.next) {
      const { marks, context, check } = call;
      if ((marks & this.marks) !== marks) continue;
      if (excluded === null || excluded[context.index] === 0) check(event, context);
    }
  }

  private notePlain(event: ProtocolEvent): void {
    if (event.kind !== EVENT.command) return;
    if (event.knowledge === KNOWLEDGE.synced && !event.provisional) this.firstPlainLine = event.line;
  }

  /** Rises whenever a record, a count or a severity changed. */
  get version(): number {
    return this.ledger?.version ?? 0;
  }

  /** Protections that fired, by the worst severity of each; replaced, not changed, when it changes. */
  get counts(): SeverityCounts {
    return this.ledger?.counts ?? NOTHING;
  }

  get worst(): Severity | null {
    return this.ledger?.worst ?? null;
  }

  /** Protections that fired, recorded or not. */
  get violationCount(): number {
    return this.ledger?.current().length ?? 0;
  }

  /** Protections that fired beyond `limits.violationsPerSession`: counted only. */
  get unrecorded(): number {
    return this.ledger?.current().filter((slot) => !slot.isRecorded).length ?? 0;
  }

  /** The records as of now, made afresh, in the order in which the protections first fired. */
  records(): readonly ViolationRecord[] {
    const slots: readonly Slot[] = this.ledger?.current() ?? [];
    return slots
      .filter((slot) => slot.isRecorded)
      .map((slot) => recordOf(slot, this.plan.active, this.connection.protocol));
  }

  /** This protection's memory of this connection; for its context. */
  stateOf(context: ReusedContext): unknown {
    const { place, mark } = context;
    if (place === -1) return undefined;
    const states = (this.states ??= new Array<unknown>(ofProtocol(this.plan.places, this.connection.protocol)));
    this.marks |= mark;
    return (states[place] ??= context.newState());
  }

  /** Enters a finding; for its context. */
  report(index: number, finding: Finding, kind: EventKind): void {
    const ledger = (this.ledger ??= this.newLedger());
    ledger.add(this.candidateOf(index, finding, kind, ledger.isFirst(index, finding.event.line)));
  }

  /** Passes a fact on; for its context. */
  tell(index: number, told: Told, event: ProtocolEvent): void {
    if (this.onFact === null) return;
    const { connection, plan } = this;
    const { kind, values, finding } = told;
    const record =
      finding === undefined
        ? null
        : recordOfOne(this.candidateOf(index, finding, event.kind, true), plan.active, connection.protocol);
    const fact: Fact = {
      index,
      kind,
      values,
      record,
      timeUs: event.timeUs,
      sessionId: connection.id,
      line: event.line,
      clientAddress: connection.clientAddress,
      clientPort: connection.clientPort,
      serverAddress: connection.serverAddress,
      serverPort: connection.serverPort,
    };
    this.onFact(fact, connection);
  }

  private candidateOf(index: number, finding: Finding, kind: EventKind, withEvidence: boolean): Candidate {
    const { protection } = this.plan.active[index] as ActiveProtection;
    const { event } = finding;
    // A mark without octets marks the line.
    const isMarked = finding.start !== undefined && finding.start < (finding.end ?? event.end);
    const start = isMarked ? Math.max(event.start, finding.start ?? event.start) : event.start;
    const end = isMarked ? Math.min(event.end, finding.end ?? event.end) : event.end;
    return {
      index,
      family: familyOf(kind),
      isPartial: event.terminator === 'none',
      line: event.line,
      direction: event.direction,
      offset: event.offset + (start - event.start),
      length: Math.max(0, end - start),
      severity: finding.severity ?? protection.severity,
      confidence: finding.confidence ?? protection.confidence,
      attackInfo: finding.attackInfo ?? protection.attackInfo,
      detail: finding.detail,
      measured: finding.measured ?? null,
      limit: finding.limit ?? null,
      unit: finding.unit ?? '',
      evidence: withEvidence ? evidenceOf(event, start, end, this.plan.reveal) : '',
      timeUs: event.timeUs,
      packet: event.packet,
      state: event.state,
      knowledge: event.knowledge,
      accessLog: finding.accessLog ?? null,
    };
  }

  private newLedger(): Ledger {
    const ledger = new Ledger(this.plan.rules);
    ledger.onSettled = (candidate) => this.onOccurrence?.(this.occurrenceOf(candidate));
    return ledger;
  }

  private occurrenceOf(candidate: Candidate): Occurrence {
    const { line, direction, offset, length, severity } = candidate;
    const { id } = (this.plan.active[candidate.index] as ActiveProtection).protection;
    return { protection: id, severity, line, direction, offset, length };
  }
}

const NOTHING: SeverityCounts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };

function tablesOf(active: readonly ActiveProtection[], hearing: readonly ReusedContext[]): Plan['tables'] {
  const tables = { smtp: emptyTables(), pop3: emptyTables(), imap: emptyTables() } satisfies Plan['tables'];
  for (const context of hearing) {
    const { protection } = active[context.index] as ActiveProtection;
    for (const name of Object.keys(protection.on) as (keyof EventByName)[]) {
      const handler = handlerOf(protection, name, context);
      for (const protocol of PROTOCOLS) {
        if (protection.protocols.includes(protocol)) tables[protocol][EVENT[name]]?.add(handler);
      }
    }
  }
  return tables;
}

function handshakeTable(active: readonly ActiveProtection[], hearing: readonly ReusedContext[]): HandlerTable {
  const table = new HandlerTable(EVENT.handshake);
  for (const context of hearing) {
    const { protection } = active[context.index] as ActiveProtection;
    if (protection.on.handshake !== undefined) table.add(handlerOf(protection, 'handshake', context));
  }
  return table;
}

function handlerOf(protection: Protection<unknown>, name: keyof EventByName, context: ReusedContext): Handler {
  const isCommand = name === 'command' || name === 'partialCommand';
  const hearsWord = isCommand ? protection.hearsVerb : name === 'reply' ? protection.hearsAnswer : undefined;
  const { hears } = protection;
  const { settings } = context;
  const isNarrow = hearsWord !== undefined || hears !== undefined;
  return {
    context,
    // The name is the key of the event's kind, so the check gets the event it was written for.
    check: protection.on[name] as Check,
    minimumKnowledge: protection.minimumKnowledge,
    hearsProvisional: protection.hearsProvisional ?? false,
    hears: !isNarrow
      ? null
      : (shape) => (hearsWord?.(shape.word, settings) === false ? 'never' : (hears?.(shape, settings) ?? 'always')),
  };
}

function emptyTables(): HandlerTable[] {
  return Array.from({ length: EVENT_KINDS }, (_, kind) => new HandlerTable(kind as EventKind));
}

function excludedFor(servers: readonly (NetworkList | null)[], address: string): Uint8Array {
  return Uint8Array.from(servers, (list) => (list === null || list.contains(address) ? 0 : 1));
}

/** Quicker than a look-up by a name that is another each time. */
function ofProtocol<T>(all: Readonly<Record<MailProtocol, T>>, protocol: MailProtocol): T {
  return protocol === 'smtp' ? all.smtp : protocol === 'pop3' ? all.pop3 : all.imap;
}

function isLineEvent(event: ProtocolEvent): event is ProtocolEvent & OctetsEvent {
  const { kind } = event;
  // These tell of a place between octets, not of a line.
  return kind !== EVENT.gap && kind !== EVENT.end && kind !== EVENT.messageEnd && kind !== EVENT.messageGrowth;
}

/** Events that say the same of a line, whole or unfinished, are one family. */
function familyOf(kind: EventKind): EventKind {
  return kind === EVENT.partialCommand ? EVENT.command : kind;
}
