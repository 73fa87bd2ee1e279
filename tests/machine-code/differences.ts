/** Where iced-x86 and our length decoder differ on purpose, nearly always in that ours sees no instruction; with the reason. */
import type { Disagreement } from './iced.js';

export interface Difference {
  readonly name: string;
  readonly covers: (found: Disagreement) => boolean;
  readonly reason: string;
  /** An instruction of the kind, so that the entry is seen to be needed whatever the chance. `64:` and its octets. */
  readonly example: string;
}

const named =
  (pattern: RegExp) =>
  ({ mnemonic }: Disagreement): boolean =>
    pattern.test(mnemonic);
const encoded =
  (...kinds: readonly string[]) =>
  ({ encoding }: Disagreement): boolean =>
    kinds.includes(encoding);

export const DIFFERENCES: readonly Difference[] = [
  {
    name: 'VEX, EVEX, XOP',
    covers: encoded('VEX', 'EVEX', 'XOP', 'MVEX'),
    reason:
      'Undefined by decision: no known exploit code of mail servers uses vectors, and C4, C5, 62, 8F are common text.',
    example: '64:c5f877',
  },
  {
    name: '3DNow!',
    covers: encoded('D3NOW'),
    reason: 'No processor since 2011 has it.',
    example: '32:0f0fc10d',
  },
  { name: 'UD', covers: named(/^Ud[012]$/), reason: 'Always faults, so nothing runs through it.', example: '32:0f0b' },
  {
    name: 'SSE4a',
    covers: named(/^(Extrq|Insertq)$/),
    reason: 'AMD only, with two immediates of its own; exploit code must run on both.',
    example: '32:660f79c1',
  },
  {
    name: 'VIA PadLock',
    covers: named(/^(X(store|crypt|sha)|Ccs_|Montmul|Undoc)/i),
    reason: 'One maker’s processors, and behind a REP that has no other meaning.',
    example: '32:0fa7c0',
  },
  {
    name: 'Key Locker',
    covers: named(/^(Aes(enc|dec)(wide)?(128|256)kl|Encodekey|Loadiwkey)/),
    reason: 'Needs keys that the operating system loaded; processors since 2020 only.',
    example: '64:f30f38dd06',
  },
  {
    name: 'queues, shadow stacks, remote atomics',
    covers: named(/^(Enqcmds?|Wruss[dq]|Aadd|Aand|Aor|Axor)$/),
    reason: 'Needs devices or modes that a mail server’s process does not have; processors since 2020 only.',
    example: '64:0f38fc00',
  },
  {
    name: '0F 00 and 0F 01 for systems',
    covers: ({ octets, theirs }) => theirs.length > 0 && /^\d\d:(4.|[26].|3[6e]|f[023])*0f0[01]/.test(octets),
    reason: 'Hypervisors, enclaves, protection keys, shadow stacks: faults or does nothing in a process.',
    example: '64:0f01c1',
  },
  {
    name: '0F AE and 0F C7 with F2 or F3',
    covers: named(/^((rd|wr)[fg]sbase|ptwrite|tpause|u?mwait|umonitor|incssp[dq]|clrssbsy|rdpid|senduipi)$/i),
    reason: 'Bases of FS and GS, waiting, tracing, shadow stacks: processors since 2012 and rarely allowed.',
    example: '64:f30faec7',
  },
  {
    name: 'control and debug registers above 7',
    covers: ({ octets, ours, theirs }) => theirs.length === 0 && ours.privileged && /4.0f2[0-3]/.test(octets),
    reason: 'Which of them exist does not matter: the instruction is privileged, as ours says.',
    example: '64:4c0f20d1',
  },
];

/** The octets of an example in a slot of their own, and whether they are 64-bit code. */
export function exampleOf({ example }: Difference): { readonly content: Uint8Array; readonly wide: boolean } {
  const [mode = '', hex = ''] = example.split(':');
  const content = new Uint8Array(16);
  content.set(Buffer.from(hex, 'hex'));
  return { content, wide: mode === '64' };
}
