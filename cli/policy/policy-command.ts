/** `mailscope policy ...`: the subcommands and their options. */
import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import type { ExitStatus } from '../exit-status.js';
import type { Inspector, Terminal } from '../host.js';
import { printAccessList, type AclOptions } from './acl.js';
import { checkPolicies } from './check.js';
import { initPolicy, type InitOptions } from './init.js';
import { showPolicy } from './show.js';
import { DEFAULT_TIMEOUT_SECONDS, LONGEST_TIMEOUT_SECONDS } from './verify-plan.js';
import { verifyFilter, type VerifyOptions } from './verify.js';

const VERIFY_HELP = `
One TCP connection is tried for each port that the policy's access list denies on a
host; nothing is sent over it. Run it where the filter stands between: from outside.
  reachable  the connection came about: the filter lets it through
  refused    an answer came, but nothing listens there: the packet passed the filter,
             unless the filter itself answers with a reset
  blocked    no answer within the time, or a router says that it may not pass
  failed     this machine could not try

Exit status:
  0   nothing that is denied is reachable
  2   wrong usage or policy, or a host that is not the policy's own
  3   a connection could not be tried
  20  something that is denied is reachable
`;

/** Adds `policy` to the program; `ended` hears the exit status of a command that has one of its own. */
export function declarePolicyCommands(
  program: Command,
  terminal: Terminal,
  inspector: Inspector,
  ended: (status: ExitStatus) => void,
): void {
  const policy = program.command('policy').description('show, check, begin and enforce policies');
  const [usual = ''] = inspector.profiles;
  const profiles = inspector.profiles.join(', ');
  policy
    .command('show')
    .description('what a policy amounts to: every protection, the networks, the access list')
    .addArgument(new Argument('[file|profile]', `a policy file, or a profile: ${profiles}`).default(usual))
    .option('--json', 'everything, as JSON')
    .action((choice: string, { json }: { readonly json?: boolean }) => {
      showPolicy(choice, json === true, terminal, inspector);
    });
  policy
    .command('check')
    .description('check policy files, and say where they are wrong')
    .argument('<files...>', 'policy files')
    .action((files: string[]) => ended(checkPolicies(files, terminal, inspector)));
  policy
    .command('init')
    .description('write a policy file to begin with, every key explained')
    .argument('[file]', 'the file to write; standard output without it')
    .addOption(new Option('--profile <profile>', 'what it builds on').choices(inspector.profiles).default(usual))
    .option('--force', 'write over a file that exists')
    .action((file: string | undefined, options: InitOptions) => initPolicy(file, options, terminal));
  policy
    .command('acl')
    .description('print the packet filter that enforces the access list of a policy')
    .addArgument(new Argument('[file]', 'a policy file').default(usual))
    .addOption(new Option('--cisco', 'for IOS; the default').conflicts('nftables'))
    .option('--nftables', 'for a Linux router: nft -f')
    .action((file: string, options: AclOptions) => printAccessList(file, options, terminal, inspector));
  policy
    .command('verify')
    .description('try the connections that the access list denies, to own hosts only')
    .argument('<hosts...>', 'addresses or names that lie in networks.own of the policy')
    .requiredOption('-p, --policy <file>', 'the policy file')
    .addOption(
      new Option('--timeout <seconds>', 'how long an answer may take')
        .argParser(parseTimeout)
        .default(DEFAULT_TIMEOUT_SECONDS),
    )
    .option('--json', 'every attempt, as JSON')
    .addHelpText('after', VERIFY_HELP)
    .action(async (hosts: string[], options: VerifyOptions) => {
      ended(await verifyFilter(hosts, options, terminal, inspector));
    });
}

function parseTimeout(text: string): number {
  const seconds = /^\d{1,3}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds <= LONGEST_TIMEOUT_SECONDS) return seconds;
  throw new InvalidArgumentError(`Expected seconds, more than 0 and at most ${LONGEST_TIMEOUT_SECONDS}.`);
}
