/**
 * What every side knows about one connection: a summary that fits a table row.
 * All text that came from the wire is display-safe already (control octets,
 * invalid UTF-8 and bidirectional overrides escaped, secrets never present).
 */
import type { Severity, SeverityCounts } from './severity.js';

export const PROTOCOLS = ['smtp', 'pop3', 'imap'] as const;
/** A mail protocol that the engine reads as dialogue. */
export type MailProtocol = (typeof PROTOCOLS)[number];
/** `tls`: TLS from the first octet on a mail port. `failed`: a mail port whose octets are none of these. */
export type SessionProtocol = MailProtocol | 'tls' | 'failed';

export type TlsUse = 'none' | 'offered' | 'starttls' | 'implicit';
/** PROTECTIONS 0.2, least to most. */
export type Knowledge = 'unknown' | 'guessed' | 'resynced' | 'synced';
/** How the connection ended; `open` while packets still come. */
export type SessionEnd = 'open' | 'closed' | 'reset' | 'timeout' | 'capture-end' | 'replaced';

export interface Endpoint {
  /** Textual address, IPv6 in RFC 5952 form. */
  readonly address: string;
  readonly port: number;
}

export interface SessionSummary {
  /** Below 2^53, the same for all records of a connection, stable between runs. */
  readonly id: number;
  readonly protocol: SessionProtocol;
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** Packet time in microseconds since 1970-01-01 UTC. */
  readonly startUs: number;
  readonly endUs: number;
  readonly end: SessionEnd;
  readonly knowledge: Knowledge;
  readonly tls: TlsUse;
  /** For example `TLS 1.3`; empty when not seen. */
  readonly tlsVersion: string;
  readonly sni: string;
  /** Name given in HELO/EHLO. */
  readonly helo: string;
  readonly user: string;
  readonly mailFrom: string;
  /** First recipient; `rcptCount` says how many were sent in all. */
  readonly rcptTo: string;
  readonly rcptCount: number;
  readonly messages: number;
  readonly commands: number;
  /** Last reply, first line, at most 120 characters. */
  readonly lastReply: string;
  readonly packetsToServer: number;
  readonly packetsToClient: number;
  /** TCP payload octets on the wire, retransmissions included. */
  readonly bytesToServer: number;
  readonly bytesToClient: number;
  readonly gaps: number;
  readonly missingBytes: number;
  readonly worst: Severity | null;
  readonly violations: SeverityCounts;
  /** Short marks: `one-sided`, `mid-stream`, `gaps`, `overlap`, `bad-checksums`, `truncated`. */
  readonly tags: readonly string[];
  readonly vlan: readonly number[];
}

/** Which connection it is: what stays the same from its first packet to its last. */
export type SessionIdentity = Pick<SessionSummary, 'id' | 'protocol' | 'client' | 'server' | 'vlan'>;
