/**
 * Reads the production code as modules: what each imports, exports, and how it
 * is laid out. Parsed, not searched with patterns, so that an import in a
 * comment or a string is none. What is looked at ends at the module's border:
 * the rules over it are in `rules.ts`.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'vite';

export const ROOT = join(__dirname, '..', '..');

/** The folders of the table, and with them all code that ships. */
export const FOLDERS = ['shared', 'engine', 'capture', 'inspector', 'electron', 'renderer', 'cli'] as const;
export type Folder = (typeof FOLDERS)[number];

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** Path of the module within the clone, or null for a package or a Node module. */
  readonly target: string | null;
}

export interface Module {
  /** Path within the clone, with `/`. */
  readonly path: string;
  readonly imports: readonly Import[];
  readonly hasDefaultExport: boolean;
  /** Names of the functions and classes it exports. */
  readonly exportedBehaviour: readonly string[];
  readonly lineCount: number;
  /** Whether it begins with a docstring (behind a `#!` line, if any). */
  readonly hasHeader: boolean;
  /** Host objects it uses as globals: `console.log`, `Date.now`, `setTimeout`, ... */
  readonly globals: readonly string[];
}

/** A syntax tree's node, as far as it is looked at here. */
interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Every module of the given folders. */
export function readModules(folders: readonly string[]): readonly Module[] {
  return folders
    .flatMap((folder) => sourceFiles(folder))
    .map((path) =>
      parseModule(path, readFileSync(join(ROOT, path), 'utf8'), (candidate) => existsSync(join(ROOT, candidate))),
    );
}

function sourceFiles(folder: string): readonly string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

/**
 * One module's text as a `Module`.
 * @param exists Whether a path within the clone is a file: `./a.js` may be `a.ts` or `a.tsx`.
 */
export function parseModule(path: string, text: string, exists: (path: string) => boolean): Module {
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message ?? 'does not parse'}`);
  const globals = new Set<string>();
  const specifiers = [
    ...module.staticImports.map((found) => found.moduleRequest.value),
    ...module.staticExports.flatMap((found) => found.entries.map((entry) => entry.moduleRequest?.value)),
  ];
  const exportedBehaviour: string[] = [];
  visit(program as unknown as Node, (node) => {
    specifiers.push(importedByExpression(node));
    const name = globalUse(node);
    if (name !== null) globals.add(name);
    exportedBehaviour.push(...behaviourExportedBy(node));
  });
  const written = [...new Set(specifiers.filter((specifier) => specifier !== undefined))];
  return {
    path,
    imports: written.map((specifier) => ({ specifier, target: resolve(path, specifier, exists) })),
    hasDefaultExport: module.staticExports.some((found) =>
      found.entries.some((entry) => entry.exportName.kind === 'Default' || entry.exportName.name === 'default'),
    ),
    exportedBehaviour,
    lineCount: text.replace(/\n$/, '').split('\n').length,
    hasHeader: /^(#!.*\n)?(\/\/ @vitest-environment.*\n)?\/\*\*/.test(text),
    globals: [...globals],
  };
}

function visit(node: Node, look: (node: Node) => void): void {
  look(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, look);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** `import('x')`, `require('x')` and the type `import('x').T`. */
function importedByExpression(node: Node): string | undefined {
  if (node.type === 'ImportExpression' || node.type === 'TSImportType')
    return literal(node['source'] ?? node['argument']);
  if (node.type !== 'CallExpression' || identifier(node['callee']) !== 'require') return undefined;
  const [argument] = node['arguments'] as readonly unknown[];
  return literal(argument);
}

function globalUse(node: Node): string | null {
  if (node.type === 'MemberExpression') {
    const object = identifier(node['object']);
    const property = identifier(node['property']);
    if (object === 'Date' || object === 'Math') return `${object}.${property ?? '?'}`;
    return object;
  }
  if (node.type === 'CallExpression') return identifier(node['callee']);
  const isNow = node.type === 'NewExpression' && (node['arguments'] as readonly unknown[]).length === 0;
  return isNow ? `new ${identifier(node['callee']) ?? '?'}()` : null;
}

function behaviourExportedBy(node: Node): readonly string[] {
  if (node.type !== 'ExportNamedDeclaration' || !isNode(node['declaration'])) return [];
  const { declaration } = node as Node & { declaration: Node };
  const isBehaviour = declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
  return isBehaviour ? [identifier(declaration['id']) ?? '?'] : [];
}

function identifier(value: unknown): string | null {
  return isNode(value) && value.type === 'Identifier' ? String(value['name']) : null;
}

function literal(value: unknown): string | undefined {
  return isNode(value) && value.type === 'Literal' ? String(value['value']) : undefined;
}

function resolve(from: string, specifier: string, exists: (path: string) => boolean): string | null {
  if (!specifier.startsWith('.')) return null;
  const path = posix.join(posix.dirname(from), specifier.replace(/\?.*$/, ''));
  const base = path.replace(/\.js$/, '');
  return [`${base}.ts`, `${base}.tsx`, path].find(exists) ?? path;
}

/** The folder of the table that a path belongs to, or null. */
export function folderOf(path: string): Folder | null {
  const first = path.split('/')[0];
  return FOLDERS.find((folder) => folder === first) ?? null;
}
