// Runs one of the hand-made parts of the recording: `node typed.mjs ordinary|attacks|small`.
import { attacks } from './attacks.mjs';
import { ordinaryDay, smallDay } from './ordinary.mjs';

const parts = { ordinary: ordinaryDay, attacks, small: smallDay };
const part = parts[process.argv[2]];
if (part === undefined) throw new Error(`which part: ${Object.keys(parts).join(', ')}`);
await part();
