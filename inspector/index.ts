/** The inspector's public face: inspecting saved captures, and the app's side of the worker thread. */
export { inspectFile, type InspectOptions, type InspectProgress, type InspectResult } from './inspect-file.js';
export { InspectorClient, type ClientOptions } from './client.js';
export { problemOf } from './problem.js';
