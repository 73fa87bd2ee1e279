/** Where a capture's files lie and what they are called: in a spool's folder, or as the user named them. */
import { basename, dirname, extname, resolve } from 'node:path';

export interface RingNames {
  /** Empty for the folder of the manifest. */
  readonly filesFolder: string;
  /** Name of the n-th file, from 1, begun at a moment (ms since 1970). */
  name(number: number, nowMs: number): string;
  /** What lies there already may be written over. */
  readonly mayReplace: boolean;
}

/** `packets-00001.pcapng` in the spool's folder. */
export const SPOOL_NAMES: RingNames = {
  filesFolder: '',
  name: (number) => `packets-${String(number).padStart(5, '0')}.pcapng`,
  mayReplace: false,
};

/** True for a name that `SPOOL_NAMES` gives. */
export function isSpoolName(name: string): boolean {
  return /^packets-\d{5,}\.pcapng$/.test(name);
}

/**
 * As dumpcap names them: the file itself when it is the only one, else `NAME_00001_20261121080000.ENDING`
 * with the local time at which it was begun.
 */
export function outputNames(path: string, isRing: boolean): RingNames {
  const ending = extname(path);
  const stem = basename(path, ending);
  return {
    filesFolder: dirname(resolve(path)),
    name: (number, nowMs) =>
      isRing ? `${stem}_${String(number).padStart(5, '0')}_${localTime(nowMs)}${ending}` : basename(path),
    mayReplace: true,
  };
}

function localTime(nowMs: number): string {
  const time = new Date(nowMs);
  const parts = [time.getMonth() + 1, time.getDate(), time.getHours(), time.getMinutes(), time.getSeconds()];
  return `${time.getFullYear()}${parts.map((part) => String(part).padStart(2, '0')).join('')}`;
}
