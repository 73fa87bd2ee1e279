/**
 * A mail connection as the outside sees it: its summary, its violations, and
 * where in the capture its packets lie. Reads the connection's counters, the
 * facts of its dialogue and its judgement; makes text only when asked.
 */
import type {
  Endpoint,
  Knowledge,
  MailProtocol,
  SessionIdentity,
  SessionProtocol,
  SessionSummary,
} from '../../shared/session.js';
import type { SeverityCounts } from '../../shared/severity.js';
import type { Violation } from '../../shared/violation.js';
import { addressText } from '../packet/address.js';
import type { ConnectionView } from '../protections/protection.js';
import type { ViolationRecord } from '../protections/record.js';
import type { JudgedConnection } from '../protections/run.js';
import { KNOWLEDGE } from '../protocols/events.js';
import { ConnectionFacts } from '../protocols/facts.js';
import type { CaptureStretch, SessionHandle } from '../sink.js';
import { opposite, type Side } from '../tcp/side.js';
import { displayText } from '../text/display.js';
import { AttachedRecords, countSeverities } from './attached-records.js';
import { connectionId } from './connection-id.js';
import { SHOWN_CHARACTERS, type SessionOutline } from '../outline.js';
import type { SessionConnection } from './session-connection.js';
import { violationsOf, worstOf, type ToldSession } from './told-session.js';

const KNOWLEDGE_NAMES = Object.keys(KNOWLEDGE) as readonly Knowledge[];

export class Session implements SessionHandle, ConnectionView {
  readonly id: number;
  protocolName: SessionProtocol = 'failed';
  /** Judgement of its dialogue; null when it has none (TLS from the start). */
  judged: JudgedConnection<Session> | null = null;
  /** Where it stands among the living; -1 while it is not shown, and when it is over. */
  place = -1;
  /** A fact was told that may become a finding of this session. */
  hasTold = false;
  readonly facts: ConnectionFacts;
  private attached: AttachedRecords | null = null;
  /** Of each side, once they were asked for: addresses as text are asked for again and again. */
  private lower: Endpoint | null = null;
  private higher: Endpoint | null = null;

  constructor(private readonly connection: SessionConnection) {
    this.id = connectionId(connection);
    this.facts = new ConnectionFacts('smtp');
  }

  /** It may be asked for its numbers after its connection was forgotten. */
  keep(): void {
    this.connection.isKept = true;
  }

  /** Says what the connection turned out to speak. */
  identify(protocol: SessionProtocol): void {
    this.protocolName = protocol;
    if (protocol !== 'tls' && protocol !== 'failed') this.facts.protocol = protocol;
  }

  get protocol(): MailProtocol {
    return this.facts.protocol;
  }

  get clientAddress(): string {
    return this.endpoint(this.connection.clientSide).address;
  }

  get clientPort(): number {
    return this.connection.port(this.connection.clientSide);
  }

  get serverAddress(): string {
    return this.endpoint(this.serverSide).address;
  }

  get serverPort(): number {
    return this.connection.port(this.serverSide);
  }

  /** True while silence is what was agreed, by IMAP's IDLE. */
  get isWaiting(): boolean {
    return this.facts.state === 'IDLING';
  }

  get startUs(): number {
    return this.connection.startUs;
  }

  get fromStart(): boolean {
    return this.connection.fromStart;
  }

  isOneSided(): boolean {
    return this.connection.isSideMissing(0) || this.connection.isSideMissing(1);
  }

  isServerSilent(): boolean {
    return this.connection.isSideSilent(this.serverSide);
  }

  get isOver(): boolean {
    return this.connection.isOver;
  }

  get version(): number {
    const { connection } = this;
    const findings = (this.judged?.version ?? 0) + (this.attached?.version ?? 0);
    return connection.half(0).packets + connection.half(1).packets + findings + (this.isOver ? 1 : 0);
  }

  get stretch(): CaptureStretch {
    const { firstByte, lastByte, firstPacket, lastPacket } = this.connection;
    return { firstByte, lastByte, firstPacket, lastPacket };
  }

  /** Missing stretches of both directions and their octets. */
  get losses(): { readonly gaps: number; readonly missingBytes: number } {
    const { connection } = this;
    const first = connection.half(0).disorder;
    const second = connection.half(1).disorder;
    if (first === null && second === null) return NO_LOSSES;
    return {
      gaps: (first?.gaps ?? 0) + (second?.gaps ?? 0),
      missingBytes: (first?.missingBytes ?? 0) + (second?.missingBytes ?? 0),
    };
  }

  /** Nothing was found so far. */
  get isQuiet(): boolean {
    const { judged } = this;
    return this.attached === null && (judged === null || judged.version === 0);
  }

  violations(): readonly Violation[] {
    if (this.isQuiet) return NO_RECORDS;
    const client = this.endpoint(this.connection.clientSide);
    const server = this.endpoint(this.serverSide);
    return violationsOf({ id: this.id, client, server }, this.records());
  }

  /** It as plain data, for the one who knows what other connections add. */
  told(isShown: boolean): ToldSession {
    return {
      summary: this.summary(),
      records: this.records(),
      lastPacket: this.connection.lastPacket,
      isShown,
    };
  }

  /** Enters a finding that other connections led to. */
  attach(record: ViolationRecord): void {
    (this.attached ??= new AttachedRecords()).add(record);
  }

  /** What was found, one record per protection. */
  records(): readonly ViolationRecord[] {
    const own = this.judged?.records() ?? NO_RECORDS;
    return this.attached === null ? own : this.attached.joinedWith(own);
  }

  /** Protections that fired, by the worst severity of each. */
  get counts(): SeverityCounts {
    if (this.attached !== null) return countSeverities(this.records());
    return this.judged?.counts ?? NO_VIOLATIONS;
  }

  get identity(): SessionIdentity {
    const { connection } = this;
    return {
      id: this.id,
      protocol: this.protocolName,
      client: this.endpoint(connection.clientSide),
      server: this.endpoint(this.serverSide),
      vlan: connection.vlan,
    };
  }

  /** One literal without spreads: it is made for every session, and so takes a third of the time. */
  summary(): SessionSummary {
    const { connection, facts } = this;
    const toServer = connection.half(connection.clientSide);
    const toClient = connection.half(this.serverSide);
    const { gaps, missingBytes } = this.losses;
    const violations = this.counts;
    return {
      id: this.id,
      protocol: this.protocolName,
      client: this.endpoint(connection.clientSide),
      server: this.endpoint(this.serverSide),
      vlan: connection.vlan,
      startUs: connection.startUs,
      endUs: connection.lastUs,
      end: connection.endReason,
      knowledge: KNOWLEDGE_NAMES[facts.knowledge] ?? 'unknown',
      tls: facts.tls,
      tlsVersion: facts.tlsVersion,
      sni: shown(facts.sni),
      helo: shown(facts.helo),
      user: shown(facts.user),
      mailFrom: shown(facts.mailFrom),
      rcptTo: shown(facts.firstRcptTo),
      rcptCount: facts.rcptCount,
      messages: facts.messages,
      commands: facts.commands,
      lastReply:
        facts.lastReply === null ? '' : displayText(facts.lastReply, 0, facts.lastReplyBytes, SHOWN_CHARACTERS),
      packetsToServer: toServer.packets,
      packetsToClient: toClient.packets,
      bytesToServer: toServer.bytes,
      bytesToClient: toClient.bytes,
      gaps,
      missingBytes,
      worst: worstOf(violations),
      violations,
      tags: this.tags(),
    };
  }

  outlineIdentity(into: SessionOutline): void {
    const { connection } = this;
    const { clientSide, isIpv6, key } = connection;
    const { serverSide } = this;
    into.id = this.id;
    into.protocol = this.protocolName;
    into.client = isIpv6 ? this.endpoint(clientSide).address : (key[clientSide] as number);
    into.clientPort = connection.port(clientSide);
    into.server = isIpv6 ? this.endpoint(serverSide).address : (key[serverSide] as number);
    into.serverPort = connection.port(serverSide);
    into.vlan = connection.vlan;
  }

  outline(into: SessionOutline): void {
    const { connection, facts } = this;
    const toServer = connection.half(connection.clientSide);
    const toClient = connection.half(this.serverSide);
    const { gaps, missingBytes } = this.losses;
    this.outlineIdentity(into);
    into.startUs = connection.startUs;
    into.endUs = connection.lastUs;
    into.lastPacket = connection.lastPacket;
    into.end = connection.endReason;
    into.knowledge = KNOWLEDGE_NAMES[facts.knowledge] ?? 'unknown';
    into.tls = facts.tls;
    into.user = facts.user ?? '';
    into.lastReply = facts.lastReply ?? '';
    into.lastReplyBytes = facts.lastReplyBytes;
    into.tlsVersion = facts.tlsVersion;
    into.sni = facts.sni ?? '';
    into.commands = facts.commands;
    into.messages = facts.messages;
    into.packetsToServer = toServer.packets;
    into.packetsToClient = toClient.packets;
    into.bytesToServer = toServer.bytes;
    into.bytesToClient = toClient.bytes;
    into.gaps = gaps;
    into.missingBytes = missingBytes;
    into.worst = null;
    into.violations = 0;
    if (!this.isQuiet) this.outlineFindings(into);
    into.tags = this.tags();
  }

  private outlineFindings(into: SessionOutline): void {
    const { counts } = this;
    into.worst = worstOf(counts);
    into.violations = counts.critical + counts.high + counts.medium + counts.low + counts.info;
  }

  private get serverSide(): Side {
    return opposite(this.connection.clientSide);
  }

  private endpoint(side: Side): Endpoint {
    return side === 0 ? (this.lower ??= this.newEndpoint(0)) : (this.higher ??= this.newEndpoint(1));
  }

  private newEndpoint(side: Side): Endpoint {
    const { connection } = this;
    return {
      address: addressText(connection.isIpv6, connection.key, connection.addressAt(side)),
      port: connection.port(side),
    };
  }

  private tags(): readonly string[] {
    const { connection } = this;
    const first = connection.half(0).disorder;
    const second = connection.half(1).disorder;
    const isWhole = connection.fromStart && connection.endReason !== 'capture-end' && !this.isOneSided();
    if (isWhole && first === null && second === null) return NO_TAGS;
    const tags: string[] = [];
    if (!connection.fromStart) tags.push('mid-stream');
    if (this.isOneSided()) tags.push('one-sided');
    if (this.losses.gaps > 0) tags.push('gaps');
    if ((first?.divergentOverlaps ?? 0) + (second?.divergentOverlaps ?? 0) > 0) tags.push('overlap');
    if ((first?.badChecksums ?? 0) + (second?.badChecksums ?? 0) > 0) tags.push('bad-checksums');
    if (connection.endReason === 'capture-end') tags.push('truncated');
    return tags;
  }
}

function shown(octets: Uint8Array | null): string {
  return octets === null ? '' : displayText(octets, 0, octets.length, SHOWN_CHARACTERS);
}

const NO_LOSSES = Object.freeze({ gaps: 0, missingBytes: 0 });
const NO_RECORDS: readonly never[] = [];
const NO_TAGS: readonly string[] = [];
const NO_VIOLATIONS = Object.freeze({ critical: 0, high: 0, medium: 0, low: 0, info: 0 });
