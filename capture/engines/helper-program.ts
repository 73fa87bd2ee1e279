/**
 * How our own capture helper (`cap-helper.js`) is run. It needs a Node for
 * which `cap` was built; Electron's own executable is one only while its
 * RunAsNode fuse is on, and starts a second app when it is off, so inside
 * Electron the caller has to name a Node.
 */
export interface HelperProgram {
  /** Executable that runs the helper; null when this host has none. */
  readonly file: string | null;
  /** Arguments before the helper's own. */
  readonly args: readonly string[];
}

/** The helper run by `node`; without it by the Node that runs now, which Electron is not. */
export function nodeHelper(helperPath: string, node: string | null = runningNode()): HelperProgram {
  return { file: node, args: [helperPath] };
}

function runningNode(): string | null {
  return process.versions['electron'] === undefined ? process.execPath : null;
}
