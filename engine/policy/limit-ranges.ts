/** Between which values a policy file may move each bound of the engine. */
import { DEFAULT_LIMITS, type LimitName } from '../limits.js';

interface Range {
  readonly minimum: number;
  readonly maximum: number;
}

const DAY_SECONDS = 86_400;
const GIBIBYTE = 1_073_741_824;

/** For a bound that has no range of its own: any number up to so many times its default. */
const OTHERWISE_FACTOR = 1000;

/** Lowest and highest value of a bound. */
export function limitRange(name: LimitName): Range {
  return RANGES[name] ?? { minimum: 1, maximum: DEFAULT_LIMITS[name] * OTHERWISE_FACTOR };
}

/** A line must hold what the longest legal line of a protection needs; memory stays bounded at the top. */
const RANGES: Readonly<Partial<Record<LimitName, Range>>> = {
  flows: { minimum: 16, maximum: 16_777_216 },
  outOfOrderBytes: { minimum: 4096, maximum: GIBIBYTE },
  outOfOrderTotalBytes: { minimum: 65_536, maximum: 16 * GIBIBYTE },
  outOfOrderSegments: { minimum: 4, maximum: 1_048_576 },
  lineBytes: { minimum: 16_384, maximum: 16_777_216 },
  pendingCommands: { minimum: 16, maximum: 1_048_576 },
  fragmentSets: { minimum: 16, maximum: 1_048_576 },
  fragmentBytes: { minimum: 65_536, maximum: 4 * GIBIBYTE },
  fragmentSeconds: { minimum: 1, maximum: 3600 },
  idleSeconds: { minimum: 1, maximum: 30 * DAY_SECONDS },
  idleMailSeconds: { minimum: 1, maximum: 30 * DAY_SECONDS },
  idleImapSeconds: { minimum: 1, maximum: 30 * DAY_SECONDS },
  violationsPerSession: { minimum: 1, maximum: 1_000_000 },
  pastKeys: { minimum: 16, maximum: 10_000_000 },
  sessionsKept: { minimum: 1, maximum: 100_000_000 },
  packetBytes: { minimum: 65_536, maximum: GIBIBYTE },
  blockBytes: { minimum: 65_536, maximum: GIBIBYTE },
  interfaces: { minimum: 1, maximum: 1_048_576 },
  headerDepth: { minimum: 4, maximum: 256 },
  headerSectionBytes: { minimum: 4096, maximum: 67_108_864 },
};
