/**
 * Why a capture program ended by itself: from how it ended, what it said, and
 * whether its interface is still there.
 */
import type { CaptureEngineName } from '../../shared/capture.js';
import type { Problem } from '../../shared/problem.js';
import { interfaceState } from '../interfaces/interface-state.js';
import type { CaptureStart } from './capture-engine.js';
import {
  badFilter,
  crashed,
  endedByItself,
  engineMissing,
  interfaceDown,
  interfaceGone,
  killed,
  readerGone,
  unknownInterface,
} from './problems.js';

export interface CaptureExit {
  /** System code or message when the program could not be started; else empty. */
  readonly startError: string;
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Something of the capture came out before. */
  readonly ranBefore: boolean;
  /** Its output was given up by the reader. */
  readonly cutOff: boolean;
}

interface EndedCapture {
  readonly engine: CaptureEngineName;
  readonly request: CaptureStart;
  readonly ear: { readonly told: { readonly kind: 'filter' | 'error'; readonly text: string } | null };
  readonly refusal: () => Promise<Problem>;
}

const REFUSED = /permission|not permitted|EPERM|EACCES|denied/i;
const UNKNOWN = /no such device|no device named|doesn't exist|does not exist|no such interface/i;
const GONE = /disappeared|no longer attached|no longer running/i;
const DOWN = /went down|is not up|network is down/i;
const CRASHES: ReadonlySet<string> = new Set(['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP']);

/** The problem of a capture that nobody stopped. */
export async function explainEnd(capture: EndedCapture, exit: CaptureExit): Promise<Problem> {
  const { engine, request } = capture;
  const { told } = capture.ear;
  if (exit.startError !== '') return explainStart(capture, exit.startError);
  if (told?.kind === 'filter') return badFilter(request.filter, told.text);
  if (told !== null && REFUSED.test(told.text)) return capture.refusal();
  const state = interfaceState(request.interfaceName);
  const lost = told !== null && (GONE.test(told.text) || DOWN.test(told.text) || UNKNOWN.test(told.text));
  const isCrash = exit.signal !== null && CRASHES.has(exit.signal);
  if (state === 'absent') {
    return exit.ranBefore ? interfaceGone(request.interfaceName) : unknownInterface(request.interfaceName);
  }
  // cap's native part aborts when the kernel reports the interface's state as an error.
  if (state === 'down' && (lost || (engine === 'cap' && exit.signal === 'SIGABRT'))) {
    return interfaceDown(request.interfaceName);
  }
  if (lost) return GONE.test(told.text) ? interfaceGone(request.interfaceName) : interfaceOf(request, told.text);
  if (exit.cutOff) return readerGone(engine);
  if (isCrash) return crashed(engine, exit.signal);
  if (exit.signal !== null) return killed(engine, exit.signal);
  return endedByItself(engine, told?.text ?? '', exit.status);
}

function interfaceOf(request: CaptureStart, text: string): Problem {
  return DOWN.test(text) ? interfaceDown(request.interfaceName) : unknownInterface(request.interfaceName);
}

async function explainStart(capture: EndedCapture, startError: string): Promise<Problem> {
  if (startError === 'EACCES' || startError === 'EPERM') return capture.refusal();
  return engineMissing(capture.engine, startError === 'ENOENT' ? 'it is not installed' : startError);
}
