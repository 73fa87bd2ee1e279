/**
 * The house keeps its order: who may import whom, what no module does. Each
 * rule is held against the code as it is, and against made-up modules that
 * break it, so that a rule which sees nothing is noticed.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FOLDERS, ROOT, parseModule, readModules, type Module } from './architecture/modules.js';
import {
  ALLOWED,
  ENGINE_ORDER,
  cycles,
  danglingImports,
  engineOrderBreaks,
  forbiddenImports,
  hostUses,
  layoutFaults,
  protocolMixes,
} from './architecture/rules.js';

const modules = readModules(FOLDERS);

/** A small world of modules, given as texts by path. */
function world(files: Readonly<Record<string, string>>): readonly Module[] {
  return Object.entries(files).map(([path, text]) => parseModule(path, text, (candidate) => candidate in files));
}

test('the rules look at the code: every folder that the product is made of has modules, and they import each other', () => {
  const counts = new Map(
    FOLDERS.map((folder) => [folder, modules.filter((module) => module.path.startsWith(`${folder}/`)).length]),
  );

  expect([...counts].filter(([folder, count]) => count === 0 && folder !== 'capture')).toEqual([]);
  expect(modules.flatMap((module) => module.imports).filter(({ target }) => target !== null).length).toBeGreaterThan(
    modules.length,
  );
  expect(danglingImports(modules, (path) => existsSync(join(ROOT, path)))).toEqual([]);
});

test('imports are found in every way they can be written, and nowhere else', () => {
  const [module] = world({
    'engine/packet/all.ts': `
      import type { A } from './type.js';
      import { type B } from './inline-type.js';
      import * as c from 'node:zlib';
      import './effect.js';
      export * from './star.js';
      export { d } from './named.js';
      export type { E } from './exported-type.js';
      const f = await import('./dynamic.js');
      const g = require('./required.js');
      type H = import('./in-type.js').H;
      // import './comment.js';
      const i = "import './string.js'";`,
  });

  expect(module?.imports.map(({ specifier }) => specifier)).toEqual([
    './type.js',
    './inline-type.js',
    'node:zlib',
    './effect.js',
    './star.js',
    './named.js',
    './exported-type.js',
    './dynamic.js',
    './required.js',
    './in-type.js',
  ]);
});

describe('who may import whom', () => {
  test('the code keeps to the table', () => {
    expect(forbiddenImports(modules)).toEqual([]);
  });

  test('the table names every folder', () => {
    expect(Object.keys(ALLOWED)).toEqual([...FOLDERS]);
  });

  test('each kind of forbidden import is found', () => {
    const broken = world({
      'shared/a.ts': `import { b } from '../engine/index.js';`,
      'engine/index.ts': `import { readFileSync } from 'node:fs';`,
      'engine/tcp/flow.ts': `import { z } from 'zod';`,
      'inspector/a.ts': `import { flow } from '../engine/tcp/flow.js';`,
      'renderer/a.tsx': `import { b } from '../engine/index.js'; import { ipcRenderer } from 'electron'; import fs from 'fs';`,
      'cli/a.ts': `import { main } from '../electron/main.js'; import { index } from '../engine/index.js';`,
      'electron/main.ts': `import { useState } from 'react';`,
    });

    expect(forbiddenImports(broken)).toEqual([
      'shared/a.ts imports engine/index.ts',
      'engine/index.ts imports node:fs',
      'engine/tcp/flow.ts imports zod',
      'inspector/a.ts imports engine/tcp/flow.ts',
      'renderer/a.tsx imports engine/index.ts',
      'renderer/a.tsx imports electron',
      'renderer/a.tsx imports fs',
      'cli/a.ts imports electron/main.ts',
      'electron/main.ts imports react',
    ]);
  });
});

describe('the order inside the engine', () => {
  test('the code keeps to it', () => {
    expect(engineOrderBreaks(modules)).toEqual([]);
    expect(protocolMixes(modules)).toEqual([]);
  });

  test('an import to the right, a part without a place and a mix of protocols are found', () => {
    const broken = world({
      'engine/packet/ip.ts': `import type { Flow } from '../tcp/flow.js';`,
      'engine/tcp/flow.ts': `import { ip } from '../packet/ip.js';`,
      'engine/helpers/a.ts': ``,
      'engine/protocols/smtp/state.ts': `import { a } from '../imap/grammar.js'; import { b } from '../sasl/base64.js';`,
      'engine/protocols/imap/grammar.ts': ``,
      'engine/protocols/sasl/base64.ts': ``,
    });

    expect(engineOrderBreaks(broken)).toEqual([
      'engine/packet/ip.ts imports engine/tcp/flow.ts, which stands to its right',
      "engine/helpers/a.ts has no place in the engine's order",
    ]);
    expect(protocolMixes(broken)).toEqual(['engine/protocols/smtp/state.ts imports engine/protocols/imap/grammar.ts']);
  });

  test('it begins with what knows nothing and ends with what wires everything', () => {
    expect([ENGINE_ORDER[0], ENGINE_ORDER.at(-2), ENGINE_ORDER.at(-1)]).toEqual([
      ['octets', 'octet-words', 'simd'],
      ['pipeline'],
      ['index'],
    ]);
  });
});

describe('cycles', () => {
  test('there are none', () => {
    expect(cycles(modules)).toEqual([]);
  });

  test('a cycle over three modules is found once', () => {
    const broken = world({
      'engine/tcp/a.ts': `import { b } from './b.js';`,
      'engine/tcp/b.ts': `export * from './c.js';`,
      'engine/tcp/c.ts': `import type { A } from './a.js';`,
    });

    expect(cycles(broken)).toEqual(['engine/tcp/a.ts > engine/tcp/b.ts > engine/tcp/c.ts > engine/tcp/a.ts']);
  });
});

describe('what no module does', () => {
  test('the engine takes nothing from its host', () => {
    expect(hostUses(modules)).toEqual([]);
  });

  test('output, clock, chance and timers in the engine are found; dates of packets are not', () => {
    const broken = world({
      'engine/tcp/a.ts': `console.log(Date.now(), Math.random(), new Date()); setTimeout(f, 1); process.env.HOME;`,
      'engine/tcp/b.ts': `new Date(timeUs / 1000); Math.max(1, 2); // console.log`,
      'cli/a.ts': `console.log(Date.now());`,
    });

    expect(hostUses(broken)).toEqual([
      'engine/tcp/a.ts uses console',
      'engine/tcp/a.ts uses Date.now',
      'engine/tcp/a.ts uses Math.random',
      'engine/tcp/a.ts uses new Date()',
      'engine/tcp/a.ts uses setTimeout',
      'engine/tcp/a.ts uses process',
    ]);
  });

  test('modules begin with a docstring, export by name, stay short; shared has no behaviour', () => {
    expect(layoutFaults(modules)).toEqual([]);
  });

  test('a default export, a missing header, a long file and behaviour in shared are found', () => {
    const broken = world({
      'cli/a.ts': `/** Header. */\nexport default 1;`,
      'cli/b.ts': `// not a docstring\nexport const b = 1;`,
      'cli/c.ts': `/** Header. */\n${'\n'.repeat(400)}`,
      'shared/d.ts': `/** Header. */\nexport function act() {}\nexport const TABLE = [1];`,
      'cli/e.ts': `#!/usr/bin/env node\n/** Header. */\nconst e = 1;\nexport { e as default }`,
    });

    expect(layoutFaults(broken)).toEqual([
      'cli/a.ts has a default export',
      'cli/b.ts does not begin with a docstring',
      'cli/c.ts has 401 lines, more than 400',
      'shared/d.ts exports behaviour: act',
      'cli/e.ts has a default export',
    ]);
  });
});
