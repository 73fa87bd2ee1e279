/**
 * The public face of the engine: bytes of a capture in, judged mail sessions
 * out. Everything outside `engine/` imports from here only.
 */
export { Pipeline, type PipelineOptions, type SessionFocus } from './pipeline.js';
export type { ChecksumMode } from './tcp/reassembly.js';
export type { CaptureStretch, PipelineSink, SessionHandle } from './sink.js';
export type { ReaderCheckpoint } from './capture/reader.js';
export { describe as describeProtections } from './protections/catalogue.js';
export type { Occurrence } from './protections/record.js';
export type { DecodeAs, EffectivePolicy } from './policy/policy.js';
export { parsePolicy } from './policy/parse.js';
export { PROFILES, profilePolicy } from './policy/profiles.js';
export { TO_CLIENT, TO_SERVER, type Direction } from './protocols/events.js';
export { sessionFacts } from './session/session-facts.js';
export { HEX_PAGE_BYTES, StreamRecorder } from './session/stream-recorder.js';
export { TranscriptBuilder } from './session/transcript.js';
export * from './report/index.js';
