/**
 * Which Node runs the capture helper of the bundled engine. Inside Electron
 * there is none of its own: in development it is the one for which `cap`
 * was built; in a package there is none, and the engine says so.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { nodeHelper, type HelperProgram } from '../../inspector/index.js';

export function capHelper(helperFile: string, isPackaged: boolean): HelperProgram {
  return nodeHelper(helperFile, isPackaged ? null : machineNode(process.env));
}

/** `npm start` names it, or npm the one that it runs on; without them, the first `node` of the path. Null when there is none. */
export function machineNode(env: Readonly<Record<string, string | undefined>>): string | null {
  for (const named of [env['MAILSCOPE_NODE'], env['npm_node_execpath']]) {
    if (named !== undefined && isAbsolute(named) && isExecutable(named)) return named;
  }
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const folders = (env['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
