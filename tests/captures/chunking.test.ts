/**
 * Every real capture, good or broken, is read to its end without an exception,
 * and says the same whether it comes whole or in awkward chunks.
 */
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inspectOctets, unevenSizes } from './inspect-octets.js';
import { captureNames, capturePath, hasRealCaptures, readCapture, type CaptureKind } from './real-captures.js';

const KINDS: readonly CaptureKind[] = ['mail', 'formats', 'malformed'];
/** Longest file that is also pushed in chunks of so many octets: the slow ways take the small files. */
const CHUNKINGS = [
  { name: '1 octet', sizes: () => () => 1, longestBytes: 6_000 },
  { name: '7 octets', sizes: () => () => 7, longestBytes: 40_000 },
  { name: 'up to 4,096 octets', sizes: () => unevenSizes(4096), longestBytes: Infinity },
] as const;
const TIME_LIMIT_MS = 15_000;

describe.skipIf(!hasRealCaptures).each(KINDS)('captures/%s', (kind) => {
  it.each(captureNames(kind))(
    '%s says the same in every chunking',
    (name) => {
      const path = capturePath(kind, name);
      const octets = readCapture(path);
      const whole = inspectOctets(octets);
      for (const { longestBytes, sizes } of CHUNKINGS)
        if (octets.length <= longestBytes) expect(inspectOctets(octets, sizes())).toEqual(whole);
      expect(whole.totals.sessions).toBe(whole.sessions.length + whole.totals.discardedSessions);
      expect(whole.problem !== null || whole.totals.bytes === octets.length || statSync(path).size === 0).toBe(true);
    },
    TIME_LIMIT_MS,
  );
});
