/**
 * tshark's view of a capture: how many TCP streams it reads as SMTP, POP3 and
 * IMAP, and how many commands it sees in them. Runs with an empty configuration
 * folder, so that nobody's preferences change the numbers.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROTOCOLS, type MailProtocol } from '../../shared/session.js';

/** Sessions and commands of one protocol. */
export interface Count {
  readonly sessions: number;
  readonly commands: number;
}
export type Counts = Readonly<Record<MailProtocol, Count>>;

const run = promisify(execFile);
const LARGEST_OUTPUT = 256 * 1024 * 1024;
/** What tshark calls the protocol, and the field that occurs once for each command line. */
const TSHARK_NAMES: Readonly<Record<MailProtocol, { readonly layer: string; readonly command: string }>> = {
  smtp: { layer: 'smtp', command: 'smtp.req.command' },
  pop3: { layer: 'pop', command: 'pop.request.command' },
  imap: { layer: 'imap', command: 'imap.request.command' },
};

/** The installed version's first line; null when tshark is absent. */
export async function tsharkVersion(): Promise<string | null> {
  try {
    const { stdout } = await run('tshark', ['--version']);
    return stdout.split('\n')[0] ?? '';
  } catch {
    return null;
  }
}

/** Counts one capture file. A file that tshark reads only in part is counted as far as it reads. */
export async function countWithTshark(path: string): Promise<Counts> {
  const configuration = mkdtempSync(join(tmpdir(), 'mailscope-tshark-'));
  const fields = ['tcp.stream', 'frame.protocols', ...PROTOCOLS.map((protocol) => TSHARK_NAMES[protocol].command)];
  const args = [
    '-n',
    '-r',
    path,
    '-Y',
    'smtp || pop || imap',
    '-T',
    'fields',
    '-E',
    'occurrence=a',
    '-E',
    'aggregator=,',
  ];
  try {
    const stdout = await output([...args, ...fields.flatMap((field) => ['-e', field])], configuration);
    return countRows(stdout);
  } finally {
    rmSync(configuration, { recursive: true });
  }
}

async function output(args: readonly string[], configuration: string): Promise<string> {
  const env = { ...process.env, WIRESHARK_CONFIG_DIR: configuration };
  try {
    return (await run('tshark', args, { maxBuffer: LARGEST_OUTPUT, env })).stdout;
  } catch (error) {
    // Exit status 2: cut short in the middle of a packet; all before it is on stdout.
    if (error instanceof Error && 'stdout' in error && 'code' in error && error.code === 2) return String(error.stdout);
    throw error;
  }
}

function countRows(text: string): Counts {
  const streams = { smtp: new Set<string>(), pop3: new Set<string>(), imap: new Set<string>() };
  const commands = { smtp: 0, pop3: 0, imap: 0 };
  for (const row of text.split('\n')) {
    const [stream = '', layers = '', ...values] = row.split('\t');
    const names = layers.split(':');
    // A packet quoted inside an ICMP error is no packet of the stream.
    if (names.includes('icmp') || names.includes('icmpv6')) continue;
    for (const [index, protocol] of PROTOCOLS.entries()) {
      if (!names.includes(TSHARK_NAMES[protocol].layer)) continue;
      streams[protocol].add(stream);
      const value = values[index] ?? '';
      if (value !== '') commands[protocol] += value.split(',').length;
    }
  }
  const count = (protocol: MailProtocol): Count => ({ sessions: streams[protocol].size, commands: commands[protocol] });
  return { smtp: count('smtp'), pop3: count('pop3'), imap: count('imap') };
}
