/**
 * `npm run bench`: how quick the command line is, how much memory it needs, where
 * its time goes, and what hostile input does to it, on generated captures.
 */
import { existsSync } from 'node:fs';
import { compareAttacks } from './adversarial/measure-attacks.js';
import { CLI } from './mailscope.js';
import { compareMemory } from './memory.js';
import { readOptions, USAGE, type Mode, type Options } from './options.js';
import { compareSpeed } from './speed.js';
import { compareStages } from './stages.js';
import { compareStart } from './start.js';

const COMPARISONS: Readonly<Record<Mode, (options: Options) => Promise<void>>> = {
  speed: compareSpeed,
  stages: compareStages,
  memory: compareMemory,
  attacks: compareAttacks,
  start: compareStart,
};

// A machine's own certificates are read at every start of Node; nobody who is measured here needs any.
delete process.env['NODE_EXTRA_CA_CERTS'];

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) return fail(USAGE);
  if (!existsSync(CLI)) return fail(`${CLI} is not there: npm run build\n`);
  for (const mode of options.modes) await COMPARISONS[mode](options);
}

function fail(text: string): void {
  process.stderr.write(text);
  process.exitCode = 2;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
