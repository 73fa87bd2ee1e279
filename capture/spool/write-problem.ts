/** What the system refused while a capture was written, as a problem that says what to do. */
import { CAPTURED_IS_KEPT } from '../../shared/capture.js';
import { systemCode, reasonOf, refuse, type ProblemError } from './problem-error.js';

/** `where`: the folder or file that was written. */
export function writeProblem(error: unknown, where: string): ProblemError {
  switch (systemCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return refuse(
        'disk-full',
        `There is no room left for ${where}.`,
        `${CAPTURED_IS_KEPT} Make room or choose a smaller ring, and start again.`,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return refuse('not-writable', `You may not write to ${where}.`, 'Choose a folder that you may write to.');
    case 'ENOENT':
    case 'ENOTDIR':
      return refuse('folder-missing', `The folder of ${where} is not there.`, 'Make the folder, or choose another.');
    case 'EISDIR':
      return refuse('is-folder', `${where} is a folder.`, 'Choose the name of a file.');
    case 'EEXIST':
      return refuse('file-exists', `${where} is there already.`, 'Choose an empty folder.');
    default:
      return refuse(
        'write-failed',
        `Writing ${where} failed: ${reasonOf(error)}.`,
        `${CAPTURED_IS_KEPT} Check the disk or the network share.`,
      );
  }
}
