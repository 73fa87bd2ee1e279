/**
 * Reads one connection's stretch of the capture again, through a pipeline that
 * follows this connection only. In: where the stretch lies and what to listen
 * with. Out: whatever the listener kept. Plain files are read from the middle;
 * compressed ones from their start, without parsing what lies before.
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
import { decompressedChunks } from '../source/capture-input.js';
import { reopenCapture, type FileIdentity, type OpenCapture } from '../source/open-capture.js';
import { readChunks, type Chunks } from '../source/read-chunks.js';

export interface PipelineSettings {
  readonly policy: EffectivePolicy;
  readonly checksums?: 'auto' | 'on' | 'off' | undefined;
  readonly decodeAs?: DecodeAs | undefined;
}

export interface ReplayRequest {
  readonly path: string;
  readonly identity: FileIdentity;
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
  const capture = await reopenCapture(request.path, request.identity);
  try {
    await pushStretch(capture, pipeline, request);
  } finally {
    await capture.handle.close();
  }
  pipeline.end();
  if (session === null) throw notThere();
  return { session, occurrences: occurrences.all() };
}

async function pushStretch(capture: OpenCapture, pipeline: Pipeline, request: ReplayRequest): Promise<void> {
  const { checkpoint, lastByte, signal } = request;
  const { chunks, from } = await stretchChunks(capture, checkpoint.byteOffset, signal);
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

/** The pieces from an octet on; `from` is where the first begins. */
async function stretchChunks(
  capture: OpenCapture,
  byteOffset: number,
  signal: AbortSignal,
): Promise<{ chunks: Chunks; from: number }> {
  const head = Buffer.alloc(2);
  await capture.handle.read(head, 0, 2, 0);
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  if (isGzip) return { chunks: decompressedChunks(readChunks(capture.handle, { from: 0, signal })), from: 0 };
  return { chunks: readChunks(capture.handle, { from: byteOffset, signal }), from: byteOffset };
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
