/** Every input that tries to make the engine slow or fat. */
import type { Attack } from './attack.js';
import { CONNECTION_ATTACKS } from './connection-attacks.js';
import { DIALOGUE_ATTACKS } from './dialogue-attacks.js';
import { FILE_ATTACKS } from './file-attacks.js';

export const ATTACKS: readonly Attack[] = [...CONNECTION_ATTACKS, ...DIALOGUE_ATTACKS, ...FILE_ATTACKS];
