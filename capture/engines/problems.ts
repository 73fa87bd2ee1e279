/**
 * What can keep a capture from starting or end it, as `Problem`s with permanent
 * codes, in plain words. What a program or library said is quoted in one line
 * without control characters.
 */
import { CAPTURED_IS_KEPT, type CaptureEngineName, type CapturePermission } from '../../shared/capture.js';
import type { Problem } from '../../shared/problem.js';

const QUOTED_CHARACTERS = 300;
const AGAIN = `${CAPTURED_IS_KEPT} Start the capture again`;

/** One line for people: control characters and runs of space become one space, and it ends somewhere. */
export function oneLine(text: string): string {
  // C0, DEL, C1, zero-width and bidirectional controls, line separators.
  const line = text.replace(/[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ').trim();
  return line.length <= QUOTED_CHARACTERS ? line : `${line.slice(0, QUOTED_CHARACTERS)}…`;
}

export function notPermitted(refusals: readonly CapturePermission[]): Problem {
  const fix = refusals.find((refusal) => refusal.fix !== '')?.fix;
  return {
    code: 'capture-not-permitted',
    message: `Capturing is not possible: ${refusals.map(({ engine, reason }) => `${engine}: ${reason}`).join(' ')}`,
    hint: fix === undefined ? 'Ask the administrator of this system for the right to capture.' : `Run: ${fix}`,
  };
}

export function unknownInterface(name: string): Problem {
  return {
    code: 'interface-unknown',
    message: `There is no interface ${oneLine(name)} to capture on.`,
    hint: 'The list of interfaces shows what can be captured on.',
  };
}

export function interfaceGone(name: string): Problem {
  return {
    code: 'interface-gone',
    message: `The interface ${oneLine(name)} has gone away; the capture ended.`,
    hint: `${AGAIN} when the interface is back.`,
  };
}

export function interfaceDown(name: string): Problem {
  return {
    code: 'interface-down',
    message: `The interface ${oneLine(name)} is down, so nothing can be captured on it.`,
    hint: `${CAPTURED_IS_KEPT} Bring the interface up, then start the capture again.`,
  };
}

export function badFilter(filter: string, libraryText: string): Problem {
  return {
    code: 'capture-filter',
    message: `The capture filter is not valid: ${oneLine(libraryText)}.`,
    hint: `Correct the filter (it was: ${oneLine(filter)}), or leave it empty to capture everything.`,
  };
}

export function engineMissing(engine: CaptureEngineName, why: string): Problem {
  return {
    code: 'engine-missing',
    message: `${engine} could not be started: ${oneLine(why)}.`,
    hint: 'Choose another engine, or install it.',
  };
}

export function killed(engine: CaptureEngineName, signal: string): Problem {
  return {
    code: 'capture-killed',
    message: `The capture process (${engine}) was killed from outside by ${signal}.`,
    hint: `${AGAIN}. If nobody killed it, the system may have been short of memory.`,
  };
}

export function crashed(engine: CaptureEngineName, signal: string): Problem {
  return {
    code: 'capture-crashed',
    message: `The capture process (${engine}) crashed (${signal}).`,
    hint: `${AGAIN}, if it happens again with another engine.`,
  };
}

export function endedByItself(engine: CaptureEngineName, said: string, status: number | null): Problem {
  const why = said === '' ? `without a word, exit status ${String(status)}` : oneLine(said);
  return {
    code: 'capture-ended',
    message: `The capture process (${engine}) ended by itself: ${why}`,
    hint: `${AGAIN}.`,
  };
}

export function readerGone(engine: CaptureEngineName): Problem {
  return {
    code: 'capture-output-closed',
    message: `What ${engine} captured was not taken any more, so the capture ended.`,
    hint: `${AGAIN}.`,
  };
}
