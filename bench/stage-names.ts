/** The parts of an inspection, each with all before it; `stage-run.ts` says what they are. */
export const STAGES = ['read', 'records', 'decode', 'reassemble', 'parse', 'judge', 'output'] as const;
export type Stage = (typeof STAGES)[number];
