/** `mailscope policy init`: writes a policy file that explains itself. */
import { writeFileSync } from 'node:fs';
import { displayString } from '../../engine/index.js';
import { CommandError, EXIT } from '../exit-status.js';
import { systemCode } from '../fd-writer.js';
import type { Terminal } from '../host.js';
import { startingFile } from './starting-file.js';

export interface InitOptions {
  readonly profile: string;
  readonly force?: boolean;
}

/** To standard output when `file` is undefined; a file that exists stays as it is unless forced. */
export function initPolicy(file: string | undefined, options: InitOptions, terminal: Terminal): void {
  const text = startingFile(options.profile);
  if (file === undefined) {
    terminal.out.write(text);
    return;
  }
  try {
    writeFileSync(file, text, { flag: options.force === true ? 'w' : 'wx' });
  } catch (error) {
    const code = systemCode(error);
    if (code === '') throw error;
    if (code === 'EEXIST') {
      throw new CommandError(EXIT.usage, `${file}: exists already`, 'Give another name, or --force to write over it.');
    }
    const hint = 'Name a file in a folder that you may write to.';
    throw new CommandError(EXIT.usage, `${file}: cannot be written (${code})`, hint);
  }
  terminal.err.write(`mailscope: wrote ${displayString(file)}; name your networks in it first\n`);
}
