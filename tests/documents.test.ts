/** What the documents say of the project is so: commands, dependencies, files. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import packageJson from '../package.json';
import { protectionsDocument } from '../scripts/protections-document.js';

const ROOT = join(__dirname, '..');
const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'docs/ARCHITECTURE.md', 'docs/DEPENDENCIES.md'];

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

test('docs/DEPENDENCIES.md has a line for every dependency, and for nothing else', () => {
  const rows = read('docs/DEPENDENCIES.md').match(/^\| `.*$/gm) ?? [];
  const described = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );

  const installed = Object.keys({ ...packageJson.devDependencies, ...packageJson.optionalDependencies });
  expect(new Set(described)).toEqual(new Set(installed));
  expect(described).toHaveLength(installed.length);
});

test('every command that a document names is a script of package.json', () => {
  const named = DOCUMENTS.flatMap((path) =>
    [...read(path).matchAll(/npm run ([a-z0-9:-]+)/g)].map(([, name]) => name ?? ''),
  );

  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !(name in packageJson.scripts))).toEqual([]);
});

test('every relative link in a document leads to a file', () => {
  const broken = DOCUMENTS.flatMap((path) =>
    [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
      .map(([, target]) => join(path, '..', target ?? ''))
      .filter((target) => !existsSync(join(ROOT, target))),
  );

  expect(broken).toEqual([]);
});

test('docs/PROTECTIONS.md is what the catalogue says (npm run docs writes it)', async () => {
  expect(read('docs/PROTECTIONS.md')).toBe(await protectionsDocument());
});

test('the licence of package.json is the one in LICENSE', () => {
  expect(packageJson.license).toBe('Apache-2.0');
  expect(read('LICENSE')).toMatch(/Apache License\s+Version 2\.0/);
});
