/** `mailscope capture` and `mailscope interfaces`: declared, and joined with what runs them. */
import type { Command } from 'commander';
import type { ExitStatus } from '../exit-status.js';
import type { Inspector, Terminal } from '../host.js';
import { capture } from './capture.js';
import { declareCaptureOptions, type CaptureOptions } from './capture-options.js';
import type { Captures } from './captures.js';
import { interfacesJson, interfacesTable } from './interfaces.js';

const CAPTURE_HELP = `
Examples:
  mailscope capture -i eth0
  mailscope capture -i eth0 --format eve --output /var/log/mailscope/eve.json
  mailscope capture -i eth0 -w mail.pcapng -b filesize:102400 -b files:10 -a duration:3600

-p is --policy, as everywhere in mailscope; what dumpcap calls -p is --no-promiscuous.
SIGINT (Ctrl+C) and SIGTERM end the capture with its totals.

Exit status:
  0   done, also when it was interrupted
  1   unexpected failure
  2   wrong usage or policy
  3   the capture broke off; what was captured until then has been reported
  4   capturing could not start
  20  done, and a finding at or above --fail-on exists
`;

/** Adds both commands to the program; `ended` hears the exit status. */
export function declareCaptureCommands(
  program: Command,
  terminal: Terminal,
  inspector: Inspector,
  captures: Captures,
  ended: (status: ExitStatus) => void,
): void {
  const captureCommand = program
    .command('capture')
    .description('capture on a network interface, and inspect what comes')
    .addHelpText('after', CAPTURE_HELP);
  declareCaptureOptions(captureCommand, inspector.profiles).action(async (options: CaptureOptions) => {
    ended(await capture(options, terminal, inspector, captures));
  });
  program
    .command('interfaces')
    .description('list where this machine can capture, and what to do where it may not; also: mailscope -D')
    .option('--json', 'everything about each, as JSON')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const interfaces = await captures.interfaces();
      terminal.out.write(json === true ? interfacesJson(interfaces) : interfacesTable(interfaces));
    });
}
