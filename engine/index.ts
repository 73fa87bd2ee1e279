/**
 * The public face of the engine: bytes of a capture in, judged mail sessions
 * out. Everything outside `engine/` imports from here only.
 */
export { Pipeline, type Moment, type PipelineOptions, type SessionFocus, type SharedWork } from './pipeline.js';
export { hearsHandshakes } from './mail-sessions.js';
export { MailHalf } from './split/mail-half.js';
export { batchIn, batchRoom, ROOM_BYTES, type BatchSize } from './split/batch-writer.js';
export { StreamHalf } from './split/stream-half.js';
export type { StreamBatch } from './split/stream-batch.js';
export type { StreamCounts } from './session/stream-counts.js';
export type { Limits } from './limits.js';
export type { ChecksumMode } from './tcp/reassembly.js';
export type { CaptureStretch, PipelineSink, SessionHandle } from './sink.js';
export type { TransactionHandle } from './transaction-outline.js';
export type { ReaderCheckpoint } from './capture/reader.js';
export { describe as describeProtections } from './protections/catalogue.js';
export type { Occurrence } from './protections/record.js';
export type { AccessEntry, AccessList } from './policy/access-list/access-list.js';
export { matchAccessList } from './policy/access-list/match.js';
export { ciscoAccessList } from './policy/access-list/print-cisco.js';
export { nftablesRuleset } from './policy/access-list/print-nftables.js';
export { checkPolicy, describePolicy, policyProblems } from './policy/describe.js';
export { policyDocument } from './policy/document.js';
export { NetworkList } from './policy/networks.js';
export { narrowNetworks } from './policy/own-networks.js';
export type { DecodeAs, EffectivePolicy } from './policy/policy.js';
export { parsePolicy } from './policy/parse.js';
export { PROFILES } from './policy/profile-name.js';
export { profilePolicy } from './policy/profiles.js';
export { TO_CLIENT, TO_SERVER, type Direction } from './protocols/events.js';
export type { Fact } from './protections/record.js';
export { newOctetMemory, newSharedMemory, sharedOctets, type SharedMemory } from './simd/octet-memory.js';
export { SharesJoin, type JoinSink } from './session/shares-join.js';
export type { ToldSession } from './session/told-session.js';
export { sessionFacts } from './session/session-facts.js';
export { HEX_PAGE_BYTES, StreamRecorder } from './session/stream-recorder.js';
export { TranscriptBuilder } from './session/transcript.js';
export * from './report/index.js';
export { readableTime } from './session/timestamp.js';
export { endpointText } from './session/endpoint.js';
