/** What is shipped is what the source says. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

it('the kernels that are shipped are what their source compiles to', () => {
  const made = execFileSync(process.execPath, [join(ROOT, 'scripts', 'kernels.mjs'), '--print'], { encoding: 'utf8' });
  expect(made).toBe(readFileSync(join(ROOT, 'engine', 'simd', 'kernel-code.ts'), 'utf8'));
}, 60_000);
