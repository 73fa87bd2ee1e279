/** The shape of the renderer's one store: what is open, where the user is, what is selected. */
import type { InspectionStatus, Problem, SortOrder, ViewKind } from '../../shared/inspection.js';
import type { AppInfo, RecentCapture, Settings } from '../../shared/ipc.js';
import type { SessionSummary } from '../../shared/session.js';
import type { Violation } from '../../shared/violation.js';
import type { LiveActions, LiveDesk } from './live-desk.js';
import type { PolicyActions, PolicyDesk } from './policy-desk.js';

export type Screen = 'sessions' | 'violations' | 'policy';
export type DialogName = 'settings' | 'about' | 'shortcuts';

/** What the session's header needs; a summary has it and so has a finding. */
export type SelectedSession = Pick<SessionSummary, 'id' | 'protocol' | 'client' | 'server' | 'worst'>;

/** A wish to see one finding in the transcript; `serial` rises so that the same wish can be repeated. */
export interface FindingRequest {
  readonly sessionId: number;
  readonly violationId: number;
  readonly line: number;
  readonly serial: number;
}

export interface Matching {
  readonly total: number;
  readonly unfiltered: number;
}

export interface AppState {
  readonly screen: Screen;
  readonly dialog: DialogName | null;
  readonly status: InspectionStatus;
  readonly settings: Settings;
  readonly info: AppInfo | null;
  readonly recent: readonly RecentCapture[];
  /** True between asking for a capture and the answer. */
  readonly opening: boolean;
  /** Why the last attempt to open failed, or a call to the main process got lost. */
  readonly openProblem: Problem | null;
  readonly problemDismissed: boolean;
  readonly search: Readonly<Record<ViewKind, string>>;
  readonly sort: Readonly<Record<ViewKind, SortOrder>>;
  /** How many rows the shown view has, of how many; null while no such view is open. */
  readonly matching: Readonly<Record<ViewKind, Matching | null>>;
  readonly systemDark: boolean;
  readonly selected: SelectedSession | null;
  readonly findingRequest: FindingRequest | null;
  readonly reveal: boolean;
  readonly plainList: boolean;
  /** Rises with every capture that was opened, so that screens start anew. */
  readonly captureSerial: number;
  readonly policy: PolicyDesk;
  readonly live: LiveDesk;
}

export interface AppActions extends PolicyActions, LiveActions {
  /** Loads settings, state and recent captures, and listens from then on. Returns the function that stops it. */
  start: () => () => void;
  chooseCapture: () => Promise<void>;
  openCapture: (path: string) => Promise<void>;
  openSample: () => Promise<void>;
  closeCapture: () => Promise<void>;
  /** Judges the open capture again with the policy that holds. */
  reinspect: () => Promise<void>;
  cancelLoading: () => Promise<void>;
  clearRecent: () => Promise<void>;
  showScreen: (screen: Screen) => void;
  showDialog: (dialog: DialogName | null) => void;
  setSearch: (kind: ViewKind, search: string) => void;
  setSort: (kind: ViewKind, sort: SortOrder) => void;
  setMatching: (kind: ViewKind, matching: Matching | null) => void;
  selectSession: (session: SelectedSession | null) => void;
  showViolation: (violation: Violation) => void;
  showFinding: (violation: Pick<Violation, 'id' | 'sessionId' | 'line'>) => void;
  setReveal: (reveal: boolean) => void;
  setPlainList: (plainList: boolean) => void;
  dismissProblem: () => void;
  changeSettings: (change: Partial<Settings>) => void;
  setSystemDark: (dark: boolean) => void;
}

export type AppStore = AppState & AppActions;
