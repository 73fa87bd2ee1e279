/**
 * Inputs that try to make the engine slow or fat, a few megabytes each, with
 * bounds so low that they are reached: speed, memory, and what is counted.
 * `npm run bench -- --attacks` measures the same attacks at full size.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Attack } from '../../bench/adversarial/attack.js';
import { speedAgainstNormal, type AttackCost } from '../../bench/adversarial/attack-cost.js';
import { CONNECTION_ATTACKS } from '../../bench/adversarial/connection-attacks.js';
import { DIALOGUE_ATTACKS } from '../../bench/adversarial/dialogue-attacks.js';
import { FILE_ATTACKS } from '../../bench/adversarial/file-attacks.js';
import { measureAttacks } from '../../bench/adversarial/measure-attack.js';
import { bundle } from '../../bench/bundle.js';

const BYTES = 3e6;
/** Far below what is told of each attack at full size, because tests share their machine. */
const LEAST_SPEED = 0.08;
/** Attacks in which every packet is a connection with a finding, or every six octets a command. */
const SLOWER: Readonly<Record<string, number>> = { 'half-open-perimeter': 0.015, 'unanswered-commands': 0.015 };
const LIMITS = {
  flows: 1000,
  outOfOrderTotalBytes: 524_288,
  outOfOrderSegments: 1000,
  pendingCommands: 256,
  fragmentSets: 256,
  fragmentBytes: 262_144,
  pastKeys: 500,
  interfaces: 1000,
};
/** A heap in which nothing that grows with the input has room, and the most that may be held of it. */
const HEAP_MEGABYTES = 96;
const MOST_HELD_BYTES = 14e6;
const TIME_LIMIT_MS = 120_000;

let program = '';
beforeAll(async () => {
  program = await bundle('bench/adversarial/run-attack.ts');
}, TIME_LIMIT_MS);

const GROUPS: readonly { readonly what: string; readonly attacks: readonly Attack[] }[] = [
  { what: 'connections, segments and fragments', attacks: CONNECTION_ATTACKS },
  { what: 'lines, commands, transactions and names', attacks: DIALOGUE_ATTACKS },
  { what: 'capture files', attacks: FILE_ATTACKS },
];

describe.each(GROUPS)('an attack on $what', ({ attacks }) => {
  let costs: readonly AttackCost[] = [];
  const costOf = (name: string): AttackCost => {
    const cost = costs.find((known) => known.name === name);
    if (cost === undefined) throw new Error(`${name} was not measured`);
    return cost;
  };
  beforeAll(async () => {
    const names = attacks.map(({ name }) => name);
    costs = await measureAttacks(program, { names, bytes: BYTES, normalBytes: BYTES, limits: LIMITS }, HEAP_MEGABYTES);
  }, TIME_LIMIT_MS);

  it.each(attacks)('$name is inspected about as fast as ordinary traffic', ({ name }) => {
    expect(speedAgainstNormal(costOf(name))).toBeGreaterThan(SLOWER[name] ?? LEAST_SPEED);
  });

  it.each(attacks)('$name makes it hold no more than its bounds allow', ({ name }) => {
    expect(costOf(name).heldBytes).toBeLessThan(MOST_HELD_BYTES);
  });

  it.each(attacks.filter(({ counted }) => counted !== undefined))(
    '$name is told of in the totals',
    ({ name, counted = '' }) => {
      expect(costOf(name).dropped[counted] ?? 0).toBeGreaterThan(0);
    },
  );
});
