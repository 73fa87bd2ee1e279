/**
 * Keeps a capture program from outliving us. dumpcap and tcpdump notice that
 * their reader is gone only when the next packet comes, which on a quiet filter
 * may be never, and a death signal asked of the kernel is forgotten when a
 * program with file capabilities starts. So a small shell stands beside each:
 * it waits on a pipe that closes with us, however we end, and then interrupts
 * the program. (Windows: dumpcap itself ends with its parent's pipe.)
 */
import { spawn, type ChildProcess } from 'node:child_process';

const SCRIPT = 'read -r line; [ "$line" = over ] || kill -TERM "$1" 2>/dev/null';

export interface Warden {
  /** The program has ended (its process id may soon be another's): stand down. */
  dismiss(): void;
}

export function postWarden(pid: number): Warden {
  if (process.platform === 'win32') return { dismiss: () => {} };
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'warden', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ignored = (): void => {};
  shell.on('error', ignored);
  shell.stdin.on('error', ignored);
  letGo(shell);
  return { dismiss: () => shell.stdin.end('over\n') };
}

/** It must not keep this process alive. */
function letGo(shell: ChildProcess): void {
  shell.unref();
  const pipe: unknown = shell.stdin;
  if (typeof pipe === 'object' && pipe !== null && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
}
