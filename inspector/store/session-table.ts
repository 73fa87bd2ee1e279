/**
 * The sessions as columns: some two hundred octets each and a share in the
 * texts, which equal ones have in common. In: summaries. Out: equal summaries,
 * made afresh.
 */
import type { CaptureStretch } from '../../engine/index.js';
import type { Knowledge, SessionEnd, SessionProtocol, SessionSummary, TlsUse } from '../../shared/session.js';
import type { Severity } from '../../shared/severity.js';
import { AddressColumn } from './address-column.js';
import { Float64Column, LinkColumn, Uint16Column, Uint32Column, WordColumn, type SearchField } from './columns.js';
import { RowTable } from './row-table.js';
import { ListColumn, TextColumn } from './text-column.js';

export const PROTOCOL_WORDS: Readonly<Record<SessionProtocol, true>> = {
  smtp: true,
  pop3: true,
  imap: true,
  tls: true,
  failed: true,
};
export const KNOWLEDGE_WORDS: Readonly<Record<Knowledge, true>> = {
  unknown: true,
  guessed: true,
  resynced: true,
  synced: true,
};
export const SEVERITY_WORDS: Readonly<Record<Severity, true>> = {
  critical: true,
  high: true,
  medium: true,
  low: true,
  info: true,
};
const TLS_WORDS: Readonly<Record<TlsUse, true>> = { none: true, offered: true, starttls: true, implicit: true };
const END_WORDS: Readonly<Record<SessionEnd, true>> = {
  open: true,
  closed: true,
  reset: true,
  timeout: true,
  'capture-end': true,
  replaced: true,
};
const NONE = -1;

export class SessionTable extends RowTable {
  readonly protocol = this.column(new WordColumn(PROTOCOL_WORDS));
  readonly clientAddress = this.column(new AddressColumn());
  readonly clientPort = this.column(new Uint16Column());
  readonly serverAddress = this.column(new AddressColumn());
  readonly serverPort = this.column(new Uint16Column());
  readonly startUs = this.column(new Float64Column());
  readonly endUs = this.column(new Float64Column());
  readonly tls = this.column(new WordColumn(TLS_WORDS));
  readonly tlsVersion = this.column(new TextColumn());
  readonly user = this.column(new TextColumn());
  readonly mailFrom = this.column(new TextColumn());
  readonly rcptTo = this.column(new TextColumn());
  readonly messages = this.column(new Uint32Column());
  readonly lastReply = this.column(new TextColumn());
  readonly bytesToServer = this.column(new Float64Column());
  readonly bytesToClient = this.column(new Float64Column());
  readonly worst = this.column(new WordColumn<Severity | ''>({ '': true, ...SEVERITY_WORDS }));
  readonly counts: Readonly<Record<Severity, Uint16Column>> = {
    critical: this.column(new Uint16Column()),
    high: this.column(new Uint16Column()),
    medium: this.column(new Uint16Column()),
    low: this.column(new Uint16Column()),
    info: this.column(new Uint16Column()),
  };
  readonly tags = this.column(new ListColumn());
  /** Version of the handle that the values show. */
  readonly seenVersion = this.column(new Float64Column());
  /** First of its violations, first and last of the findings that tell of several connections; -1 for none. */
  readonly firstViolation = this.column(new LinkColumn());
  readonly firstFinding = this.column(new LinkColumn());
  readonly lastFinding = this.column(new LinkColumn());
  readonly #end = this.column(new WordColumn(END_WORDS));
  readonly #knowledge = this.column(new WordColumn(KNOWLEDGE_WORDS));
  readonly #sni = this.column(new TextColumn());
  readonly #helo = this.column(new TextColumn());
  readonly #rcptCount = this.column(new Uint32Column());
  readonly #commands = this.column(new Uint32Column());
  readonly #packetsToServer = this.column(new Float64Column());
  readonly #packetsToClient = this.column(new Float64Column());
  readonly #gaps = this.column(new Uint32Column());
  readonly #missingBytes = this.column(new Float64Column());
  readonly #vlan = this.column(new ListColumn());
  readonly #firstByte = this.column(new Float64Column());
  readonly #lastByte = this.column(new Float64Column());
  readonly #firstPacket = this.column(new Float64Column());
  readonly #lastPacket = this.column(new Float64Column());
  /** The session that came next. */
  readonly #next = this.column(new LinkColumn());
  #oldest = NONE;
  #newest = NONE;

  /** What a search looks at, the quickest first. */
  readonly searched: readonly SearchField[] = [
    this.protocol,
    this.worst,
    this.tls,
    this.tlsVersion,
    this.tags,
    this.clientAddress,
    this.serverAddress,
    this.serverPort,
    this.user,
    this.mailFrom,
    this.rcptTo,
    this.#helo,
    this.lastReply,
    this.#sni,
    this.clientPort,
  ];

  /** Columns of texts that can be sorted by. */
  readonly sortedTexts: readonly TextColumn[] = [
    this.clientAddress,
    this.serverAddress,
    this.lastReply,
    this.mailFrom,
    this.rcptTo,
    this.user,
    this.tlsVersion,
    this.tags,
  ];

  /** The session that is kept for longest, or -1. */
  get oldest(): number {
    return this.#oldest;
  }

  open(summary: SessionSummary): number {
    const slot = this.add(summary.id);
    this.firstViolation.values[slot] = NONE;
    this.firstFinding.values[slot] = NONE;
    this.lastFinding.values[slot] = NONE;
    this.#next.values[slot] = NONE;
    if (this.#newest === NONE) this.#oldest = slot;
    else this.#next.values[this.#newest] = slot;
    this.#newest = slot;
    return slot;
  }

  discardOldest(): void {
    const slot = this.#oldest;
    this.#oldest = this.#next.values[slot] as number;
    if (this.#oldest === NONE) this.#newest = NONE;
    this.discard(slot);
  }

  write(slot: number, summary: SessionSummary, stretch: CaptureStretch): void {
    this.#writeWho(slot, summary);
    this.#writeDialogue(slot, summary);
    this.bytesToServer.values[slot] = summary.bytesToServer;
    this.bytesToClient.values[slot] = summary.bytesToClient;
    this.#packetsToServer.values[slot] = summary.packetsToServer;
    this.#packetsToClient.values[slot] = summary.packetsToClient;
    this.#gaps.values[slot] = summary.gaps;
    this.#missingBytes.values[slot] = summary.missingBytes;
    this.#writeFindings(slot, summary);
    this.tags.setList(slot, summary.tags);
    this.#firstByte.values[slot] = stretch.firstByte;
    this.#lastByte.values[slot] = stretch.lastByte;
    this.#firstPacket.values[slot] = stretch.firstPacket;
    this.#lastPacket.values[slot] = stretch.lastPacket;
  }

  summary(slot: number): SessionSummary {
    const worst = this.worst.get(slot);
    const vlan = this.#vlan.getList(slot);
    return {
      id: this.idOf(slot),
      protocol: this.protocol.get(slot),
      client: { address: this.clientAddress.get(slot), port: this.clientPort.codes[slot] as number },
      server: { address: this.serverAddress.get(slot), port: this.serverPort.codes[slot] as number },
      startUs: this.startUs.values[slot] as number,
      endUs: this.endUs.values[slot] as number,
      end: this.#end.get(slot),
      knowledge: this.#knowledge.get(slot),
      tls: this.tls.get(slot),
      tlsVersion: this.tlsVersion.get(slot),
      sni: this.#sni.get(slot),
      helo: this.#helo.get(slot),
      user: this.user.get(slot),
      mailFrom: this.mailFrom.get(slot),
      rcptTo: this.rcptTo.get(slot),
      rcptCount: this.#rcptCount.values[slot] as number,
      messages: this.messages.values[slot] as number,
      commands: this.#commands.values[slot] as number,
      lastReply: this.lastReply.get(slot),
      packetsToServer: this.#packetsToServer.values[slot] as number,
      packetsToClient: this.#packetsToClient.values[slot] as number,
      bytesToServer: this.bytesToServer.values[slot] as number,
      bytesToClient: this.bytesToClient.values[slot] as number,
      gaps: this.#gaps.values[slot] as number,
      missingBytes: this.#missingBytes.values[slot] as number,
      worst: worst === '' ? null : worst,
      violations: {
        critical: this.counts.critical.codes[slot] as number,
        high: this.counts.high.codes[slot] as number,
        medium: this.counts.medium.codes[slot] as number,
        low: this.counts.low.codes[slot] as number,
        info: this.counts.info.codes[slot] as number,
      },
      tags: this.tags.getList(slot),
      vlan: vlan.map(Number),
    };
  }

  stretch(slot: number): CaptureStretch {
    return {
      firstByte: this.#firstByte.values[slot] as number,
      lastByte: this.#lastByte.values[slot] as number,
      firstPacket: this.#firstPacket.values[slot] as number,
      lastPacket: this.#lastPacket.values[slot] as number,
    };
  }

  protected override clear(slot: number): void {
    const { clientAddress, serverAddress, tlsVersion, user, mailFrom, rcptTo, lastReply, tags } = this;
    const texts = [clientAddress, serverAddress, tlsVersion, user, mailFrom, rcptTo, lastReply, tags];
    for (const column of [...texts, this.#sni, this.#helo, this.#vlan]) column.set(slot, '');
  }

  #writeWho(slot: number, summary: SessionSummary): void {
    this.protocol.set(slot, summary.protocol);
    this.clientAddress.set(slot, summary.client.address);
    this.clientPort.codes[slot] = summary.client.port;
    this.serverAddress.set(slot, summary.server.address);
    this.serverPort.codes[slot] = summary.server.port;
    this.startUs.values[slot] = summary.startUs;
    this.endUs.values[slot] = summary.endUs;
    this.#end.set(slot, summary.end);
    if (summary.vlan.length > 0) this.#vlan.setList(slot, summary.vlan.map(String));
    else this.#vlan.set(slot, '');
  }

  #writeDialogue(slot: number, summary: SessionSummary): void {
    this.#knowledge.set(slot, summary.knowledge);
    this.tls.set(slot, summary.tls);
    this.tlsVersion.set(slot, summary.tlsVersion);
    this.#sni.set(slot, summary.sni);
    this.#helo.set(slot, summary.helo);
    this.user.set(slot, summary.user);
    this.mailFrom.set(slot, summary.mailFrom);
    this.rcptTo.set(slot, summary.rcptTo);
    this.lastReply.set(slot, summary.lastReply);
    this.#rcptCount.values[slot] = summary.rcptCount;
    this.messages.values[slot] = summary.messages;
    this.#commands.values[slot] = summary.commands;
  }

  #writeFindings(slot: number, { worst, violations }: SessionSummary): void {
    this.worst.set(slot, worst ?? '');
    this.counts.critical.codes[slot] = violations.critical;
    this.counts.high.codes[slot] = violations.high;
    this.counts.medium.codes[slot] = violations.medium;
    this.counts.low.codes[slot] = violations.low;
    this.counts.info.codes[slot] = violations.info;
  }
}
