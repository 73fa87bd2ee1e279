/**
 * What the command line asks of the window: a capture, the sample, or nothing.
 * Switches of Electron and Chromium stand among the arguments and are passed over.
 */
import { resolve } from 'node:path';

export type LaunchRequest =
  { readonly kind: 'nothing' } | { readonly kind: 'sample' } | { readonly kind: 'file'; readonly path: string };

/**
 * `argv` as the process got it, the program first. Relative paths are taken from `folder`. `appFolder`
 * is what Electron itself was given to run, wherever it stands among the arguments; it is no capture.
 */
export function launchRequest(argv: readonly string[], appFolder: string, folder: string): LaunchRequest {
  let isOnlyPaths = false;
  let sample = false;
  for (const argument of argv.slice(1)) {
    if (isOnlyPaths || !argument.startsWith('-')) {
      const path = resolve(folder, argument);
      if (argument !== '' && path !== appFolder) return { kind: 'file', path };
    } else if (argument === '--') isOnlyPaths = true;
    else if (argument === '--sample') sample = true;
  }
  return { kind: sample ? 'sample' : 'nothing' };
}
