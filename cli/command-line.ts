/**
 * The command line: from arguments to an exit status. Data goes to standard
 * output, everything else to standard error; nothing here ends the process.
 */
import { Command, CommanderError } from 'commander';
import { displayString } from '../engine/index.js';
import { declareCaptureCommands } from './capture/capture-commands.js';
import type { Captures } from './capture/captures.js';
import { CommandError, EXIT, unwritable, type ExitStatus } from './exit-status.js';
import type { Inspector, Terminal } from './host.js';
import { declareInspectOptions, type InspectOptions } from './inspect-options.js';
import { inspect } from './inspect.js';
import { declarePolicyCommands } from './policy/policy-command.js';
import { knownProtection, protectionsJson, protectionsTable, protectionText } from './protections.js';

const EXIT_HELP = `
Examples:
  mailscope inspect capture.pcapng
  mailscope inspect --format eve --output eve.json night-*.pcap.gz
  tcpdump -w - port 25 | mailscope inspect --fail-on high -

Exit status:
  0   done
  1   unexpected failure
  2   wrong usage or policy
  3   a capture could not be opened, or not be read to its end; before 20
  20  done, and a finding at or above --fail-on exists
  130 ended by Ctrl+C; what had been read until then is reported
`;

/** Runs one command; `args` without the program's name. `captures`: null on hosts that cannot capture. Never throws. */
export async function runCommandLine(
  args: readonly string[],
  terminal: Terminal,
  inspector: Inspector,
  captures: Captures | null = null,
): Promise<ExitStatus> {
  let status: ExitStatus = EXIT.done;
  const ended = (result: ExitStatus): void => {
    status = result;
  };
  const program = makeProgram(terminal, inspector, ended);
  if (captures !== null) declareCaptureCommands(program, terminal, inspector, captures, ended);
  try {
    await program.parseAsync(args[0] === '-D' ? ['interfaces', ...args.slice(1)] : [...args], { from: 'user' });
    terminal.out.flush();
    if (terminal.out.state instanceof Error) throw unwritable(terminal.out.state);
  } catch (error) {
    terminal.out.flush();
    status = failure(error, terminal);
  }
  terminal.err.flush();
  return status;
}

function makeProgram(terminal: Terminal, inspector: Inspector, ended: (status: ExitStatus) => void): Command {
  const program = new Command('mailscope')
    .description('Inspects captured SMTP, POP3 and IMAP traffic and says what is wrong in it, line by line.')
    .version(terminal.version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .showHelpAfterError('Run with --help to see what is allowed.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'mailscope: ')),
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
    });
  const inspectCommand = program
    .command('inspect')
    .description('inspect saved captures')
    .addHelpText('after', EXIT_HELP);
  declareInspectOptions(inspectCommand, inspector.profiles).action(async (files: string[], options: InspectOptions) => {
    ended(await inspect(files, options, terminal, inspector));
  });
  program
    .command('protections')
    .description('list what is looked for, or everything about one protection')
    .argument('[id]', 'describe this protection')
    .option('--json', 'everything about each, as JSON')
    .action((id: string | undefined, { json }: { readonly json?: boolean }) => {
      const all = inspector.describeProtections();
      if (id !== undefined && json !== true) terminal.out.write(protectionText(id, all, terminal.columns));
      else if (json !== true) terminal.out.write(protectionsTable(all));
      else terminal.out.write(protectionsJson(id === undefined ? all : [knownProtection(id, all)]));
    });
  declarePolicyCommands(program, terminal, inspector, ended);
  return program;
}

/** Says what went wrong and which exit status that is. */
function failure(error: unknown, terminal: Terminal): ExitStatus {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof CommandError) {
    terminal.err.write(`mailscope: ${displayString(error.message)}\n`);
    if (error.hint !== '') terminal.err.write(`  ${displayString(error.hint)}\n`);
    return error.status;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.err.write('mailscope: internal error, please report it\n');
  for (const line of stack.split('\n')) terminal.err.write(`  ${displayString(line)}\n`);
  return EXIT.failed;
}
