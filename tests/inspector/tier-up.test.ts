/** V8 compiles thoroughly later where a short inspection is to be expected, and as ever where a long one is. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const MODULE = join(import.meta.dirname, '..', '..', 'inspector', 'split', 'tier-up.ts');

/** Calls a function 60,000 times, which is too long to be put into its caller; was it compiled thoroughly? */
function isCompiledThoroughly(...packets: readonly number[]): boolean {
  const body = Array.from({ length: 120 }, (_, i) => `x = (x * ${i + 3} + ${i}) | 0;`).join(' ');
  const program = `
    import { tierUpFor } from ${JSON.stringify(MODULE)};
    for (const packets of ${JSON.stringify(packets)}) tierUpFor(packets);
    function hot(given) { let x = given; ${body} return x; }
    let called = 0;
    function some() {
      for (let i = 0; i < 500; i++) called += hot(i) & 1;
      if ((turns += 1) < 120) setTimeout(some, 1);
    }
    let turns = 0;
    some();
  `;
  const options = ['--trace-opt', '--import', 'tsx', '--input-type=module', '--eval', program];
  const { status, stdout, stderr } = spawnSync(process.execPath, options, { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return /compiling method \S+ <JSFunction hot .*target TURBOFAN/.test(stdout);
}

describe.skipIf(Number.parseInt(process.versions.v8, 10) < 14)('thorough compilation', () => {
  it('waits in a short inspection for what is called most', () => {
    expect(isCompiledThoroughly(1_000_000)).toBe(false);
  });

  it('is as by itself in a long one, also after a short one', () => {
    expect([isCompiledThoroughly(), isCompiledThoroughly(20_000_000), isCompiledThoroughly(1000, 1e9)]).toEqual([
      true,
      true,
      true,
    ]);
  });
});
