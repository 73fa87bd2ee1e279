/**
 * The one store. In: what the bridge pushes and what the user does. Out: state
 * for narrow selectors. No component talks to the bridge about the application
 * as a whole; rows and transcripts, which are not state of the application,
 * are fetched by `views/` and `session/`.
 */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { InspectionStatus } from '../../shared/inspection.js';
import type { Answer, Bridge, MenuCommand, Settings } from '../../shared/ipc.js';
import { ask } from '../bridge.js';
import type { AppActions, AppState, AppStore } from './app-state.js';
import { DEFAULT_SETTINGS, IDLE } from './initial.js';

type Get = () => AppStore;
type Set = (change: Partial<AppState>) => void;

const INITIAL: AppState = {
  screen: 'sessions',
  dialog: null,
  status: IDLE,
  settings: DEFAULT_SETTINGS,
  info: null,
  recent: [],
  opening: false,
  openProblem: null,
  problemDismissed: false,
  search: { sessions: '', violations: '' },
  sort: { sessions: { column: 'time', descending: false }, violations: { column: 'time', descending: false } },
  matching: { sessions: null, violations: null },
  systemDark: true,
  selected: null,
  findingRequest: null,
  reveal: false,
  plainList: false,
  captureSerial: 0,
};

/** Makes the store over a bridge. Nothing happens before `start`. */
export function createAppStore(bridge: Bridge): StoreApi<AppStore> {
  return createStore<AppStore>((set, get) => ({
    ...INITIAL,
    ...captureActions(bridge, set, get),
    ...screenActions(set, get),
    start: () => start(bridge, set, get),
    changeSettings: (change) => void changeSettings(bridge, set, get, change),
  }));
}

function captureActions(bridge: Bridge, set: Set, get: Get) {
  const open = async (call: Promise<Answer<InspectionStatus>>): Promise<void> => {
    set({ opening: true, openProblem: null });
    const answer = await ask(call);
    set({ opening: false });
    if (!answer.ok) {
      set({ openProblem: answer.problem });
    } else if (answer.value.phase === 'failed') {
      set({ status: answer.value, openProblem: answer.value.problem });
    } else {
      set({ ...startedCapture(get()), status: answer.value });
    }
    await loadRecent(bridge, set);
  };
  const forget = (): void => set({ ...startedCapture(get()), status: IDLE });
  return {
    chooseCapture: async () => {
      const answer = await ask(bridge.invoke['capture:choose'](null));
      if (!answer.ok) set({ openProblem: answer.problem });
      else if (answer.value !== null) await open(bridge.invoke['capture:open']({ path: answer.value }));
    },
    openCapture: (path) => open(bridge.invoke['capture:open']({ path })),
    openSample: () => open(bridge.invoke['capture:open-sample'](null)),
    closeCapture: async () => {
      const answer = await ask(bridge.invoke['capture:close'](null));
      if (answer.ok) forget();
      else set({ openProblem: answer.problem });
      await loadRecent(bridge, set);
    },
    cancelLoading: async () => {
      const answer = await ask(bridge.invoke['capture:cancel'](null));
      if (!answer.ok) set({ openProblem: answer.problem });
    },
    clearRecent: async () => {
      await ask(bridge.invoke['recent:clear'](null));
      await loadRecent(bridge, set);
    },
  } satisfies Partial<AppActions>;
}

function screenActions(set: Set, get: Get) {
  let serial = 0;
  const showFinding: AppActions['showFinding'] = (violation) =>
    set({
      findingRequest: {
        sessionId: violation.sessionId,
        violationId: violation.id,
        line: violation.line,
        serial: ++serial,
      },
    });
  return {
    showScreen: (screen) => set({ screen }),
    showDialog: (dialog) => set({ dialog }),
    setSearch: (kind, search) => set({ search: { ...get().search, [kind]: search } }),
    setSort: (kind, sort) => set({ sort: { ...get().sort, [kind]: sort } }),
    setMatching: (kind, matching) => set({ matching: { ...get().matching, [kind]: matching } }),
    selectSession: (session) => {
      // Revealing is a decision about one session, so it does not carry over to the next.
      if (session?.id !== get().selected?.id) set({ selected: session, findingRequest: null, reveal: false });
      else set({ selected: session });
    },
    showFinding,
    showViolation: (violation) => {
      const { sessionId, protocol, client, server, severity } = violation;
      if (get().selected?.id !== sessionId) {
        set({ selected: { id: sessionId, protocol, client, server, worst: severity }, reveal: false });
      }
      set({ screen: 'sessions' });
      showFinding(violation);
    },
    setReveal: (reveal) => set({ reveal }),
    setPlainList: (plainList) => set({ plainList }),
    dismissProblem: () => set({ openProblem: null, problemDismissed: true }),
    setSystemDark: (systemDark) => set({ systemDark }),
  } satisfies Partial<AppActions>;
}

function start(bridge: Bridge, set: Set, get: Get): () => void {
  const stops = [
    bridge.on['inspection:status']((status) => receiveStatus(status, set, get)),
    bridge.on['menu:command']((command) => runMenuCommand(command, get())),
    bridge.on['theme:changed'](({ dark }) => set({ systemDark: dark })),
  ];
  void loadStart(bridge, set, get);
  return () => {
    for (const stop of stops) stop();
  };
}

async function loadStart(bridge: Bridge, set: Set, get: Get): Promise<void> {
  const [settings, status, info] = await Promise.all([
    ask(bridge.invoke['settings:get'](null)),
    ask(bridge.invoke['capture:status'](null)),
    ask(bridge.invoke['app:info'](null)),
    loadRecent(bridge, set),
  ]);
  if (settings.ok) set({ settings: settings.value });
  if (info.ok) set({ info: info.value });
  if (status.ok) receiveStatus(status.value, set, get);
  else set({ openProblem: status.problem });
}

/** A status about another file than before starts the screens anew, for example one opened from the menu. */
function receiveStatus(status: InspectionStatus, set: Set, get: Get): void {
  const before = get().status;
  const another = status.path !== before.path;
  if (status.phase === 'failed' && (another || before.phase !== 'failed')) set({ openProblem: status.problem });
  if (another && status.phase !== 'failed') set(startedCapture(get()));
  set({ status });
}

function startedCapture(state: AppState): Partial<AppState> {
  return {
    captureSerial: state.captureSerial + 1,
    screen: 'sessions',
    search: INITIAL.search,
    sort: INITIAL.sort,
    selected: null,
    findingRequest: null,
    reveal: false,
    openProblem: null,
    problemDismissed: false,
  };
}

async function loadRecent(bridge: Bridge, set: Set): Promise<void> {
  const recent = await ask(bridge.invoke['recent:list'](null));
  if (recent.ok) set({ recent: recent.value });
}

/** Shown at once, then confirmed by what was stored; the old value comes back when storing failed. */
async function changeSettings(bridge: Bridge, set: Set, get: Get, change: Partial<Settings>): Promise<void> {
  const before = get().settings;
  set({ settings: { ...before, ...change } });
  const answer = await ask(bridge.invoke['settings:set'](change));
  if (answer.ok) set({ settings: answer.value });
  else set({ settings: before, openProblem: answer.problem });
}

function runMenuCommand(command: MenuCommand, app: AppStore): void {
  const run: Readonly<Record<MenuCommand, () => void>> = {
    open: () => void app.chooseCapture(),
    close: () => void app.closeCapture(),
    'open-sample': () => void app.openSample(),
    about: () => app.showDialog('about'),
    settings: () => app.showDialog('settings'),
    shortcuts: () => app.showDialog('shortcuts'),
    find: () => focusSearch(),
    sessions: () => app.showScreen('sessions'),
    violations: () => app.showScreen('violations'),
  };
  run[command]();
}

/** Puts the caret into the toolbar's search field; does nothing when there is none. */
export function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('[data-search]');
  field?.focus();
  field?.select();
}
