/** The inspector's public face: inspecting saved and live captures, by one thread or several, the app's side of the worker threads, and what is known of capturing. */
export { inspectFile, type InspectOptions, type InspectProgress, type InspectResult } from './inspect-file.js';
export { ShardedInspector, type ShardedOptions, type ShardedRunOptions } from './shards/sharded-inspector.js';
export { worthwhileWorkers } from './worthwhile-workers.js';
export { maySplit, SplitInspector, type SplitOptions } from './split/split-inspector.js';
export type { MergedSink } from './shards/merge.js';
export type { PolicyChoice } from './messages.js';
export { captureLive, type LiveCapture, type LiveOptions, type LiveResult } from './capture-live.js';
export { InspectorClient, type ClientOptions } from './client.js';
export { problemOf } from './problem.js';
export { captureEngines, chooseEngine, type CaptureEngines } from '../capture/engines/engines.js';
export { nodeHelper, type HelperProgram } from '../capture/engines/helper-program.js';
export { defaultMailFilter, mailFilterFor, MAIL_PORTS } from '../capture/engines/mail-filter.js';
export { ActivityMeter } from '../capture/interfaces/activity-meter.js';
export { listInterfaces } from '../capture/interfaces/list-interfaces.js';
export { findLeftCaptures, removeLeftCapture } from '../capture/spool/index.js';
