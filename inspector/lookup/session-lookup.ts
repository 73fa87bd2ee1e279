/**
 * Answers what somebody who looks at one session wants to know: transcript,
 * facts, octets. Each is rebuilt by reading the session's stretch of the file
 * again; the last few results are kept. Works while the file still loads: a
 * session that goes on gets a new reading when it has grown.
 */
import {
  HEX_PAGE_BYTES,
  sessionFacts,
  StreamRecorder,
  TO_CLIENT,
  TO_SERVER,
  TranscriptBuilder,
  type Occurrence,
  type Pipeline,
} from '../../engine/index.js';
import type { HexPage, InvokeChannels } from '../../shared/ipc.js';
import type { Fact, TranscriptPage } from '../../shared/transcript.js';
import { refuse } from '../problem.js';
import type { Stretches } from '../source/stretches.js';
import type { KnownSession, SessionStore } from '../store/session-store.js';
import { RecentLookups } from './recent-lookups.js';
import { replaySession, type PipelineSettings, type Replay, type ReplayRequest } from './replay.js';

type Input<C extends keyof InvokeChannels> = InvokeChannels[C]['input'];

/** Sessions whose transcripts are kept. */
const KEPT_TRANSCRIPTS = 4;
/** Windows of octets that are kept, each `HEX_PAGE_BYTES` long; one begins in the middle of the one before. */
const KEPT_WINDOWS = 8;
const WINDOW_STEP = HEX_PAGE_BYTES / 2;

interface Reading extends Replay {
  readonly builder: TranscriptBuilder;
}

export interface LookupSources {
  readonly store: SessionStore;
  /** The pipeline that reads, or has read, the whole file: it knows where reading can start. */
  readonly pipeline: Pipeline;
  readonly options: PipelineSettings;
}

export class SessionLookup {
  /** The capture as it was opened; null while it is not open or when it can be read only once. */
  stretches: Stretches | null = null;
  readonly #sources: LookupSources;
  readonly #readings = new RecentLookups<Reading>(KEPT_TRANSCRIPTS);
  readonly #windows = new RecentLookups<StreamRecorder>(KEPT_WINDOWS);
  #current: { readonly sessionId: number; readonly abort: AbortController } | null = null;

  constructor(sources: LookupSources) {
    this.#sources = sources;
  }

  async transcript(input: Input<'session:transcript'>): Promise<TranscriptPage> {
    const row = this.#row(input.sessionId);
    const { builder, occurrences } = await this.#reading(row);
    return builder.page({
      ...input,
      startUs: row.value.startUs,
      occurrences: [...occurrences, ...unseenOccurrences(row, occurrences)],
      violations: row.violations.map(({ id, protection }) => ({ id, protection })),
      tlsVersion: row.value.tlsVersion,
      streamBytes: [row.value.bytesToServer, row.value.bytesToClient],
    });
  }

  async facts(input: Input<'session:facts'>): Promise<readonly Fact[]> {
    const row = this.#row(input.sessionId);
    const { builder, session } = await this.#reading(row);
    return sessionFacts({ session: row.value, facts: isDialogue(row) ? session.facts : null, pace: builder.pace() });
  }

  /** At most `WINDOW_STEP` octets at once, whatever is asked. */
  async hex(input: Input<'session:hex'>): Promise<HexPage> {
    const row = this.#row(input.sessionId);
    const start = input.offset - (input.offset % WINDOW_STEP);
    const key = `${keyOf(row)} ${input.direction} ${start}`;
    const recorder = await this.#windows.get(key, () => this.#record(row, input.direction, start));
    const page = recorder.page(input.reveal);
    const from = input.offset - start;
    return {
      ...page,
      offset: input.offset,
      octets: page.octets.slice(from, from + Math.min(input.count, WINDOW_STEP)),
    };
  }

  #row(sessionId: number): KnownSession {
    const row = this.#sources.store.session(sessionId);
    if (row !== undefined) return row;
    throw refuse('session-unknown', 'This session is no longer known.', 'It was discarded to stay within bounds.');
  }

  #reading(row: KnownSession): Promise<Reading> {
    return this.#readings.get(keyOf(row), async () => {
      const position = new LatePosition();
      const keepLines = new Set(row.violations.map(({ line }) => line));
      const builder = new TranscriptBuilder({ position, keepLines, limits: this.#sources.options.policy.limits });
      const replay = await replaySession({
        ...this.#request(row),
        focus: { sessionId: row.id, wire: builder },
        prepared: (pipeline) => position.follow(pipeline),
      });
      return { ...replay, builder };
    });
  }

  async #record(row: KnownSession, direction: 'to_server' | 'to_client', start: number): Promise<StreamRecorder> {
    const recorder = new StreamRecorder(direction === 'to_server' ? TO_SERVER : TO_CLIENT, start, HEX_PAGE_BYTES);
    await replaySession({
      ...this.#request(row),
      focus: {
        sessionId: row.id,
        wire: recorder,
        octets: (way, offset, buffer, from, to) => recorder.data(way, buffer, from, to, offset),
      },
    });
    return recorder;
  }

  #request(row: KnownSession): Omit<ReplayRequest, 'focus'> {
    const { stretches } = this;
    if (stretches === null)
      throw refuse(
        'not-rereadable',
        'The capture came through a pipe and cannot be read a second time.',
        'Save it as a file and open that.',
      );
    const { pipeline, options } = this.#sources;
    const stretch = row.handle?.stretch ?? row.stretch;
    return {
      stretches,
      checkpoint: pipeline.checkpointBefore(stretch.firstByte, stretch.firstPacket),
      lastByte: stretch.lastByte,
      settings: options,
      signal: this.#supersede(row.id),
    };
  }

  /** Only one session is looked at at a time: what is still being read of another is given up. */
  #supersede(sessionId: number): AbortSignal {
    if (this.#current?.sessionId !== sessionId) {
      this.#current?.abort.abort();
      this.#current = { sessionId, abort: new AbortController() };
    }
    return this.#current.abort.signal;
  }
}

/** Places of the findings that only the whole capture could lead to: reading one connection again does not find them. */
function unseenOccurrences(row: KnownSession, occurrences: readonly Occurrence[]): Occurrence[] {
  const seen = new Set(occurrences.map(({ protection }) => protection));
  return row.violations
    .filter(({ protection, line }) => line > 0 && !seen.has(protection))
    .map(({ protection, severity, line, direction, offset, length }) => {
      return {
        protection,
        severity,
        line,
        direction: direction === 'to_server' ? TO_SERVER : TO_CLIENT,
        offset,
        length,
      };
    });
}

function isDialogue(row: KnownSession): boolean {
  return row.value.protocol !== 'tls' && row.value.protocol !== 'failed';
}

function keyOf(row: KnownSession): string {
  return `${row.id} ${row.seenVersion}`;
}

/** The position of a pipeline that is made after the one who needs to know it. */
class LatePosition {
  #pipeline: Pipeline | null = null;

  get timeUs(): number {
    return this.#pipeline?.position.timeUs ?? 0;
  }

  get packet(): number {
    return this.#pipeline?.position.packet ?? 0;
  }

  follow(pipeline: Pipeline): void {
    this.#pipeline = pipeline;
  }
}
