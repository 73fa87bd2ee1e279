/**
 * Reads one connection's stretch of the capture again, through a pipeline that
 * follows this connection only. In: where the stretch lies and what to listen
 * with. Out: whatever the listener kept. What lies before it is not parsed.
 */
import {
  Pipeline,
  type EffectivePolicy,
  type Occurrence,
  type ReaderCheckpoint,
  type SessionFocus,
} from '../../engine/index.js';
import type { DecodeAs, SessionHandle } from '../../engine/index.js';
import { eventLoopTurn } from '../inspect-file.js';
import { refuse } from '../problem.js';
import type { OpenStretch, Stretches } from '../source/stretches.js';

export interface PipelineSettings {
  readonly policy: EffectivePolicy;
  readonly checksums?: 'auto' | 'on' | 'off' | undefined;
  readonly decodeAs?: DecodeAs | undefined;
}

export interface ReplayRequest {
  readonly stretches: Stretches;
  readonly checkpoint: ReaderCheckpoint;
  /** First octet (decompressed) that need not be read any more. */
  readonly lastByte: number;
  readonly settings: PipelineSettings;
  readonly focus: Omit<SessionFocus, 'occurrence'>;
  /** Called with the pipeline before anything is pushed. */
  readonly prepared?: (pipeline: Pipeline) => void;
  readonly signal: AbortSignal;
}

export interface Replay {
  /** The connection as this reading saw it; it is over. */
  readonly session: SessionHandle;
  readonly occurrences: readonly Occurrence[];
}

/** Throws `ProblemError` when the file is gone or changed, or the session is not where it was. */
export async function replaySession(request: ReplayRequest): Promise<Replay> {
  const { settings } = request;
  const occurrences = new OccurrenceList();
  let session: SessionHandle | null = null;
  const pipeline = new Pipeline({
    policy: settings.policy,
    ...(settings.checksums === undefined ? {} : { checksums: settings.checksums }),
    ...(settings.decodeAs === undefined ? {} : { decodeAs: settings.decodeAs }),
    sink: {
      sessionOpened: (opened) => {
        session = opened;
      },
    },
    resume: request.checkpoint,
    focus: { ...request.focus, occurrence: (occurrence) => occurrences.add(occurrence) },
  });
  request.prepared?.(pipeline);
  const stretch = await request.stretches.open(request.checkpoint.byteOffset, request.signal);
  try {
    await pushStretch(stretch, pipeline, request);
  } finally {
    await stretch.close();
  }
  pipeline.end();
  if (session === null) throw notThere();
  return { session, occurrences: occurrences.all() };
}

async function pushStretch({ chunks, from }: OpenStretch, pipeline: Pipeline, request: ReplayRequest): Promise<void> {
  const { checkpoint, lastByte, signal } = request;
  let at = from;
  for await (const chunk of chunks) {
    const start = Math.max(0, checkpoint.byteOffset - at);
    const end = Math.min(chunk.length, lastByte - at);
    at += chunk.length;
    if (start < end) pipeline.push(chunk.subarray(start, end));
    if (at >= lastByte || pipeline.finished) break;
    await eventLoopTurn();
  }
  if (signal.aborted)
    throw refuse('lookup-superseded', 'Another session was asked for meanwhile.', 'Select the session again.');
}

/** A later occurrence of the same protection on the same line replaces the earlier. */
class OccurrenceList {
  readonly #byPlace = new Map<string, Occurrence>();

  add(occurrence: Occurrence): void {
    this.#byPlace.set(`${occurrence.protection} ${occurrence.line}`, occurrence);
  }

  all(): readonly Occurrence[] {
    return [...this.#byPlace.values()];
  }
}

function notThere(): Error {
  return refuse(
    'session-not-found',
    'The packets of this session are no longer where they were in the file.',
    'The file was changed. Open the capture again.',
  );
}
