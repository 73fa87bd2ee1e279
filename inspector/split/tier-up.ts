/**
 * When V8 compiles thoroughly. Its last compiler takes a millisecond or more of a
 * processor for each of some 280 functions. What every packet calls is worth it,
 * and compiled within the first megabyte; of the rest most is not, unless the
 * inspection goes on for long. In: about how many packets it has.
 */
import { setFlagsFromString } from 'node:v8';

/** Older ones have other compilers, or do not know the flag. */
const MEASURED_V8 = 14;
/** With 7 million packets to wait is 1 % to the good, with 15 million 4 % to the bad. */
const LONG_RUN_PACKETS = 10_000_000;
/** Calls of a function before it is compiled thoroughly: about as many as V8 has by itself, and in a shorter run. */
const ORDINARY_CALLS = 18_000;
const SHORT_RUN_CALLS = 300_000;

let calls = ORDINARY_CALLS;

/** For all threads of the process, until it is said again. */
export function tierUpFor(packets: number): void {
  const wanted = packets < LONG_RUN_PACKETS ? SHORT_RUN_CALLS : ORDINARY_CALLS;
  if (wanted === calls || Number.parseInt(process.versions.v8, 10) < MEASURED_V8) return;
  calls = wanted;
  setFlagsFromString(`--invocation-count-for-turbofan=${wanted}`);
}
