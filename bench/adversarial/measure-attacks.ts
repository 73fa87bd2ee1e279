/** What each attack costs, in a process of its own with little memory, as a table. */
import { bundle } from '../bundle.js';
import { mailscopeVersions } from '../mailscope.js';
import type { Options } from '../options.js';
import { publish } from '../results.js';
import { speedAgainstNormal, type AttackCost } from './attack-cost.js';
import { ATTACKS } from './attacks.js';
import { measureAttacks } from './measure-attack.js';

const BYTES = 100e6;
const NORMAL_BYTES = 16e6;
const SMALL = 0.1;
const HEAP_MEGABYTES = 2048;
/** An attack may slow inspection down to this part of its ordinary speed. */
const ALLOWED_SPEED = 0.2;

export async function compareAttacks(options: Options): Promise<void> {
  const program = await bundle('bench/adversarial/run-attack.ts');
  const chosen = ATTACKS.filter(({ name }) => options.attacks.length === 0 || options.attacks.includes(name));
  const costs: AttackCost[] = [];
  for (const { name } of chosen) {
    process.stderr.write(`${name}\n`);
    const bytes = BYTES * (options.small ? SMALL : 1);
    costs.push(
      ...(await measureAttacks(
        program,
        { names: [name], bytes, normalBytes: NORMAL_BYTES, limits: {} },
        HEAP_MEGABYTES,
      )),
    );
  }
  const slow = costs.filter((cost) => speedAgainstNormal(cost) < ALLOWED_SPEED);
  const findings =
    slow.length === 0
      ? [`every attack is inspected at least ${ALLOWED_SPEED} times as fast as ordinary traffic: met`]
      : slow.map(
          (cost) => `${cost.name}: ${speedAgainstNormal(cost).toFixed(2)} times as fast: MISSED (${ALLOWED_SPEED})`,
        );
  const about =
    'Inputs that try to make the engine slow or fat, 100 MB each, in a process of their own. Octets in a second of ' +
    'processor time; the same as a part of what ordinary traffic gets in the same process (`bulk` where packets are ' +
    'long, else `commands`); the most that was held at any time, after collecting garbage; what was given up or not ' +
    'decoded, as the totals say.';
  const columns = ['attack', 'packets', 'MB/s', 'of normal', 'load', 'held MB', 'given up'];
  publish({ title: 'Attacks', about, columns, rows: costs.map(row), findings }, mailscopeVersions(), options.keep);
}

function row(cost: AttackCost): readonly string[] {
  const dropped = Object.entries(cost.dropped).map(([name, count]) => `${name} ${count}`);
  return [
    cost.name,
    String(cost.packets),
    (cost.bytes / 1e6 / cost.seconds).toFixed(1),
    speedAgainstNormal(cost).toFixed(2),
    cost.load,
    (cost.heldBytes / 1e6).toFixed(0),
    dropped.join(', '),
  ];
}
