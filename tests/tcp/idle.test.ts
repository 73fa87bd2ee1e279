/** Silent connections: when they end by time, and who is asked whether they may be silent. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import type { StreamConsumer } from '../../engine/tcp/connection.js';
import { ACK, ipPacket, LINK, pcapFile } from '../packet/build.js';
import { collectStreams } from './reassembled-streams.js';

const CLIENT = { source: '192.0.2.1', destination: '198.51.100.25', sourcePort: 40_000, destinationPort: 143 };
const OTHER = { ...CLIENT, sourcePort: 40_001 };
const LIMITS = { ...DEFAULT_LIMITS, idleSeconds: 80, idleImapSeconds: 400 };

interface Silence {
  readonly isWaiting: boolean;
  readonly seconds: number;
  /** Packets of another connection come every so many seconds meanwhile. */
  readonly othersEvery?: number;
}

/** What the silent connection delivered, and how often it was asked whether it may be silent. */
function silent({ isWaiting, seconds, othersEvery = Infinity }: Silence): { calls: string[]; asked: number } {
  const sent = [{ ...CLIENT, sequence: 1, payload: 'a', flags: ACK, at: 0 }];
  for (let at = othersEvery; at < seconds; at += othersEvery)
    sent.push({ ...OTHER, sequence: sent.length, payload: 'x', flags: ACK, at });
  sent.push({ ...CLIENT, sequence: 2, payload: 'b', flags: ACK, at: seconds });
  const packets = sent.map(({ at, ...fields }) => ({ timeUs: 1e9 + at * 1e6, octets: ipPacket(fields) }));
  let asked = 0;
  const { streams } = collectStreams(pcapFile(packets, { linkType: LINK.raw }), {
    limits: LIMITS,
    opened: (connection) => {
      if (connection.port(0) !== CLIENT.sourcePort) return;
      const consumer = connection.consumer as StreamConsumer;
      connection.consumer = {
        ...consumer,
        isWaiting: () => {
          asked++;
          return isWaiting;
        },
      };
    },
  });
  const own = streams.filter(({ connection }) => connection.port(0) === CLIENT.sourcePort);
  return { calls: own.flatMap(({ calls }) => calls), asked };
}

const STAYS = ['C 0 a', 'C 1 b', 'end capture-end'];
const ENDS = ['C 0 a', 'end timeout', 'C 0 b', 'end capture-end'];

describe.each([{ othersEvery: Infinity }, { othersEvery: 7 }])('a silent connection ($othersEvery s)', (others) => {
  it('is one connection within the time-out, and nobody is asked', () => {
    expect(silent({ isWaiting: true, seconds: 80, ...others })).toEqual({ calls: STAYS, asked: 0 });
    expect(silent({ isWaiting: false, seconds: 80, ...others })).toEqual({ calls: STAYS, asked: 0 });
  });

  it('ends by time beyond it when silence was not agreed, and was asked once', () => {
    expect(silent({ isWaiting: false, seconds: 200, ...others })).toEqual({ calls: ENDS, asked: 1 });
  });

  it('stays beyond it while silence is agreed, and is asked at each look', () => {
    const { calls, asked } = silent({ isWaiting: true, seconds: 400, ...others });
    expect(calls).toEqual(STAYS);
    // Looks are an eighth of the time-out apart; and its packet at the end finds it silent for long, too.
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(400 / (80 / 8) + 1);
  });

  it('ends beyond the longest agreed silence, whatever was agreed', () => {
    expect(silent({ isWaiting: true, seconds: 500, ...others }).calls).toEqual(ENDS);
  });

  it('is not asked any more beyond the longest agreed silence', () => {
    const { asked } = silent({ isWaiting: true, seconds: 500 });
    expect(asked).toBe(0);
  });
});
