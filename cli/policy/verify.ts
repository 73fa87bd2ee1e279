/**
 * `mailscope policy verify`: tries from this machine the connections that the
 * access list denies, and says which come about. Only to hosts that lie wholly
 * in the policy's own networks; all are looked at before anything is sent.
 */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import {
  alignedRow,
  columnWidths,
  displayString,
  narrowNetworks,
  NetworkList,
  type EffectivePolicy,
} from '../../engine/index.js';
import { CommandError, EXIT, type ExitStatus } from '../exit-status.js';
import { systemCode } from '../fd-writer.js';
import type { Inspector, Terminal } from '../host.js';
import { loadPolicy } from '../load-policy.js';
import { requireAccessList } from './acl.js';
import { attemptConnection, sourceAddress, type AttemptOutcome } from './connection-attempt.js';
import { MOST_PORTS_PER_HOST, planAttempts, type PlannedAttempt, type Target } from './verify-plan.js';

export interface VerifyOptions {
  readonly policy: string;
  /** Seconds. */
  readonly timeout: number;
  readonly json?: boolean;
}

type Attempt = PlannedAttempt & AttemptOutcome;
/** Addresses of a name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

const AT_ONCE = 8;
const MOST_ADDRESSES = 64;
const MS_PER_SECOND = 1000;

/** Throws a `CommandError` before the first packet when a host is not own. */
export async function verifyFilter(
  hosts: readonly string[],
  options: VerifyOptions,
  terminal: Terminal,
  inspector: Inspector,
  resolve: Resolve = systemAddresses,
): Promise<ExitStatus> {
  const policy = loadPolicy(options.policy, inspector);
  const list = requireAccessList(policy);
  const targets = await ownTargets(hosts, policy, resolve);
  tellInside(targets, policy, terminal);
  const { attempts: planned, leftOut, wideLines } = planAttempts(list, targets);
  tellWide(wideLines, terminal);
  if (leftOut > 0) {
    terminal.err.write(
      `mailscope: ${leftOut} denied ports are not tried: at most ${MOST_PORTS_PER_HOST} of a host are\n`,
    );
  }
  const attempts = await tryAll(planned, options.timeout * MS_PER_SECOND, terminal.stop);
  terminal.out.write(options.json === true ? attemptsJson(list.name, attempts) : attemptsTable(attempts));
  if (terminal.stop.aborted) return EXIT.interrupted;
  if (attempts.some(({ result }) => result === 'reachable')) return EXIT.findings;
  return attempts.some(({ result }) => result === 'failed') ? EXIT.input : EXIT.done;
}

async function ownTargets(hosts: readonly string[], policy: EffectivePolicy, resolve: Resolve): Promise<Target[]> {
  const own = new NetworkList(narrowNetworks(policy.networks.own));
  const found = new Map<string, string>();
  for (const host of hosts) {
    const addresses = isIP(host) === 0 ? await resolve(host) : [host];
    for (const address of addresses) {
      if (!own.contains(address)) throw notOwn(host, address, policy);
      if (!found.has(address)) found.set(address, host);
    }
  }
  if (found.size > MOST_ADDRESSES) throw tooMany(found.size);
  return Promise.all([...found].map(async ([address, host]) => ({ host, address, source: await sourceOf(address) })));
}

function notOwn(host: string, address: string, { name, networks }: EffectivePolicy): CommandError {
  const who = host === address ? host : `${host} (${address})`;
  if (new NetworkList(networks.own).contains(address)) {
    const hint =
      'Write your own networks into networks.own: of IPv4 prefixes of 8 bits or more, of IPv6 of 16. Nothing was sent.';
    const what = `lies only in such networks.own of policy ${name} as are wider than anybody's own`;
    return new CommandError(EXIT.usage, `${who} ${what}`, hint);
  }
  const own = networks.own.length === 0 ? 'which is empty' : `which is ${networks.own.join(', ')}`;
  const hint = 'Only own hosts are tried: correct the host, or networks.own of the policy. Nothing was sent.';
  return new CommandError(EXIT.usage, `${who} does not lie in networks.own of policy ${name}, ${own}`, hint);
}

function tooMany(addresses: number): CommandError {
  const hint = `Name ${MOST_ADDRESSES} at most: this tries out a filter and is no scanner. Nothing was sent.`;
  return new CommandError(EXIT.usage, `${addresses} addresses to be tried`, hint);
}

async function systemAddresses(host: string): Promise<readonly string[]> {
  if (host.includes('/')) {
    const hint = 'Name the hosts one by one: each is an address or a host name.';
    throw new CommandError(EXIT.usage, `${host}: is no host`, hint);
  }
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    const code = systemCode(error);
    if (code === '') throw error;
    throw new CommandError(EXIT.usage, `${host}: has no address (${code})`, 'Check the spelling, or give the address.');
  }
}

/** Without a route no attempt can succeed either, and that is where it is told. */
async function sourceOf(address: string): Promise<string> {
  try {
    return await sourceAddress(address);
  } catch (error) {
    if (systemCode(error) === '') throw error;
    return address.includes(':') ? '::' : '0.0.0.0';
  }
}

/** Packets from inside to inside need not pass the filter at all. */
function tellInside(targets: readonly Target[], { networks }: EffectivePolicy, terminal: Terminal): void {
  const own = new NetworkList(networks.own);
  const inside = new Set(targets.map(({ source }) => source).filter((source) => own.contains(source)));
  if (inside.size === 0) return;
  terminal.err.write(
    `mailscope: this machine (${[...inside].join(', ')}) lies in networks.own itself; a filter at the edge is tried from outside\n`,
  );
  terminal.err.flush();
}

function tellWide(lines: readonly string[], terminal: Terminal): void {
  for (const line of lines) {
    terminal.err.write(`mailscope: only the mail ports are tried of: ${displayString(line)}\n`);
  }
}

/** At most `AT_ONCE` at a time; results in the order of the plan. */
async function tryAll(planned: readonly PlannedAttempt[], timeoutMs: number, stop: AbortSignal): Promise<Attempt[]> {
  const attempts: (Attempt | null)[] = planned.map(() => null);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < planned.length && !stop.aborted) {
      const index = next++;
      const one = planned[index] as PlannedAttempt;
      attempts[index] = { ...one, ...(await attemptConnection(one.address, one.port, timeoutMs, stop)) };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return attempts.filter((one) => one !== null);
}

function attemptsTable(attempts: readonly Attempt[]): string {
  const rows = [
    ['HOST', 'PORT', 'RESULT', 'DENIED BY'],
    ...attempts.map(({ host, address, port, result, reason, line }) => [
      host === address ? address : `${displayString(host)} (${address})`,
      String(port),
      reason === '' || result !== 'failed' ? result : `${result} (${reason})`,
      line,
    ]),
  ];
  const widths = columnWidths(rows);
  return `${[...rows.map((row) => alignedRow(row, widths)), '', summaryText(attempts)].join('\n')}\n`;
}

function summaryText(attempts: readonly Attempt[]): string {
  const counts = counted(attempts);
  return `${attempts.length} denied: ${Object.entries(counts)
    .map(([result, count]) => `${count} ${result}`)
    .join(', ')}`;
}

function counted(attempts: readonly Attempt[]): Record<Attempt['result'], number> {
  const counts = { reachable: 0, refused: 0, blocked: 0, failed: 0 };
  for (const { result } of attempts) counts[result]++;
  return counts;
}

function attemptsJson(list: string, attempts: readonly Attempt[]): string {
  return `${JSON.stringify({ schema: 1, list, summary: counted(attempts), attempts }, null, 2)}\n`;
}
