/**
 * A bridge without a main process: realistic answers, made on demand, and
 * pushes by hand. Tests override single answers; the dev page uses it as it is.
 */
import { IDLE, NO_TOTALS, DEFAULT_SETTINGS } from '../../renderer/store/initial.js';
import type { InspectionStatus, Problem, ViewSpec, ViewState } from '../../shared/inspection.js';
import type {
  Answer,
  Bridge,
  InvokeChannel,
  InvokeChannels,
  PushChannel,
  PushChannels,
  RecentCapture,
  Settings,
} from '../../shared/ipc.js';
import type { PolicyState } from '../../shared/policy.js';
import type { SessionSummary } from '../../shared/session.js';
import { SEVERITY_RANK } from '../../shared/severity.js';
import type { Violation } from '../../shared/violation.js';
import { fakeLiveAnswers } from './fake-live.js';
import { FAKE_CATALOGUE, fakeCheck, fakePolicyState } from './fake-policy.js';
import { fakeFindings, fakeSession, fakeTranscript } from './fake-sessions.js';

type Answers = { [C in InvokeChannel]: (input: InvokeChannels[C]['input']) => InvokeChannels[C]['output'] | Problem };
type Listeners = { [C in PushChannel]: Set<(message: PushChannels[C]) => void> };

export interface FakeOptions {
  readonly sessions?: number;
  readonly open?: boolean;
  readonly status?: Partial<InspectionStatus>;
  readonly settings?: Partial<Settings>;
  readonly recent?: readonly RecentCapture[];
  readonly policy?: PolicyState;
  readonly answers?: Partial<Answers>;
}

/** The bridge, what was asked of it, and a way to push. */
export interface FakeBridge extends Bridge {
  readonly calls: readonly { readonly channel: InvokeChannel; readonly input: unknown }[];
  push: <C extends PushChannel>(channel: C, message: PushChannels[C]) => void;
}

export const SAMPLE_PATH = '/captures/mx1-2026-11-20.pcapng';

/** State of an open, wholly read capture with so many sessions. */
export function fakeStatus(sessions: number, change: Partial<InspectionStatus> = {}): InspectionStatus {
  return {
    ...IDLE,
    phase: 'done',
    path: SAMPLE_PATH,
    name: 'mx1-2026-11-20.pcapng',
    sizeBytes: 2_100_000_000,
    readBytes: 2_100_000_000,
    policy: { name: 'Modern', active: 142, total: 171 },
    totals: {
      ...NO_TOTALS,
      packets: 3_904_112,
      bytes: 2_100_000_000,
      sessions,
      violations: { critical: 2, high: 5, medium: 31, low: 0, info: 0 },
      missingBytes: 18_200,
      sessionsWithGaps: 4,
      notDecoded: { arp: 812, udp: 120_331, 'ipv6-hop-limit': 3 },
      firstPacketUs: fakeSession(0).startUs,
      lastPacketUs: fakeSession(40).startUs,
    },
    ...change,
  };
}

export function createFakeBridge(options: FakeOptions = {}): FakeBridge {
  const listeners: Listeners = {
    'inspection:status': new Set(),
    'interfaces:activity': new Set(),
    'window:close-asked': new Set(),
    'capture:open-asked': new Set(),
    'violation:show': new Set(),
    'menu:command': new Set(),
    'policy:changed': new Set(),
    'theme:changed': new Set(),
  };
  const calls: { readonly channel: InvokeChannel; readonly input: unknown }[] = [];
  const answers: Answers = { ...defaultAnswers(options), ...options.answers };
  const answerer =
    <C extends InvokeChannel>(channel: C) =>
    async (input: InvokeChannels[C]['input']): Promise<Answer<InvokeChannels[C]['output']>> => {
      calls.push({ channel, input });
      const answer = answers[channel](input);
      await Promise.resolve();
      return isProblem(answer) ? { ok: false, problem: answer } : { ok: true, value: answer };
    };
  const listen =
    <C extends PushChannel>(channel: C) =>
    (listener: (message: PushChannels[C]) => void) => {
      listeners[channel].add(listener);
      return () => void listeners[channel].delete(listener);
    };
  const invoke = Object.fromEntries(
    (Object.keys(answers) as InvokeChannel[]).map((channel) => [channel, answerer(channel)]),
  );
  return {
    invoke: invoke as unknown as Bridge['invoke'],
    on: {
      'inspection:status': listen('inspection:status'),
      'interfaces:activity': listen('interfaces:activity'),
      'window:close-asked': listen('window:close-asked'),
      'capture:open-asked': listen('capture:open-asked'),
      'violation:show': listen('violation:show'),
      'menu:command': listen('menu:command'),
      'policy:changed': listen('policy:changed'),
      'theme:changed': listen('theme:changed'),
    },
    pathOfFile: () => SAMPLE_PATH,
    calls,
    push: (channel, message) => {
      for (const listener of listeners[channel]) listener(message);
    },
  };
}

function isProblem(answer: unknown): answer is Problem {
  return typeof answer === 'object' && answer !== null && 'code' in answer && 'hint' in answer;
}

function defaultAnswers(options: FakeOptions): Answers {
  const total = options.sessions ?? 40;
  const opened = fakeStatus(total, options.status);
  let status = options.open === false ? { ...IDLE, ...options.status } : opened;
  let settings: Settings = { ...DEFAULT_SETTINGS, ...options.settings };
  let policy = options.policy ?? fakePolicyState({ schema: 1, profile: 'modern' });
  const views = new FakeViews(total);
  const open = (): InspectionStatus => (status = opened);
  return {
    ...fakeLiveAnswers(open),
    'app:info': () => ({
      version: '0.1.0',
      electron: '25.1.1',
      chromium: '114.0.5735.45',
      node: '18.15.0',
      platform: 'linux x64',
      standInElectron: true,
    }),
    'settings:get': () => settings,
    'settings:set': (change) => (settings = { ...settings, ...change }),
    'recent:list': () => options.recent ?? [],
    'recent:clear': () => null,
    'capture:choose': () => SAMPLE_PATH,
    'capture:open': open,
    'capture:open-sample': open,
    'capture:cancel': () => null,
    'capture:close': () => {
      status = IDLE;
      return null;
    },
    'capture:status': () => status,
    'view:open': (spec) => views.open(spec),
    'view:change': ({ viewId, spec }) => views.change(viewId, spec),
    'view:rows': ({ viewId, from, count }) => views.rows(viewId, from, count),
    'view:index-of': ({ viewId, id }) => views.indexOf(viewId, id),
    'view:close': () => null,
    'session:transcript': ({ sessionId, reveal, expand, from, count }) => {
      const session = fakeSession(sessionId - 1);
      const items = fakeTranscript(session, reveal, expand);
      return {
        sessionId,
        items: items.slice(from, from + count),
        from,
        total: items.length,
        startUs: session.startUs,
        revealed: reveal,
        masked: reveal ? 0 : 2,
        warnings: [],
      };
    },
    'session:facts': () => [
      { group: 'Server', label: 'Greeting', value: '220 mx1.corp.example ESMTP ready' },
      { group: 'Server', label: 'Capabilities', value: 'SIZE 52428800, AUTH CRAM-MD5 PLAIN LOGIN, STARTTLS' },
      { group: 'Authentication', label: 'Mechanism', value: 'CRAM-MD5' },
      { group: 'Authentication', label: 'Result', value: '535 5.7.8 authentication failed' },
      { group: 'Timing', label: 'Greeting after', value: '21 ms' },
    ],
    'session:findings': ({ sessionId }) =>
      fakeSession(sessionId - 1).worst === null ? [] : fakeFindings(fakeSession(sessionId - 1)),
    'session:hex': ({ direction, offset, count }) => {
      const streamLength = direction === 'to_server' ? 1500 : 300;
      const octets = Array.from({ length: Math.max(0, Math.min(count, streamLength - offset)) }, (_, at) =>
        hexOctet(offset + at),
      );
      return { direction, offset, octets, streamLength };
    },
    'protections:list': () => FAKE_CATALOGUE,
    'capture:reinspect': () => {
      policy = { ...policy, isInForce: true };
      return status;
    },
    'policy:get': () => policy,
    'policy:check': ({ document }) => fakeCheck(document),
    'policy:apply': ({ document, path }) => {
      const { problem } = fakeCheck(document);
      return problem ?? (policy = fakePolicyState(document, { path, isInForce: false }));
    },
    'policy:import': () => null,
    'policy:export': () => '/policies/site.json',
  };
}

function hexOctet(at: number): number {
  if (at >= 47 && at < 400) return -2;
  if (at >= 420 && at < 440) return -1;
  return 'EHLO gw7.partner.example\r\nVRFY root\r\nAUTH CRAM-MD5\r\n'.charCodeAt(at % 52);
}

/** Views over the made-up sessions: sorted and searched for real up to 5,000, in their own order beyond. */
class FakeViews {
  private readonly views = new Map<number, { spec: ViewSpec; version: number; ids: readonly number[] | null }>();

  constructor(private readonly sessions: number) {}

  open(spec: ViewSpec): ViewState {
    const viewId = this.views.size + 1;
    this.views.set(viewId, { spec, version: 1, ids: this.order(spec) });
    return this.state(viewId);
  }

  change(viewId: number, spec: ViewSpec): ViewState {
    const version = (this.views.get(viewId)?.version ?? 0) + 1;
    this.views.set(viewId, { spec, version, ids: this.order(spec) });
    return this.state(viewId);
  }

  rows(viewId: number, from: number, count: number): InvokeChannels['view:rows']['output'] {
    const state = this.state(viewId);
    const indexes = Array.from({ length: Math.max(0, Math.min(count, state.total - from)) }, (_, at) =>
      this.at(viewId, from + at),
    );
    const kind = this.views.get(viewId)?.spec.kind;
    if (kind === 'violations') return { kind, state, from, rows: indexes.map(fakeViolation) };
    return { kind: 'sessions', state, from, rows: indexes.map(fakeSession) };
  }

  indexOf(viewId: number, id: number): number {
    const view = this.views.get(viewId);
    const index = view?.spec.kind === 'violations' ? violationIndex(id) : id - 1;
    return view?.ids === null ? index : (view?.ids.indexOf(index) ?? -1);
  }

  private state(viewId: number): ViewState {
    const view = this.views.get(viewId);
    const unfiltered = view?.spec.kind === 'violations' ? this.violations() : this.sessions;
    return { viewId, version: view?.version ?? 0, total: view?.ids?.length ?? unfiltered, unfiltered };
  }

  private violations(): number {
    return Math.min(this.sessions, 60) * 3;
  }

  private at(viewId: number, index: number): number {
    return this.views.get(viewId)?.ids?.[index] ?? index;
  }

  private order(spec: ViewSpec): readonly number[] | null {
    const count = spec.kind === 'violations' ? this.violations() : this.sessions;
    if (count > 5000) return null;
    const ids = Array.from({ length: count }, (_, at) => at);
    const words = spec.search.toLowerCase().split(/\s+/).filter(Boolean);
    const rowOf = (index: number): SessionSummary | Violation =>
      spec.kind === 'violations' ? fakeViolation(index) : fakeSession(index);
    const matching = ids.filter((index) =>
      words.every((word) => JSON.stringify(rowOf(index)).toLowerCase().includes(word)),
    );
    const sign = spec.sort.descending ? -1 : 1;
    return matching.sort(
      (a, b) => sign * (sortKey(rowOf(a), spec.sort.column) - sortKey(rowOf(b), spec.sort.column)) || a - b,
    );
  }
}

function sortKey(row: SessionSummary | Violation, column: string): number {
  if (column === 'severity' && 'severity' in row) return SEVERITY_RANK[row.severity];
  if (column === 'worst' && 'worst' in row) return row.worst === null ? 0 : SEVERITY_RANK[row.worst];
  if (column === 'bytes' && 'bytesToServer' in row) return row.bytesToServer;
  return 'timeUs' in row ? row.timeUs : row.startUs;
}

function fakeViolation(index: number): Violation {
  return fakeFindings(fakeSession(Math.floor(index / 3)))[index % 3] as Violation;
}

function violationIndex(id: number): number {
  return (Math.floor(id / 10) - 1) * 3 + (id % 10);
}
