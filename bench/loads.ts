/**
 * The ordinary loads: what conversations each is made of, how many connections
 * are open at once, and how their packets mix.
 */
import { messageConversation } from './dialogues.js';
import { Datagrams, otherConversation } from './other-traffic.js';
import { Program, type PacketProgram } from './program.js';
import type { Random } from './random.js';
import { openConversation, shortConversation } from './short-dialogues.js';

export const LOADS = ['bulk', 'commands', 'mixed', 'many-open'] as const;
export type Load = (typeof LOADS)[number];

export interface Shape {
  /** Connections open at once; of `many-open`, so many as are asked for. */
  readonly flows: number;
  /** Longest run of packets of one connection. */
  readonly burst: number;
  /** Mean time between packets. */
  readonly pauseUs: number;
  /** Octets in a hundred that are no mail. */
  readonly otherPercent: number;
  readonly mail: (random: Random) => readonly PacketProgram[];
}

const JOINED = { segmentsPerAck: 5 } as const;
const SLOW = { acknowledgesEachTurn: true } as const;

const messages = (count: number) => (random: Random) =>
  Array.from({ length: count }, (_, i) => new Program(messageConversation(random, i), JOINED));
const commands = (count: number) => (random: Random) =>
  Array.from({ length: count }, (_, i) => new Program(shortConversation(random, i), SLOW));

export const SHAPES: Readonly<Record<Load, Shape>> = {
  bulk: { flows: 48, burst: 10, pauseUs: 60, otherPercent: 0, mail: messages(96) },
  commands: { flows: 400, burst: 3, pauseUs: 90, otherPercent: 0, mail: commands(240) },
  mixed: {
    flows: 200,
    burst: 5,
    pauseUs: 80,
    otherPercent: 30,
    // One conversation with messages for about twenty short ones: as many octets of each.
    mail: (random) => [...messages(12)(random), ...commands(240)(random)],
  },
  'many-open': {
    flows: 1000,
    burst: 1,
    pauseUs: 20,
    otherPercent: 0,
    mail: (random) =>
      Array.from({ length: 240 }, (_, i) => new Program(openConversation(random, i), { ...SLOW, closes: false })),
  },
};

/** What is no mail, for every load that has it. */
export function otherPrograms(random: Random): readonly PacketProgram[] {
  const connections = Array.from({ length: 24 }, (_, i) => new Program(otherConversation(random, i)));
  return [...connections, ...Array.from({ length: 24 }, () => new Datagrams(random))];
}
