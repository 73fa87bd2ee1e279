/** Names that carry when a capture began: of its folder, and of the file that it is saved as. */
import { basename } from 'node:path';

/** `2026-11-21T03-14-51.902Z`: sorts by time, holds no character that a file system refuses. */
export function captureFolderName(start: Date): string {
  return start.toISOString().replace(/:/g, '-');
}

/** `eth0-2026-11-21T03-14-51.pcapng`; what a file name should not hold is left out. */
export function proposedName(interfaceName: string, folder: string): string {
  const name = interfaceName.replace(/[^\w.-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '');
  const start = basename(folder).replace(/\.\d+Z$/, '');
  return `${name === '' ? 'capture' : name.slice(0, 60)}-${start}.pcapng`;
}
