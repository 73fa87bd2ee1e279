/**
 * The one file that wires the stages: octets of a capture go in, sessions with
 * their violations come out at the sink. Synchronous; everything happens inside
 * `push` and `end`. Time is packet time only, so a file and the live run of the
 * same packets give the same result.
 */
import type { Problem, Totals } from '../shared/inspection.js';
import { CaptureStreams } from './capture-streams.js';
import type { ReaderCheckpoint } from './capture/reader.js';
import type { Limits } from './limits.js';
import { MailSessions, type SessionFocus, type ShareListener } from './mail-sessions.js';
import type { Share } from './packet/share.js';
import type { DecodeAs, EffectivePolicy } from './policy/policy.js';
import type { PortHint } from './protocols/identify.js';
import { connectionId } from './session/connection-id.js';
import { ConnectionFollower } from './session/follower.js';
import type { PipelineSink } from './sink.js';
import type { Connection } from './tcp/connection.js';
import type { ChecksumMode } from './tcp/reassembly.js';
import type { DeliveryPosition } from './tcp/stream-assembler.js';

export type { SessionFocus } from './mail-sessions.js';
export type { PipelineSink } from './sink.js';

export interface PipelineOptions {
  readonly policy: EffectivePolicy;
  readonly sink: PipelineSink;
  /** Default `auto`. */
  readonly checksums?: ChecksumMode;
  readonly decodeAs?: DecodeAs;
  /** Evidence shows secrets instead of masking them; default false. */
  readonly revealSecrets?: boolean;
  /** Starts in the middle of a capture: the octets pushed begin at its `byteOffset`. */
  readonly resume?: ReaderCheckpoint;
  /** Follows only this connection, and tells every octet of it. */
  readonly focus?: SessionFocus;
  /** Follows only its share of the connections; without `focus`. */
  readonly share?: SharedWork;
}

/** One share of an inspection whose other connections are followed elsewhere. */
export type SharedWork = Share & ShareListener;

/** When the pipeline tells something: what all shares tell, put in this order, is what one pipeline would have told. */
export interface Moment {
  readonly packet: number;
  /** Among what is told at one packet: connections that end there because of their time, then its own, then the capture's end. */
  readonly rank: number;
  /** The latest time of any packet so far (µs since 1970). */
  readonly clockUs: number;
}

export class Pipeline {
  private readonly streams: CaptureStreams;
  private readonly mail: MailSessions;

  constructor(private readonly options: PipelineOptions) {
    const { policy, sink, checksums = 'auto', decodeAs = NO_DECODE_AS, revealSecrets = false, resume } = options;
    const share = options.share ?? null;
    const limits = limitsOf(policy.limits, share);
    this.streams = new CaptureStreams({ limits, checksums, decodeAs, share, resume }, this);
    const focus = options.focus ?? null;
    this.mail = new MailSessions({ policy, sink, revealSecrets, focus, share }, this.streams.position);
  }

  /** Takes the next octets of the capture, decompressed; borrowed until it returns. */
  push(chunk: Uint8Array): void {
    this.streams.push(chunk);
  }

  /** No more octets: ends all connections. */
  end(): void {
    if (this.streams.isEnded) return;
    this.streams.end();
    this.mail.end();
  }

  /** Set when the input is no capture, broken or cut off. */
  get problem(): Problem | null {
    return this.streams.problem;
  }

  /** True when further octets would be ignored. */
  get finished(): boolean {
    return this.streams.finished;
  }

  /** Of the octets that are being delivered; borrowed. */
  get position(): Readonly<DeliveryPosition> {
    return this.streams.position;
  }

  /** A fresh, plain object each time. */
  get totals(): Totals {
    return this.mail.totals(this.streams.counts);
  }

  /** When it is, while the sink or the share is told something; a fresh object. */
  get moment(): Moment {
    const { packetNumber: packet, endingPacket, isEnded, lastPacketUs: clockUs } = this.streams;
    const rank = isEnded ? packet + endingPacket : endingPacket === 0 ? packet : endingPacket;
    return { packet, rank, clockUs };
  }

  /** Where re-reading must start for the packet `packetNumber`, whose record begins at `byteOffset`. */
  checkpointBefore(byteOffset: number, packetNumber: number): ReaderCheckpoint {
    return this.streams.checkpointBefore(byteOffset, packetNumber);
  }

  /** For `CaptureStreams`. */
  get nextDueUs(): number {
    return this.mail.nextDueUs;
  }

  /** For `CaptureStreams`. */
  reached(timeUs: number): void {
    this.mail.reached(timeUs);
  }

  /** For `CaptureStreams`. */
  connected(connection: Connection, hint: PortHint | null): void {
    const { focus } = this.options;
    if (focus !== undefined && connectionId(connection) !== focus.sessionId) return;
    connection.consumer = new ConnectionFollower(connection, hint, this.mail, this.streams);
  }
}

/** Bounds over all connections; those of fragments are not among them, because every share puts them together. */
function limitsOf(limits: Limits, share: Share | null): Limits {
  if (share === null) return limits;
  const { flows, outOfOrderTotalBytes } = limits;
  const part = (bound: number): number => Math.ceil(bound / share.count);
  return { ...limits, flows: part(flows), outOfOrderTotalBytes: part(outOfOrderTotalBytes) };
}

const NO_DECODE_AS: DecodeAs = new Map();
