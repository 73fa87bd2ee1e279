/** The options of `mailscope capture`: their declaration, and their values checked. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { CAPTURE_ENGINES, type CaptureEngineChoice } from '../../shared/capture.js';
import { declareJudgingOptions, type InspectOptions } from '../inspect-options.js';

export interface CaptureOptions extends Omit<InspectOptions, 'workers'> {
  readonly interface: string;
  readonly captureFilter?: string;
  readonly write?: string;
  readonly ringBuffer: RingRules;
  readonly autostop: StopRules;
  readonly promiscuous: boolean;
  readonly engine: CaptureEngineChoice;
}

/** Of `-b`; what is not given is undefined. */
export interface RingRules {
  /** KiB, as dumpcap counts: 1024 bytes each. */
  readonly filesize?: number;
  readonly files?: number;
  readonly duration?: number;
}

/** Of `-a`. */
export interface StopRules {
  readonly duration?: number;
}

const LARGEST = 2_147_483_647;
/** Seconds: timers of the system count milliseconds in 31 bits. */
const LONGEST_STOP = 2_147_483;

/** Adds the options of `capture` to its command. */
export function declareCaptureOptions(command: Command, profiles: readonly string[]): Command {
  const capturing = command
    .requiredOption('-i, --interface <name>', 'where to capture; see: mailscope interfaces')
    .option(
      '-f, --capture-filter <bpf>',
      'packets to capture, as tcpdump writes it; "" for all (default: the mail ports)',
    )
    .option('-w, --write <file>', 'keep the packets in this file; without it they are removed in the end')
    .addOption(
      new Option('-b, --ring-buffer <rule>', 'several files: filesize:KB, files:N, duration:SECONDS; repeatable')
        .argParser(addRingRule)
        .default({}, 'one file; without -w 8 of 64 MiB'),
    )
    .addOption(
      new Option('-a, --autostop <rule>', 'end by itself: duration:SECONDS')
        .argParser(addStopRule)
        .default({}, 'when interrupted'),
    )
    .option('--no-promiscuous', 'only packets from and to this machine')
    .addOption(new Option('--engine <engine>', 'what captures').choices(['auto', ...CAPTURE_ENGINES]).default('auto'))
    .option('-q, --quiet', 'no progress and no count at the end');
  return declareJudgingOptions(
    capturing,
    profiles,
    'write to this file instead of standard output; SIGHUP opens it anew',
  );
}

/** `filesize:KB`, `files:N` or `duration:SECONDS`; a later rule of one kind wins. */
export function addRingRule(rule: string, before: RingRules): RingRules {
  const [name, value] = parsedRule(rule, ['filesize', 'files', 'duration'], LARGEST);
  return { ...before, [name]: value };
}

/** `duration:SECONDS`. */
export function addStopRule(rule: string, before: StopRules): StopRules {
  const [name, value] = parsedRule(rule, ['duration'], LONGEST_STOP);
  return { ...before, [name]: value };
}

function parsedRule<Name extends string>(
  rule: string,
  names: readonly Name[],
  largest: number,
): readonly [Name, number] {
  const [, given = '', digits = ''] = /^\s*([a-z]+)\s*:\s*(\d{1,10})\s*$/.exec(rule) ?? [];
  const name = names.find((known) => known === given);
  const value = Number(digits);
  if (name === undefined || value < 1 || value > largest) {
    const allowed = names.map((known) => `${known}:N`).join(', ');
    throw new InvalidArgumentError(`Expected ${allowed} with N from 1 to ${largest}.`);
  }
  return [name, value];
}
