/**
 * What a transcript remembers of a conversation before anybody looks at it:
 * records of octets and positions, no text. Made by `TranscriptBuilder`, read
 * by the layout.
 */
import type { LineRole } from '../../shared/transcript.js';
import type { DirectionName } from '../../shared/violation.js';
import { TO_SERVER, type Direction } from '../protocols/events.js';
import type { KeptOctets } from './kept-octets.js';

/** Octets of a credential, as indexes of the line; empty when equal. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

export interface LineRecord {
  readonly kind: 'line';
  readonly number: number;
  readonly timeUs: number;
  readonly packet: number;
  readonly direction: Direction;
  readonly role: LineRole;
  readonly secure: boolean;
  readonly terminator: 'crlf' | 'lf' | 'none';
  /** Stream offset of the first octet. */
  readonly offset: number;
  /** On the wire, terminator included. */
  readonly lengthBytes: number;
  readonly kept: KeptOctets;
  /** Octets of text (no terminator) that are not in `kept`. */
  readonly missingBytes: number;
  readonly secret: SecretSpan | null;
  /** Place within its fold: lines and octets of the fold before it; 0 outside of folds. */
  readonly linesBefore: number;
  readonly bytesBefore: number;
}

/** Consecutive lines of one body, chunk or literal. */
export interface FoldRecord {
  readonly kind: 'fold';
  /** The first of its lines has this id, the next one more, and so on: ids of segments. */
  readonly firstId: number;
  readonly direction: Direction;
  readonly what: 'body' | 'chunk' | 'literal';
  readonly offset: number;
  /** Lines that are kept, in order; all of them unless a bound was reached. */
  readonly lines: LineRecord[];
  lineCount: number;
  lengthBytes: number;
  lastTimeUs: number;
}

export type TranscriptRecord =
  | LineRecord
  | FoldRecord
  | { readonly kind: 'gap'; readonly direction: Direction; readonly lengthBytes: number }
  | { readonly kind: 'note'; readonly text: string }
  /** From here on TLS; its text is made when the volumes are known. */
  | { readonly kind: 'tls' };

/** Name of a direction as everything outside the engine knows it. */
export function directionName(direction: Direction): DirectionName {
  return direction === TO_SERVER ? 'to_server' : 'to_client';
}
