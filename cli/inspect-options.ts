/** The options of `mailscope inspect`: their declaration, and their values checked. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { DecodeAs } from '../engine/index.js';
import { PROTOCOLS, type MailProtocol } from '../shared/session.js';
import type { Severity } from '../shared/severity.js';

export const FORMATS = ['text', 'json', 'eve', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

export interface InspectOptions {
  readonly format: Format;
  readonly output?: string;
  readonly policy: string;
  readonly decodeAs: DecodeAs;
  readonly checksums: 'auto' | 'on' | 'off';
  readonly failOn?: Exclude<Severity, 'info'>;
  /** Absent: as many as make sense. */
  readonly workers?: number;
  readonly revealSecrets?: boolean;
  readonly quiet?: boolean;
}

const DECODABLE = [...PROTOCOLS, 'tls'] as const;
const HIGHEST_PORT = 65_535;

/** Adds the arguments and options of `inspect` to its command. */
export function declareInspectOptions(command: Command, profiles: readonly string[]): Command {
  const inspecting = command
    .argument('<files...>', 'captures: pcap or pcapng, plain or gzip; - reads standard input')
    .addOption(
      new Option(
        '--workers <n>',
        'threads that inspect; the result is the same (default: one a core, at most 4)',
      ).argParser(parseWorkers),
    )
    .option('-q, --quiet', 'no progress');
  return declareJudgingOptions(inspecting, profiles, 'write to this file instead of standard output');
}

/** Adds what every command that judges takes: how to judge, what to write and where. */
export function declareJudgingOptions(command: Command, profiles: readonly string[], output: string): Command {
  return command
    .addOption(new Option('-F, --format <format>', 'what to write').choices(FORMATS).default('text'))
    .option('-o, --output <file>', output)
    .option('-p, --policy <file|profile>', `a policy file, or a profile: ${profiles.join(', ')}`, profiles[0])
    .addOption(
      new Option('-d, --decode-as <rule>', 'take a port for a protocol, e.g. tcp.port==2526,smtp; repeatable')
        .argParser(addDecodeRule)
        .default(new Map(), 'by port and first octets'),
    )
    .addOption(
      new Option('--checksums <mode>', 'leave out segments with wrong TCP checksums')
        .choices(['auto', 'on', 'off'])
        .default('auto'),
    )
    .addOption(
      new Option('--fail-on <severity>', 'exit with 20 when a finding is at least this bad').choices([
        'low',
        'medium',
        'high',
        'critical',
      ]),
    )
    .option('--reveal-secrets', 'show passwords and authentication blobs in evidence instead of masking them');
}

/** `tcp.port==2526,smtp`, as tshark writes it; later rules for the same port win. */
export function addDecodeRule(rule: string, before: DecodeAs): DecodeAs {
  const match = /^\s*tcp\.port\s*==\s*(\d{1,5})\s*,\s*([a-z0-9]+)\s*$/i.exec(rule);
  const port = Number(match?.[1] ?? 0);
  if (match === null || port < 1 || port > HIGHEST_PORT) {
    throw new InvalidArgumentError(
      `Expected tcp.port==N,PROTOCOL with N from 1 to ${HIGHEST_PORT}, as in tcp.port==2526,smtp.`,
    );
  }
  const protocol = DECODABLE.find((name) => name === match[2]?.toLowerCase());
  if (protocol === undefined) throw new InvalidArgumentError(`Allowed protocols are ${DECODABLE.join(', ')}.`);
  return new Map<number, MailProtocol | 'tls'>([...before, [port, protocol]]);
}

const MOST_WORKERS = 16;

function parseWorkers(text: string): number {
  const workers = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (workers < 1 || workers > MOST_WORKERS) {
    throw new InvalidArgumentError(`Allowed are whole numbers from 1 to ${MOST_WORKERS}.`);
  }
  return workers;
}
