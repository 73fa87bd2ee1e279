/**
 * What the user does with the policy. In: edits of the draft, and the wish to
 * apply, import or export. Every edit is judged by the main process a moment
 * later; of several answers only the latest counts.
 */
import type { Bridge } from '../../shared/ipc.js';
import type { PolicyCheck, PolicyDescription, PolicyDocument, PolicyState } from '../../shared/policy.js';
import { ask } from '../bridge.js';
import { cleanDocument, isSameDocument } from '../policy/draft.js';
import { PROFILES } from '../policy/policy-words.js';
import { placeOf } from '../policy/problem-place.js';
import type { AppState, AppStore } from './app-state.js';
import type { PolicyActions, PolicyDesk } from './policy-desk.js';

type Get = () => AppStore;
type Set = (change: Partial<AppState>) => void;
type Change = (change: Partial<PolicyDesk>) => void;

const CHECK_DELAY_MS = 120;

export function policyActions(bridge: Bridge, set: Set, get: Get): PolicyActions {
  const change: Change = (part) => set({ policy: { ...get().policy, ...part } });
  const judge = judging(bridge, get, change);
  let serial = 0;
  return {
    ...fileActions(bridge, get, change, judge),
    loadPolicy: async () => {
      if (get().policy.catalogue.length > 0) return;
      const [catalogue, profiles] = await Promise.all([
        ask(bridge.invoke['protections:list'](null)),
        allProfiles(bridge),
      ]);
      if (catalogue.ok) change({ catalogue: catalogue.value, profiles });
      else change({ refused: catalogue.problem });
      judge();
    },
    editPolicy: (edit) => {
      change({ draft: edit(get().policy.draft) });
      judge();
    },
    showPolicyTab: (tab) => change({ tab }),
    searchProtections: (search) => change({ search }),
    selectProtection: (selectedId) => change({ selectedId }),
    toggleFamily: (family) => {
      const closed = new Set(get().policy.closedFamilies);
      if (!closed.delete(family)) closed.add(family);
      change({ closedFamilies: closed });
    },
    showInPolicy: (path) => {
      const place = placeOf(path);
      const { screen } = get();
      set({ screen: 'policy' });
      if (screen !== 'policy') change({ cameFrom: screen });
      if (place === null) return;
      change({
        tab: place.tab,
        fieldRequest: { field: place.field, serial: ++serial },
        // A protection that the search hides, or whose family is closed, would not be there to be shown.
        ...(place.protection !== null && { selectedId: place.protection, search: '', closedFamilies: new Set() }),
      });
    },
    dismissPolicyProblem: () => change({ refused: null, savedProblemDismissed: true }),
  };
}

function fileActions(bridge: Bridge, get: Get, change: Change, judge: () => void) {
  return {
    discardPolicy: () => {
      const { held } = get().policy;
      if (held === null) return;
      change({ draft: held.document, file: fileOf(held), refused: null });
      judge();
    },
    applyPolicy: async () => {
      const { draft, file, held } = get().policy;
      if (held === null || isSameDocument(draft, held.document)) return;
      const document = cleanDocument(draft);
      const path = file !== null && isSameDocument(file.document, document) ? file.path : null;
      const answer = await ask(bridge.invoke['policy:apply']({ document, path }));
      if (!answer.ok) change({ refused: answer.problem });
      else change({ held: answer.value, refused: null, ...(get().policy.draft === draft && { draft: document }) });
    },
    importPolicy: async () => {
      const answer = await ask(bridge.invoke['policy:import'](null));
      if (!answer.ok) change({ refused: answer.problem });
      else if (answer.value !== null) {
        change({ draft: answer.value.document, file: answer.value, refused: null });
        judge();
      }
    },
    exportPolicy: async () => {
      const document = cleanDocument(get().policy.draft);
      const answer = await ask(bridge.invoke['policy:export']({ document }));
      if (!answer.ok) change({ refused: answer.problem });
      else if (answer.value !== null) change({ file: { document, path: answer.value }, refused: null });
    },
  } satisfies Partial<PolicyActions>;
}

/** Takes what holds; a draft without changes of its own follows it. */
export function receivePolicy(held: PolicyState, set: Set, get: Get): void {
  const { policy } = get();
  const isUntouched = policy.held === null || isSameDocument(policy.draft, policy.held.document);
  set({
    policy: { ...policy, held, ...(isUntouched && { draft: held.document, file: fileOf(held) }) },
  });
}

function fileOf(held: PolicyState): PolicyDesk['file'] {
  return held.path === null ? null : { document: held.document, path: held.path };
}

/** The function that has the draft judged a moment after the last call. */
function judging(bridge: Bridge, get: Get, change: Change): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;
  const run = async (serial: number): Promise<void> => {
    const document = cleanDocument(get().policy.draft);
    const [check, networks] = await Promise.all([
      checked(bridge, document),
      checked(bridge, { schema: 1, ...(document.networks !== undefined && { networks: document.networks }) }),
    ]);
    if (serial === latest && check !== null) change({ check, networksList: networks?.description?.perimeter ?? null });
  };
  return () => {
    clearTimeout(timer);
    const serial = ++latest;
    timer = setTimeout(() => void run(serial), CHECK_DELAY_MS);
  };
}

async function checked(bridge: Bridge, document: PolicyDocument): Promise<PolicyCheck | null> {
  const answer = await ask(bridge.invoke['policy:check']({ document }));
  return answer.ok ? answer.value : null;
}

async function allProfiles(bridge: Bridge): Promise<Readonly<Record<string, PolicyDescription>>> {
  const checks = await Promise.all(
    PROFILES.map(
      async ({ name }) => [name, (await checked(bridge, { schema: 1, profile: name }))?.description] as const,
    ),
  );
  return Object.fromEntries(checks.flatMap(([name, description]) => (description ? [[name, description]] : [])));
}
