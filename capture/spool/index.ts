/** The spool of a live capture: written by its supervisor, read by the inspector, saved, found again after a crash. */
export { SpoolGrowth } from './growth.js';
export { findLeftCaptures, removeLeftCapture } from './left-captures.js';
export { MANIFEST_NAME } from './manifest.js';
export { ProblemError, refuse, systemCode } from './problem-error.js';
export { openSpool, type SpoolReader } from './reader.js';
export { saveSpool, type SavedSpool } from './save-spool.js';
