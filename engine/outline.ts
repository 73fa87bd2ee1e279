/**
 * A session as the records of a report read it: numbers, names and octets, put
 * from where they lie into one object that is used again for the next session.
 * A capture has millions of sessions, and of most of them nobody ever wants
 * more than these records. Everything in it is borrowed from the session.
 */
import type { Knowledge, SessionIdentity, SessionProtocol, SessionSummary, TlsUse } from '../shared/session.js';
import type { Severity } from '../shared/severity.js';

/** Characters of a captured text that a summary or a record shows at most. */
export const SHOWN_CHARACTERS = 120;

/** Octets as captured, or text that was made fit to be shown. */
export type OutlinedText = Uint8Array | string;

/** What can put itself into an outline. */
export interface Outlined {
  /** Which connection it is; the other values of `into` are not touched. */
  outlineIdentity(into: SessionOutline): void;
  /** Everything. */
  outline(into: SessionOutline): void;
}

/**
 * What may be beyond 32 bits begins as no number, and what may be text as text: V8 then need not
 * change what kind of object this is, over and over, until readers no longer know it.
 */
export class SessionOutline {
  id = NaN;
  protocol: SessionProtocol = 'failed';
  /** IPv4 as one word, anything else as text. */
  client: number | string = '';
  clientPort = 0;
  server: number | string = '';
  serverPort = 0;
  vlan: readonly number[] = [];
  /** Packet time in µs since 1970. */
  startUs = NaN;
  endUs = NaN;
  /** Number of its last packet in the capture. */
  lastPacket = 0;
  end: SessionSummary['end'] = 'open';
  knowledge: Knowledge = 'unknown';
  tls: TlsUse = 'none';
  user: OutlinedText = '';
  lastReply: OutlinedText = '';
  /** So many octets of `lastReply` count, when it is octets. */
  lastReplyBytes = 0;
  tlsVersion = '';
  sni: OutlinedText = '';
  commands = 0;
  messages = 0;
  packetsToServer = 0;
  packetsToClient = 0;
  bytesToServer = 0;
  bytesToClient = 0;
  gaps = 0;
  missingBytes = 0;
  worst: Severity | null = null;
  /** Protections that fired. */
  violations = 0;
  tags: readonly string[] = [];

  takeIdentity({ id, protocol, client, server, vlan }: SessionIdentity): void {
    this.id = id;
    this.protocol = protocol;
    this.client = client.address;
    this.clientPort = client.port;
    this.server = server.address;
    this.serverPort = server.port;
    this.vlan = vlan;
  }

  /** Everything from a summary, whose text is fit to be shown already. */
  take(summary: SessionSummary, lastPacket: number): void {
    const { critical, high, medium, low, info } = summary.violations;
    this.takeIdentity(summary);
    this.startUs = summary.startUs;
    this.endUs = summary.endUs;
    this.lastPacket = lastPacket;
    this.end = summary.end;
    this.knowledge = summary.knowledge;
    this.tls = summary.tls;
    this.user = summary.user;
    this.lastReply = summary.lastReply;
    this.lastReplyBytes = 0;
    this.tlsVersion = summary.tlsVersion;
    this.sni = summary.sni;
    this.commands = summary.commands;
    this.messages = summary.messages;
    this.packetsToServer = summary.packetsToServer;
    this.packetsToClient = summary.packetsToClient;
    this.bytesToServer = summary.bytesToServer;
    this.bytesToClient = summary.bytesToClient;
    this.gaps = summary.gaps;
    this.missingBytes = summary.missingBytes;
    this.worst = summary.worst;
    this.violations = critical + high + medium + low + info;
    this.tags = summary.tags;
  }
}
