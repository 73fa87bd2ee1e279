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
import { liveActions, loadLeft } from './live-actions.js';
import { liveOf, NO_LIVE } from './live-desk.js';
import { policyActions, receivePolicy } from './policy-actions.js';
import { NO_POLICY } from './policy-desk.js';

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
  policy: NO_POLICY,
  live: NO_LIVE,
};

/** Makes the store over a bridge. Nothing happens before `start`. */
export function createAppStore(bridge: Bridge): StoreApi<AppStore> {
  return createStore<AppStore>((set, get) => ({
    ...INITIAL,
    ...captureActions(bridge, set, get),
    ...liveActions(bridge, set, get, (call) => openWith(bridge, set, get, call)),
    ...screenActions(set, get),
    ...policyActions(bridge, set, get),
    start: () => start(bridge, set, get),
    changeSettings: (change) => void changeSettings(bridge, set, get, change),
  }));
}

/** Shows what a call opened, in place of what was open. */
async function openWith(
  bridge: Bridge,
  set: Set,
  get: Get,
  call: () => Promise<Answer<InspectionStatus>>,
): Promise<void> {
  set({ opening: true, openProblem: null });
  const answer = await ask(call());
  set({ opening: false });
  if (!answer.ok) {
    set({ openProblem: answer.problem });
  } else if (answer.value.phase === 'failed') {
    set({ status: answer.value, openProblem: answer.value.problem });
  } else {
    set({ ...startedCapture(get()), status: answer.value });
  }
  await Promise.all([loadRecent(bridge, set), loadLeft(bridge, set, get)]);
}

function captureActions(bridge: Bridge, set: Set, get: Get) {
  const open = (words: string, call: () => Promise<Answer<InspectionStatus>>): Promise<void> =>
    get().leaveLive(words, () => openWith(bridge, set, get, call));
  const forget = (): void => set({ ...startedCapture(get()), status: IDLE });
  return {
    chooseCapture: async () => {
      const answer = await ask(bridge.invoke['capture:choose'](null));
      if (!answer.ok) set({ openProblem: answer.problem });
      else if (answer.value !== null) await get().openCapture(answer.value);
    },
    openCapture: (path) => open('Stop and open', () => bridge.invoke['capture:open']({ path })),
    openSample: () => open('Stop and open the sample', () => bridge.invoke['capture:open-sample'](null)),
    closeCapture: () =>
      get().leaveLive('Stop and close', async () => {
        const answer = await ask(bridge.invoke['capture:close'](null));
        if (answer.ok) forget();
        else set({ openProblem: answer.problem });
        await Promise.all([loadRecent(bridge, set), loadLeft(bridge, set, get)]);
      }),
    reinspect: async () => {
      set({ opening: true, openProblem: null });
      const answer = await ask(bridge.invoke['capture:reinspect'](null));
      set({ opening: false });
      if (!answer.ok) set({ openProblem: answer.problem });
      else if (answer.value?.phase === 'failed') set({ status: answer.value, openProblem: answer.value.problem });
      else if (answer.value !== null) {
        // The same capture: the user stays where he is, with what he searched for.
        const { screen, search, sort } = get();
        set({ ...startedCapture(get()), screen, search, sort, status: answer.value });
      }
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
    showScreen: (screen) => set({ screen, policy: { ...get().policy, cameFrom: null } }),
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
    bridge.on['inspection:status']((status) => receiveStatus(status, set, get, () => void afterLive(bridge, set, get))),
    bridge.on['interfaces:activity']((measured) => {
      const activity = Object.fromEntries(measured.map(({ name, packetsPerSecond }) => [name, packetsPerSecond]));
      set({ live: { ...get().live, activity } });
    }),
    bridge.on['window:close-asked'](() => {
      const close = async (): Promise<void> => {
        const answer = await ask(bridge.invoke['window:close'](null));
        if (!answer.ok) set({ openProblem: answer.problem });
      };
      void get().leaveLive('Stop and quit', close);
    }),
    bridge.on['capture:open-asked'](({ path }) => void get().openCapture(path)),
    bridge.on['violation:show']((violation) => get().showViolation(violation)),
    bridge.on['menu:command']((command) => runMenuCommand(command, get())),
    bridge.on['policy:changed']((held) => receivePolicy(held, set, get)),
    bridge.on['theme:changed'](({ dark }) => set({ systemDark: dark })),
  ];
  void loadStart(bridge, set, get);
  return () => {
    for (const stop of stops) stop();
  };
}

async function loadStart(bridge: Bridge, set: Set, get: Get): Promise<void> {
  const [settings, status, info, policy] = await Promise.all([
    ask(bridge.invoke['settings:get'](null)),
    ask(bridge.invoke['capture:status'](null)),
    ask(bridge.invoke['app:info'](null)),
    ask(bridge.invoke['policy:get'](null)),
    loadRecent(bridge, set),
    loadLeft(bridge, set, get),
  ]);
  if (settings.ok) set({ settings: settings.value });
  if (info.ok) set({ info: info.value });
  if (policy.ok) receivePolicy(policy.value, set, get);
  if (status.ok) receiveStatus(status.value, set, get, () => undefined);
  else set({ openProblem: status.problem });
}

/** A status about another file than before starts the screens anew, for example one opened from the menu. */
function receiveStatus(status: InspectionStatus, set: Set, get: Get, afterLive: () => void): void {
  const before = get().status;
  const another = status.path !== before.path;
  if (status.phase === 'failed' && (another || before.phase !== 'failed')) set({ openProblem: status.problem });
  if (another && status.phase !== 'failed') set(startedCapture(get()));
  // What was dismissed was another problem.
  if (liveOf(status)?.problem?.code !== liveOf(before)?.problem?.code) set({ problemDismissed: false });
  const { live } = get();
  // While the display is paused the views stay as they are; everything else goes on.
  if (live.paused !== null && status.phase === 'live') set({ status: { ...status, views: before.views } });
  else set({ status, ...(live.paused === null ? {} : { live: { ...live, paused: null } }) });
  if (before.phase === 'live' && status.phase !== 'live') afterLive();
}

/** What was captured can now be looked at whole, also when the display was paused. */
async function afterLive(bridge: Bridge, set: Set, get: Get): Promise<void> {
  await Promise.all([ask(bridge.invoke['live:pause']({ paused: false })), loadLeft(bridge, set, get)]);
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
    'start-stop': () => app.startOrStop(),
    'save-capture': () => void app.saveCapture(),
    'pause-display': () => app.pauseDisplay(app.live.paused === null),
    sessions: () => app.showScreen('sessions'),
    violations: () => app.showScreen('violations'),
    policy: () => app.showScreen('policy'),
  };
  run[command]();
}

/** Puts the caret into the toolbar's search field; does nothing when there is none. */
export function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('[data-search]');
  field?.focus();
  field?.select();
}
