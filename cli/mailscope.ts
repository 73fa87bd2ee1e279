/**
 * `mailscope`: the entry of the command line. Joins the process (descriptors,
 * signals, environment) with the inspector, and ends with the exit status.
 */
import { isatty } from 'node:tty';
import { describeProtections, parsePolicy, PROFILES, profilePolicy } from '../engine/index.js';
import { inspectFile } from '../inspector/index.js';
import { version } from '../package.json';
import { runCommandLine } from './command-line.js';
import { FdWriter } from './fd-writer.js';
import type { Inspector, Terminal } from './host.js';

const STDOUT = 1;
const STDERR = 2;

function processTerminal(): Terminal {
  const stop = new AbortController();
  // The second Ctrl+C ends the process at once.
  process.once('SIGINT', () => stop.abort());
  return {
    out: new FdWriter(STDOUT, () => stop.abort()),
    err: new FdWriter(STDERR),
    outIsTerminal: isatty(STDOUT),
    errIsTerminal: isatty(STDERR),
    columns: (isatty(STDOUT) ? process.stdout.columns : 0) || 80,
    noColour: (process.env['NO_COLOR'] ?? '') !== '' || process.env['TERM'] === 'dumb',
    stop: stop.signal,
    version,
  };
}

const inspector: Inspector = { inspectFile, profiles: PROFILES, profilePolicy, parsePolicy, describeProtections };

void runCommandLine(process.argv.slice(2), processTerminal(), inspector).then((status) => {
  // Everything is written; an unread standard input must not keep the process.
  process.exit(status);
});
