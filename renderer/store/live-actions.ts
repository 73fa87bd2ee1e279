/**
 * What the user does with live captures. In: wishes. Out: calls of the main
 * process and the live part of the state. Whatever would end a running capture
 * is asked about first (`leaveLive`).
 */
import type { InspectionStatus } from '../../shared/inspection.js';
import type { Answer, Bridge, LiveStart } from '../../shared/ipc.js';
import { ask } from '../bridge.js';
import type { AppState, AppStore } from './app-state.js';
import { canSave, isCapturing, liveOf, type LiveActions, type LiveDesk } from './live-desk.js';

type Get = () => AppStore;
type Set = (change: Partial<AppState>) => void;
type Open = (call: () => Promise<Answer<InspectionStatus>>) => Promise<void>;

const MEBIBYTE = 1_048_576;

/** `open` shows what a call opened, as for files. */
export function liveActions(bridge: Bridge, set: Set, get: Get, open: Open): LiveActions {
  const change = (part: Partial<LiveDesk>): void => set({ live: { ...get().live, ...part } });
  return {
    ...interfaceActions(bridge, get, change),
    ...runActions(bridge, set, get, open, change),
    ...leftActions(bridge, set, get, open, change),
    pauseDisplay: (paused) => {
      const { status, live } = get();
      if (paused === (live.paused !== null) || (paused && status.phase !== 'live')) return;
      change({ paused: paused ? { sessions: status.totals.sessions } : null });
      void ask(bridge.invoke['live:pause']({ paused }));
    },
    leaveLive: async (words, go) => {
      if (isCapturing(get().status)) change({ leaving: { words, go } });
      else await go();
    },
    answerLeaving: (leave) => {
      const { leaving } = get().live;
      change({ leaving: null });
      if (leave) void leaving?.go();
    },
  };
}

type Change = (part: Partial<LiveDesk>) => void;

function interfaceActions(bridge: Bridge, get: Get, change: Change) {
  return {
    listInterfaces: async () => {
      if (get().live.listing) return;
      change({ listing: true });
      const answer = await ask(bridge.invoke['interfaces:list'](null));
      if (!answer.ok) return change({ listing: false, listProblem: answer.problem });
      const { selected } = get().live;
      const isThere = answer.value.some(({ name }) => name === selected);
      const first = answer.value.find(({ engine }) => engine !== null) ?? answer.value[0];
      change({
        interfaces: answer.value,
        listing: false,
        listProblem: null,
        selected: isThere ? selected : (first?.name ?? null),
      });
    },
    watchInterfaces: (listening) => {
      if (listening) change({ activity: {} });
      void ask(bridge.invoke['interfaces:listen']({ listening }));
    },
    selectInterface: (name) => {
      // The filter in force depends on the interface: what was typed for another is not carried over.
      const { selected, options } = get().live;
      change({ selected: name, options: name === selected ? options : { ...options, filter: null } });
    },
    setStartOptions: (part) => change({ options: { ...get().live.options, ...part } }),
  } satisfies Partial<LiveActions>;
}

function runActions(bridge: Bridge, set: Set, get: Get, open: Open, change: Change) {
  const start = (request: LiveStart): Promise<void> =>
    get().leaveLive(`Stop and start on ${request.interfaceName}`, async () => {
      const { ringFileMebibytes, ringFiles } = get().settings;
      change({ request, ringBytes: ringFileMebibytes * MEBIBYTE * ringFiles, paused: null, savedAs: null });
      await open(() => bridge.invoke['live:start'](request));
    });
  const startAgain = async (): Promise<void> => {
    const request = get().live.request ?? requestOf(get().status);
    if (request !== null) await start(request);
  };
  const stopLive = async (): Promise<void> => {
    const answer = await ask(bridge.invoke['live:stop'](null));
    if (!answer.ok) set({ openProblem: answer.problem });
  };
  const startLive = (interfaceName: string): Promise<void> => {
    const { engine, filter, promiscuous } = get().live.options;
    return start({
      interfaceName,
      promiscuous,
      ...(engine === null ? {} : { engine }),
      ...(filter === null ? {} : { filter }),
    });
  };
  return {
    startAgain,
    stopLive,
    startLive,
    startOrStop: () => {
      const { status, live, opening } = get();
      if (opening) return;
      if (isCapturing(status)) void stopLive();
      else if (liveOf(status) !== null) void startAgain();
      else if ((status.phase === 'idle' || status.phase === 'failed') && live.selected !== null)
        void startLive(live.selected);
    },
    saveCapture: async () => {
      if (!canSave(get().status, get().live.left)) return;
      const answer = await ask(bridge.invoke['live:save'](null));
      if (!answer.ok) set({ openProblem: answer.problem });
      else if (answer.value !== null) change({ savedAs: answer.value });
    },
    dismissSaved: () => change({ savedAs: null }),
  } satisfies Partial<LiveActions>;
}

/** What a capture that this page did not start was asked for, as far as it shows. */
function requestOf(status: InspectionStatus): LiveStart | null {
  const live = liveOf(status);
  return live === null ? null : { interfaceName: live.interfaceName, filter: live.filter };
}

function leftActions(bridge: Bridge, set: Set, get: Get, open: Open, change: Change) {
  return {
    reopenLeft: (folder) => open(() => bridge.invoke['live:reopen']({ folder })),
    removeLeft: async (folder) => {
      const answer = await ask(bridge.invoke['live:remove']({ folder }));
      if (answer.ok) change({ left: answer.value });
      else {
        set({ openProblem: answer.problem });
        await loadLeft(bridge, set, get);
      }
    },
  } satisfies Partial<LiveActions>;
}

/** Asks which captures were never saved. */
export async function loadLeft(bridge: Bridge, set: Set, get: Get): Promise<void> {
  const left = await ask(bridge.invoke['live:left'](null));
  if (left.ok) set({ live: { ...get().live, left: left.value } });
}
