/**
 * The violations as columns, like the sessions. What a violation says of its
 * protection is the same for all of them and kept once.
 */
import type { AccessLog, Action, DirectionName, Violation } from '../../shared/violation.js';
import { AddressColumn } from './address-column.js';
import { Float64Column, LinkColumn, Uint16Column, WordColumn, type SearchField } from './columns.js';
import { RowTable } from './row-table.js';
import { KNOWLEDGE_WORDS, PROTOCOL_WORDS, SEVERITY_WORDS } from './session-table.js';
import { ListColumn, TextColumn } from './text-column.js';

const DIRECTION_WORDS: Readonly<Record<DirectionName, true>> = { to_server: true, to_client: true };
const ACTION_WORDS: Readonly<Record<Exclude<Action, 'off'>, true>> = { detect: true, prevent: true };

export class ViolationTable extends RowTable {
  readonly sessionId = this.column(new Float64Column());
  readonly protection = this.column(new TextColumn());
  readonly attackName = this.column(new TextColumn());
  readonly attackInfo = this.column(new TextColumn());
  readonly severity = this.column(new WordColumn(SEVERITY_WORDS));
  readonly confidence = this.column(new Float64Column());
  readonly timeUs = this.column(new Float64Column());
  readonly count = this.column(new Float64Column());
  readonly action = this.column(new WordColumn(ACTION_WORDS));
  readonly protocol = this.column(new WordColumn(PROTOCOL_WORDS));
  readonly clientAddress = this.column(new AddressColumn());
  readonly clientPort = this.column(new Uint16Column());
  readonly serverAddress = this.column(new AddressColumn());
  readonly serverPort = this.column(new Uint16Column());
  /** The next violation of the same session, or -1. */
  readonly next = this.column(new LinkColumn());
  readonly #title = this.column(new TextColumn());
  readonly #knowledge = this.column(new WordColumn(KNOWLEDGE_WORDS));
  readonly #packet = this.column(new Float64Column());
  readonly #direction = this.column(new WordColumn(DIRECTION_WORDS));
  readonly #offset = this.column(new Float64Column());
  readonly #length = this.column(new Float64Column());
  readonly #line = this.column(new Float64Column());
  /** NaN for null. */
  readonly #measured = this.column(new Float64Column());
  readonly #limit = this.column(new Float64Column());
  readonly #unit = this.column(new TextColumn());
  readonly #state = this.column(new TextColumn());
  readonly #evidence = this.column(new TextColumn());
  readonly #detail = this.column(new TextColumn());
  readonly #also = this.column(new ListColumn());
  readonly #remedy = this.column(new TextColumn());
  readonly #references = this.column(new ListColumn());
  /** Of the few that have one. */
  readonly #accessLogs = new Map<number, AccessLog>();
  #lastId = 0;

  /** What a search looks at, the quickest first. */
  readonly searched: readonly SearchField[] = [
    this.protection,
    this.attackName,
    this.attackInfo,
    this.#title,
    this.severity,
    this.protocol,
    this.#state,
    this.#also,
    this.clientAddress,
    this.serverAddress,
    this.serverPort,
    this.#detail,
    this.#evidence,
    this.clientPort,
  ];

  /** Enters it under the next number, counted from 1. */
  enter(violation: Violation): number {
    const slot = this.add(++this.#lastId);
    this.write(slot, violation);
    return slot;
  }

  write(slot: number, violation: Violation): void {
    this.#writeProtection(slot, violation);
    this.#writePlace(slot, violation);
    this.sessionId.values[slot] = violation.sessionId;
    this.confidence.values[slot] = violation.confidence;
    this.#knowledge.set(slot, violation.knowledge);
    this.#measured.values[slot] = violation.measured ?? NaN;
    this.#limit.values[slot] = violation.limit ?? NaN;
    this.count.values[slot] = violation.count;
    this.#state.set(slot, violation.state);
    this.#evidence.set(slot, violation.evidence);
    this.#detail.set(slot, violation.detail);
    this.#also.setList(slot, violation.also);
    this.#accessLogs.delete(slot);
    if (violation.accessLog !== undefined) this.#accessLogs.set(slot, violation.accessLog);
  }

  violation(slot: number): Violation {
    const accessLog = this.#accessLogs.get(slot);
    return {
      id: this.idOf(slot),
      sessionId: this.sessionId.values[slot] as number,
      protection: this.protection.get(slot),
      title: this.#title.get(slot),
      attackName: this.attackName.get(slot),
      attackInfo: this.attackInfo.get(slot),
      severity: this.severity.get(slot),
      confidence: this.confidence.values[slot] as number,
      knowledge: this.#knowledge.get(slot),
      timeUs: this.timeUs.values[slot] as number,
      packet: this.#packet.values[slot] as number,
      direction: this.#direction.get(slot),
      offset: this.#offset.values[slot] as number,
      length: this.#length.values[slot] as number,
      line: this.#line.values[slot] as number,
      measured: numberOrNull(this.#measured.values[slot] as number),
      limit: numberOrNull(this.#limit.values[slot] as number),
      unit: this.#unit.get(slot),
      count: this.count.values[slot] as number,
      state: this.#state.get(slot),
      evidence: this.#evidence.get(slot),
      detail: this.#detail.get(slot),
      action: this.action.get(slot),
      also: this.#also.getList(slot),
      ...(accessLog === undefined ? {} : { accessLog }),
      remedy: this.#remedy.get(slot),
      references: this.#references.getList(slot),
      protocol: this.protocol.get(slot),
      client: { address: this.clientAddress.get(slot), port: this.clientPort.codes[slot] as number },
      server: { address: this.serverAddress.get(slot), port: this.serverPort.codes[slot] as number },
    };
  }

  /** Whether the row shows this finding as it is now. */
  shows(slot: number, now: Violation): boolean {
    return (
      this.count.values[slot] === now.count &&
      this.severity.get(slot) === now.severity &&
      this.confidence.values[slot] === now.confidence &&
      this.#length.values[slot] === now.length &&
      numberOrNull(this.#measured.values[slot] as number) === now.measured &&
      this.#detail.get(slot) === now.detail &&
      this.#evidence.get(slot) === now.evidence &&
      this.#also.getList(slot).length === now.also.length
    );
  }

  protected override clear(slot: number): void {
    const { protection, attackName, attackInfo, clientAddress, serverAddress } = this;
    const texts = [protection, attackName, attackInfo, clientAddress, serverAddress, this.#title, this.#unit];
    const others = [this.#state, this.#evidence, this.#detail, this.#also, this.#remedy, this.#references];
    for (const column of [...texts, ...others]) column.set(slot, '');
    this.#accessLogs.delete(slot);
  }

  #writeProtection(slot: number, violation: Violation): void {
    this.protection.set(slot, violation.protection);
    this.#title.set(slot, violation.title);
    this.attackName.set(slot, violation.attackName);
    this.attackInfo.set(slot, violation.attackInfo);
    this.severity.set(slot, violation.severity);
    this.action.set(slot, violation.action);
    this.#unit.set(slot, violation.unit);
    this.#remedy.set(slot, violation.remedy);
    this.#references.setList(slot, violation.references);
  }

  #writePlace(slot: number, violation: Violation): void {
    this.timeUs.values[slot] = violation.timeUs;
    this.#packet.values[slot] = violation.packet;
    this.#direction.set(slot, violation.direction);
    this.#offset.values[slot] = violation.offset;
    this.#length.values[slot] = violation.length;
    this.#line.values[slot] = violation.line;
    this.protocol.set(slot, violation.protocol);
    this.clientAddress.set(slot, violation.client.address);
    this.clientPort.codes[slot] = violation.client.port;
    this.serverAddress.set(slot, violation.server.address);
    this.serverPort.codes[slot] = violation.server.port;
  }
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
