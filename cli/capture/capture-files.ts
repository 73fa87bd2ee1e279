/** Where a capture of the command line keeps its packets: what the options say, as a ring and a folder. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RingSize } from '../../shared/capture.js';
import { CommandError, EXIT } from '../exit-status.js';
import { systemCode } from '../fd-writer.js';
import type { CaptureOptions } from './capture-options.js';

const KIB = 1024;
/** Without `-w` nobody looks at the packets again: the ring only has to outlast a moment of slow inspection. */
const TEMPORARY_RING: RingSize = { fileBytes: 64 * KIB * KIB, files: 8, fileSeconds: 0 };
/** 0: without bound. */
const ONE_FILE: RingSize = { fileBytes: 0, files: 0, fileSeconds: 0 };

export interface CaptureFiles {
  readonly ring: RingSize;
  /** Temporary: the ring, or the list of the files that the user named. */
  readonly folder: string;
  readonly output: { readonly path: string; readonly isRing: boolean } | null;
  /** Removes what is temporary. */
  remove(): void;
}

/** Throws `CommandError` when the options contradict each other or the folder cannot be made. */
export function captureFiles({ write, ringBuffer }: CaptureOptions): CaptureFiles {
  const isRing = Object.keys(ringBuffer).length > 0;
  if (write === '-')
    throw new CommandError(EXIT.usage, 'standard output cannot hold the packets', 'Give --write the name of a file.');
  if (write !== undefined && isFolder(write))
    throw new CommandError(EXIT.usage, `${write}: is a folder`, 'Give --write the name of a file.');
  if (write !== undefined && isRing && ringBuffer.filesize === undefined && ringBuffer.duration === undefined)
    throw new CommandError(
      EXIT.usage,
      'files:N needs to know when a file is full',
      'Add -b filesize:KB or -b duration:SECONDS.',
    );
  const folder = temporaryFolder();
  return {
    ring: ringOf({ write, ringBuffer }),
    folder,
    output: write === undefined ? null : { path: write, isRing },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** False also for what may not be looked at: the capture then says why it cannot be written. */
function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    if (systemCode(error) === '') throw error;
    return false;
  }
}

function ringOf({
  write,
  ringBuffer,
}: {
  write: string | undefined;
  ringBuffer: CaptureOptions['ringBuffer'];
}): RingSize {
  const usual = write === undefined ? TEMPORARY_RING : ONE_FILE;
  const { filesize, files, duration } = ringBuffer;
  return {
    fileBytes: filesize === undefined ? usual.fileBytes : filesize * KIB,
    files: files ?? usual.files,
    fileSeconds: duration ?? usual.fileSeconds,
  };
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'mailscope-capture-'));
  } catch (error) {
    const code = systemCode(error);
    if (code === '') throw error;
    throw new CommandError(
      EXIT.failed,
      `${tmpdir()}: cannot be written (${code})`,
      'Set TMPDIR to a folder with room.',
    );
  }
}
