/**
 * Live capture in the renderer's store: the interfaces and how busy they are,
 * how the next capture is to start, whether the display is paused, what was
 * never saved, and what waits for the user to give up the capture that runs.
 */
import type { CaptureEngineChoice, CaptureInterface, LeftCapture, LiveStatus } from '../../shared/capture.js';
import type { InspectionStatus, Problem } from '../../shared/inspection.js';
import type { LiveStart } from '../../shared/ipc.js';

/** What the user set for the next capture; null where the settings decide. */
export interface StartOptions {
  readonly engine: CaptureEngineChoice | null;
  /** Null for the mail ports. */
  readonly filter: string | null;
  readonly promiscuous: boolean;
}

/** What the user wants to do that ends the capture that runs. */
export interface LeaveRequest {
  /** For the button: `Stop and quit`. */
  readonly words: string;
  readonly go: () => Promise<void>;
}

export interface LiveDesk {
  /** Null until they were listed for the first time. */
  readonly interfaces: readonly CaptureInterface[] | null;
  readonly listing: boolean;
  readonly listProblem: Problem | null;
  /** Packets a second of the last minute, by the name of the interface. */
  readonly activity: Readonly<Record<string, readonly number[]>>;
  readonly selected: string | null;
  readonly options: StartOptions;
  readonly left: readonly LeftCapture[];
  /** What the capture that was started last was asked for, and how much its ring holds. */
  readonly request: LiveStart | null;
  readonly ringBytes: number;
  /** Set while the display is paused: how many sessions there were then. */
  readonly paused: { readonly sessions: number } | null;
  readonly leaving: LeaveRequest | null;
  /** Path of the last saved capture, until the user has seen it. */
  readonly savedAs: string | null;
}

export const NO_LIVE: LiveDesk = {
  interfaces: null,
  listing: false,
  listProblem: null,
  activity: {},
  selected: null,
  options: { engine: null, filter: null, promiscuous: true },
  left: [],
  request: null,
  ringBytes: 0,
  paused: null,
  leaving: null,
  savedAs: null,
};

export interface LiveActions {
  listInterfaces: () => Promise<void>;
  /** Begins or ends the pushes of what interfaces do. */
  watchInterfaces: (watching: boolean) => void;
  selectInterface: (name: string) => void;
  setStartOptions: (change: Partial<StartOptions>) => void;
  startLive: (interfaceName: string) => Promise<void>;
  /** With what the last capture was asked for. */
  startAgain: () => Promise<void>;
  stopLive: () => Promise<void>;
  /** Stops what runs; else starts again, or on the welcome screen on the selected interface. */
  startOrStop: () => void;
  pauseDisplay: (paused: boolean) => void;
  saveCapture: () => Promise<void>;
  dismissSaved: () => void;
  reopenLeft: (folder: string) => Promise<void>;
  removeLeft: (folder: string) => Promise<void>;
  /** Does at once what ends no running capture; else asks first. */
  leaveLive: (words: string, go: () => Promise<void>) => Promise<void>;
  /** The answer to that question. */
  answerLeaving: (leave: boolean) => void;
}

/** True while packets are captured; what broke off and is being ended counts as over. */
export function isCapturing(status: InspectionStatus): boolean {
  const live = liveOf(status);
  return live !== null && live.problem === null && (live.phase === 'starting' || live.phase === 'running');
}

/** The live capture of a status, running or over; null for a saved one. */
export function liveOf(status: InspectionStatus): LiveStatus | null {
  return status.live ?? null;
}

/** True when the open capture lies in a ring and can be saved from it. */
export function canSave(status: InspectionStatus, left: readonly LeftCapture[]): boolean {
  if (status.phase === 'idle' || status.phase === 'failed') return false;
  const live = liveOf(status);
  return live === null ? left.some(({ folder }) => folder === status.path) : live.packets > 0;
}
