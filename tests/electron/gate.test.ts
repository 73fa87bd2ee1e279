import { describe, expect, it, vi } from 'vitest';
import { answerThroughGate } from '../../electron/ipc/gate.js';
import { INPUT_SCHEMAS } from '../../electron/ipc/inputs.js';
import { ProblemError } from '../../inspector/problem.js';
import type { InvokeChannel } from '../../shared/ipc.js';

const OURS = { url: 'app://mailscope/index.html' };
const RULES = {
  isOurFrame: (frame: object) => frame === OURS,
  isOurUrl: (url: string) => url.startsWith('app://mailscope/'),
};

function ask(channel: InvokeChannel, input: unknown, senderFrame: { readonly url: string } | null = OURS) {
  const answer = vi.fn((given: unknown) => ({ given }));
  return { answer, result: answerThroughGate(RULES, { senderFrame }, input, INPUT_SCHEMAS[channel], answer) };
}

/** An input that each channel takes; the channels with `null` take nothing. */
const GOOD: Readonly<Record<InvokeChannel, unknown>> = {
  'interfaces:list': null,
  'interfaces:listen': { listening: true },
  'live:start': { interfaceName: 'eth0', engine: 'tcpdump', filter: 'tcp port 25', promiscuous: false },
  'live:stop': null,
  'live:pause': { paused: true },
  'live:save': null,
  'live:default-filter': { interfaceName: 'lo' },
  'live:check-filter': { interfaceName: 'lo', filter: 'tcp port 25' },
  'live:left': null,
  'live:reopen': { folder: '/tmp/captures/one' },
  'live:remove': { folder: '/tmp/captures/one' },
  'window:close': null,
  'clipboard:write': { text: 'sudo true' },
  'app:info': null,
  'settings:get': null,
  'settings:set': { theme: 'dark', panels: { session: [40, 60] } },
  'recent:list': null,
  'recent:clear': null,
  'capture:choose': null,
  'capture:open': { path: '/tmp/a.pcap' },
  'capture:open-sample': null,
  'capture:cancel': null,
  'capture:close': null,
  'capture:reinspect': null,
  'capture:status': null,
  'view:open': { kind: 'violations', sort: { column: 'time', descending: true }, search: 'x', sessionId: 4 },
  'view:change': { viewId: 1, spec: { kind: 'sessions', sort: { column: 'time', descending: true }, search: '' } },
  'view:rows': { viewId: 1, from: 0, count: 100 },
  'view:index-of': { viewId: 1, id: 5 },
  'view:close': { viewId: 1 },
  'session:transcript': { sessionId: 9, reveal: false, expand: [1], from: 0, count: 500 },
  'session:facts': { sessionId: 9, reveal: false },
  'session:findings': { sessionId: 9 },
  'session:hex': { sessionId: 9, direction: 'to_client', offset: 0, count: 4096, reveal: false },
  'protections:list': null,
  'policy:get': null,
  'policy:check': { document: { schema: 1, profile: 'strict', limits: { flows: 500 } } },
  'policy:apply': {
    document: {
      schema: 1,
      networks: { own: ['10.0.0.0/8'] },
      protections: { 'smtp-max-recipients': { action: 'off', settings: { limit: 'as typed' }, servers: ['10.0.0.1'] } },
      perimeter: ['permit ip any any'],
    },
    path: '/tmp/site.json',
  },
  'policy:import': null,
  'policy:export': { document: { schema: 1 } },
};

describe('the gate between page and main process', () => {
  it.each(Object.entries(GOOD))(
    '%s takes what its contract says and passes exactly that on',
    async (channel, input) => {
      expect(await ask(channel as InvokeChannel, input).result).toEqual({ ok: true, value: { given: input } });
    },
  );

  it.each(Object.keys(GOOD))('%s takes neither nothing, nor a text, nor an unknown key', async (channel) => {
    for (const input of [
      undefined,
      'x',
      { surprise: 1 },
      { ...(GOOD[channel as InvokeChannel] as object), surprise: 1 },
    ]) {
      const { answer, result } = ask(channel as InvokeChannel, input);
      expect(await result).toMatchObject({ ok: false, problem: { code: 'ipc-bad-input' } });
      expect(answer).not.toHaveBeenCalled();
    }
  });

  it.each<[InvokeChannel, unknown]>([
    ['capture:open', { path: '' }],
    ['capture:open', { path: '/tmp/a\0b' }],
    ['capture:open', { path: 7 }],
    ['live:start', { interfaceName: '' }],
    ['live:start', { interfaceName: 'eth0\0' }],
    ['live:start', { interfaceName: 'x'.repeat(257) }],
    ['live:start', { interfaceName: 'eth0', engine: 'wireshark' }],
    ['live:start', { interfaceName: 'eth0', filter: 'x'.repeat(4097) }],
    ['live:start', { interfaceName: 'eth0', promiscuous: 'yes' }],
    ['live:start', { interfaceName: 'eth0', folder: '/etc' }],
    ['live:check-filter', { interfaceName: 'lo', filter: 'a\0b' }],
    ['live:reopen', { folder: '' }],
    ['clipboard:write', { text: '' }],
    ['settings:set', { captureEngine: 'sniffer' }],
    ['settings:set', { ringFileMebibytes: 0 }],
    ['settings:set', { ringFileMebibytes: 4097 }],
    ['settings:set', { ringFiles: 1 }],
    ['settings:set', { ringFiles: 2.5 }],
    ['settings:set', { notifyFrom: 'medium' }],
    ['settings:set', { theme: 'pink' }],
    ['settings:set', { panels: { session: [-5] } }],
    ['view:rows', { viewId: 1, from: -1, count: 1 }],
    ['view:rows', { viewId: 1, from: 0, count: 1e9 }],
    ['view:rows', { viewId: 1.5, from: 0, count: 1 }],
    ['view:open', { kind: 'packets', sort: { column: 'time', descending: true }, search: '' }],
    ['view:open', { kind: 'sessions', sort: { column: 'time', descending: true }, search: 'x'.repeat(1001) }],
    ['session:hex', { sessionId: 9, direction: 'sideways', offset: 0, count: 1, reveal: false }],
    ['policy:check', { document: { schema: 2 } }],
    ['policy:check', { document: { schema: 1, surprise: true } }],
    ['policy:check', { document: { schema: 1, protections: { x: { action: 'drop' } } } }],
    ['policy:check', { document: { schema: 1, protections: { x: { settings: { limit: { deep: 1 } } } } } }],
    ['policy:check', { document: { schema: 1, limits: { flows: Number.NaN } } }],
    ['policy:check', { document: { schema: 1, perimeter: [1] } }],
    ['policy:check', { document: { schema: 1, perimeter: Array.from({ length: 50_001 }, () => '') } }],
    ['policy:apply', { document: { schema: 1 } }],
    ['policy:apply', { document: { schema: 1 }, path: '/tmp/a\0b' }],
    ['session:transcript', { sessionId: Number.NaN, reveal: false, expand: [], from: 0, count: 1 }],
  ])('%s refuses %j', async (channel, input) => {
    expect(await ask(channel, input).result).toMatchObject({ ok: false, problem: { code: 'ipc-bad-input' } });
  });

  it('never repeats what it refused, which may be a secret', async () => {
    const answer = await ask('settings:set', { theme: 'hunter2' }).result;
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  it.each([
    ['another frame at our address', { url: 'app://mailscope/index.html' }],
    ['a remote page', { url: 'https://example.org/' }],
    ['a frame that is gone', null],
  ])('does not answer %s', async (_who, frame) => {
    const { answer, result } = ask('capture:status', null, frame);
    expect(await result).toMatchObject({ ok: false, problem: { code: 'ipc-foreign-sender' } });
    expect(answer).not.toHaveBeenCalled();
  });

  it('does not answer our own frame once it shows another address', async () => {
    const moved = { url: 'https://example.org/' };
    const rules = { ...RULES, isOurFrame: () => true };
    expect(
      await answerThroughGate(rules, { senderFrame: moved }, null, INPUT_SCHEMAS['app:info'], () => 1),
    ).toMatchObject({ ok: false });
  });

  it('takes an interface alone to capture on, and undefined options for absent ones', async () => {
    for (const input of [{ interfaceName: 'lo' }, { interfaceName: 'lo', engine: undefined, filter: undefined }])
      expect(await ask('live:start', input).result).toStrictEqual({
        ok: true,
        value: { given: { interfaceName: 'lo' } },
      });
  });

  it('takes an explicitly undefined optional field for an absent one', async () => {
    const spec = { kind: 'sessions', sort: { column: 'time', descending: false }, search: '', sessionId: undefined };
    expect(await ask('view:open', spec).result).toStrictEqual({
      ok: true,
      value: { given: { kind: 'sessions', sort: { column: 'time', descending: false }, search: '' } },
    });
  });

  it('turns what an answer throws into a problem', async () => {
    const failing = (error: unknown) =>
      answerThroughGate(RULES, { senderFrame: OURS }, null, INPUT_SCHEMAS['app:info'], () => Promise.reject(error));
    const problem = { code: 'file-empty', message: 'It is empty.', hint: 'Capture again.' };
    expect(await failing(new ProblemError(problem))).toEqual({ ok: false, problem });
    expect(await failing(new TypeError('x is not a function'))).toMatchObject({
      ok: false,
      problem: { code: 'internal-error' },
    });
  });
});
