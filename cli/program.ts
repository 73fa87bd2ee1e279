/**
 * `mailscope`, the program: joins the process (descriptors, signals,
 * environment) with the inspector, and ends with the exit status.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { describeProtections, parsePolicy, PROFILES, profilePolicy } from '../engine/index.js';
import {
  captureEngines,
  captureLive,
  inspectFile,
  maySplit,
  listInterfaces,
  MAIL_PORTS,
  nodeHelper,
  ShardedInspector,
  SplitInspector,
  worthwhileWorkers,
} from '../inspector/index.js';
import { version } from '../package.json';
import type { Captures } from './capture/captures.js';
import { runCommandLine } from './command-line.js';
import type { EarlyThread } from './early-thread.js';
import { FdWriter } from './fd-writer.js';
import type { Inspector, Sharing, Terminal } from './host.js';

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
    onSignal: (signal, act) => {
      process.on(signal, act);
      return () => process.off(signal, act);
    },
    version,
  };
}

/** This file runs as dist/cli/program.js, beside dist/capture. */
const CAPTURE_FOLDER = join(__dirname, '..', 'capture');
const CAP_HELPER = nodeHelper(join(CAPTURE_FOLDER, 'cap-helper.js'));

const captures: Captures = {
  start: ({ interfaceName, engine, filter, promiscuous, ring, folder, output, onProgress, ...rest }, sink) =>
    captureLive(
      {
        ...rest,
        request: { interfaceName, engine, filter: filter ?? '', promiscuous, ring, folder },
        output,
        mailPorts: filter === null ? [...MAIL_PORTS, ...rest.decodeAs.keys()] : null,
        captureWorkerFile: join(CAPTURE_FOLDER, 'worker.js'),
        capHelper: CAP_HELPER,
        onProgress: (live, pipeline) => onProgress(live, () => pipeline.totals),
      },
      sink,
    ),
  interfaces: () => listInterfaces(captureEngines(CAP_HELPER)),
};

const SHARD_FILE = join(__dirname, '..', 'inspector', 'shard.js');

const STREAMS_FILE = join(__dirname, '..', 'inspector', 'streams.js');

function sharing(early: EarlyThread | null): Sharing {
  return {
    cores: availableParallelism(),
    worthwhileWorkers,
    start: (options) => new ShardedInspector({ ...options, shardFile: SHARD_FILE }),
    maySplit: (policy) => {
      const may = maySplit(policy);
      if (!may) void early?.thread.terminate();
      return may;
    },
    split: (options) =>
      new SplitInspector({
        ...options,
        streamsFile: STREAMS_FILE,
        startedThread: early === null || early.hasFailed ? null : early.thread,
      }),
  };
}

/** Runs the command line of this process and ends it. `early`: a thread of `STREAMS_FILE` that was started for it. */
export function main(early: EarlyThread | null): void {
  const inspector: Inspector = {
    inspectFile,
    // Where the program is run from its sources there is no thread to start.
    ...(existsSync(SHARD_FILE) ? { sharing: sharing(early) } : {}),
    profiles: PROFILES,
    profilePolicy,
    parsePolicy,
    describeProtections,
  };
  void runCommandLine(process.argv.slice(2), processTerminal(), inspector, captures).then((status) => {
    // Everything is written; an unread standard input must not keep the process.
    process.exit(status);
  });
}
