/**
 * When V8 compiles thoroughly. Its last compiler takes a millisecond or more of a
 * processor for each of some 280 functions; the one before it is quick, and its
 * code two thirds as fast. A short inspection is over before the rest is earned:
 * so it leaves to the last compiler only what runs most. In: how long a run will be.
 */
import { setFlagsFromString } from 'node:v8';

/** Older ones have other compilers, or do not know the flag. */
const MEASURED_V8 = 14;
/** With 2.3 million packets it is 2 % to the good, with 5 million 4 % to the bad. */
const LONG_RUN_PACKETS = 3_000_000;
/** Calls of a function before it is compiled thoroughly: about as many as V8 has by itself, and in a short run. */
const ORDINARY_CALLS = 18_000;
const SHORT_RUN_CALLS = 100_000;

let calls = ORDINARY_CALLS;

/** For all threads of the process, from now on. */
export function tierUpFor(packets: number): void {
  const wanted = packets < LONG_RUN_PACKETS ? SHORT_RUN_CALLS : ORDINARY_CALLS;
  if (wanted === calls || Number.parseInt(process.versions.v8, 10) < MEASURED_V8) return;
  calls = wanted;
  setFlagsFromString(`--invocation-count-for-turbofan=${wanted}`);
}
