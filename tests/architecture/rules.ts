/**
 * The rules of the house as functions from modules to complaints: who may
 * import whom, in which order the engine's parts stand, what no module does.
 * Each complaint names the module, what it does, and the rule.
 */
import { builtinModules } from 'node:module';
import { folderOf, type Folder, type Module } from './modules.js';

interface Allowance {
  /** Folders of the clone; `engine` means its index only, except within the engine. */
  readonly folders: readonly Folder[];
  /** Names of Node modules, or `all`. */
  readonly node: 'all' | readonly string[];
  /** Names of packages. */
  readonly packages: readonly string[];
}

/** ARCHITECTURE.md, "Who may import whom". */
export const ALLOWED: Readonly<Record<Folder, Allowance>> = {
  shared: { folders: ['shared'], node: [], packages: [] },
  engine: { folders: ['engine', 'shared'], node: ['node:buffer', 'node:zlib', 'node:crypto'], packages: [] },
  capture: { folders: ['capture', 'shared'], node: 'all', packages: ['cap'] },
  inspector: { folders: ['inspector', 'engine', 'capture', 'shared'], node: 'all', packages: [] },
  electron: { folders: ['electron', 'inspector', 'engine', 'shared'], node: 'all', packages: ['electron', 'zod'] },
  renderer: {
    folders: ['renderer', 'shared'],
    node: [],
    packages: [
      'react',
      'react-dom',
      'zustand',
      '@base-ui/react',
      '@fontsource-variable/inter',
      '@fontsource-variable/jetbrains-mono',
      '@tanstack/react-virtual',
      '@xterm/xterm',
      'lucide-react',
      'react-resizable-panels',
    ],
  },
  cli: { folders: ['cli', 'inspector', 'engine', 'shared'], node: 'all', packages: ['commander'] },
};

/**
 * The engine from left to right; what is on the left never imports what is on
 * the right. A policy names protections and a protection runs under a policy:
 * these two stand side by side, and only cycles between their files are barred.
 */
export const ENGINE_ORDER: readonly (readonly string[])[] = [
  ['octets', 'octet-words', 'simd'],
  ['text'],
  ['limits'],
  ['machine-code'],
  ['capture'],
  ['packet'],
  ['tcp'],
  ['outline', 'transaction-outline'],
  ['protocols'],
  ['sink'],
  ['protections', 'policy'],
  ['correlate'],
  ['session'],
  ['capture-streams', 'mail-sessions'],
  ['split'],
  ['filter'],
  ['report'],
  ['pipeline'],
  ['index'],
];

/** Protocols that know nothing of each other; what they share lies beside them. */
const SEPARATE_PROTOCOLS = ['smtp', 'pop3', 'imap'];

/** Host objects that the engine has no use for: it has no clock, no chance, no output. */
const FORBIDDEN_IN_ENGINE = new Set([
  'console',
  'process',
  'globalThis',
  'performance',
  'localStorage',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'Date.now',
  'Math.random',
  'new Date()',
]);

const MAX_LINES = 400;

/** Modules that are one long table. */
const TABLES: ReadonlySet<string> = new Set<string>([]);

/** Imports that the table does not allow. */
export function forbiddenImports(modules: readonly Module[]): readonly string[] {
  return modules.flatMap((module) => {
    const folder = folderOf(module.path);
    if (folder === null) return [`${module.path} lies in no folder of the table`];
    return module.imports
      .filter((found) => !isAllowed(folder, found.specifier, found.target))
      .map((found) => `${module.path} imports ${found.target ?? found.specifier}`);
  });
}

function isAllowed(folder: Folder, specifier: string, target: string | null): boolean {
  const allowed = ALLOWED[folder];
  if (target !== null) return isFileAllowed(folder, target);
  if (specifier.startsWith('node:')) return allowed.node === 'all' || allowed.node.includes(specifier);
  if (builtinModules.includes(specifier.split('/')[0] ?? '')) return false;
  return allowed.packages.includes(packageOf(specifier));
}

function isFileAllowed(folder: Folder, target: string): boolean {
  // Name and version of the product.
  if (target === 'package.json') return folder === 'cli' || folder === 'electron';
  const other = folderOf(target);
  if (other === null || !ALLOWED[folder].folders.includes(other)) return false;
  return other !== 'engine' || folder === 'engine' || target === 'engine/index.ts';
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Imports from left to right within the engine, and parts of it that the order does not know. */
export function engineOrderBreaks(modules: readonly Module[]): readonly string[] {
  return modules
    .filter((module) => folderOf(module.path) === 'engine')
    .flatMap((module) => {
      const rank = rankOf(module.path);
      if (rank < 0) return [`${module.path} has no place in the engine's order`];
      return engineTargets(module)
        .filter((target) => rankOf(target) > rank)
        .map((target) => `${module.path} imports ${target}, which stands to its right`);
    });
}

function engineTargets(module: Module): readonly string[] {
  return module.imports.flatMap(({ target }) => (target?.startsWith('engine/') ? [target] : []));
}

function rankOf(path: string): number {
  const part = path.split('/')[1]?.replace(/\.ts$/, '') ?? '';
  return ENGINE_ORDER.findIndex((names) => names.includes(part));
}

/** Imports of one mail protocol's code by another's. */
export function protocolMixes(modules: readonly Module[]): readonly string[] {
  return modules.flatMap((module) => {
    const own = protocolOf(module.path);
    if (own === null) return [];
    return engineTargets(module)
      .filter((target) => (protocolOf(target) ?? own) !== own)
      .map((target) => `${module.path} imports ${target}`);
  });
}

function protocolOf(path: string): string | null {
  const [, name] = /^engine\/protocols\/([^/]+)\//.exec(path) ?? [];
  return name !== undefined && SEPARATE_PROTOCOLS.includes(name) ? name : null;
}

/** Each cycle of imports once, as the path around it. Types count: a cycle of types is one concept in two files. */
export function cycles(modules: readonly Module[]): readonly string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const follow = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' > '));
      return;
    }
    state.set(path, 'open');
    for (const { target } of byPath.get(path)?.imports ?? []) if (target !== null) follow(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const { path } of modules) follow(path, []);
  return found;
}

/** Relative imports that lead nowhere, by which all the other rules could be passed. */
export function danglingImports(modules: readonly Module[], exists: (path: string) => boolean): readonly string[] {
  return modules.flatMap((module) =>
    module.imports
      .filter(({ target }) => target !== null && !exists(target))
      .map(({ specifier }) => `${module.path} imports ${specifier}, which is not there`),
  );
}

/** What the engine takes from its host: the clock, chance, output. */
export function hostUses(modules: readonly Module[]): readonly string[] {
  return modules
    .filter((module) => folderOf(module.path) === 'engine')
    .flatMap((module) =>
      module.globals.filter((name) => FORBIDDEN_IN_ENGINE.has(name)).map((name) => `${module.path} uses ${name}`),
    );
}

/** How modules are laid out: no default export, a header, not too long; `shared` has no behaviour. */
export function layoutFaults(modules: readonly Module[]): readonly string[] {
  return modules.flatMap((module) => [
    ...(module.hasDefaultExport ? [`${module.path} has a default export`] : []),
    ...(module.hasHeader ? [] : [`${module.path} does not begin with a docstring`]),
    ...(module.lineCount > MAX_LINES && !TABLES.has(module.path)
      ? [`${module.path} has ${module.lineCount} lines, more than ${MAX_LINES}`]
      : []),
    ...(folderOf(module.path) === 'shared'
      ? module.exportedBehaviour.map((name) => `${module.path} exports behaviour: ${name}`)
      : []),
  ]);
}
