import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { captureFolderName, proposedName } from '../../electron/live/capture-names.js';
import { machineNode } from '../../electron/live/helper-node.js';
import { LiveCaptures } from '../../electron/live/live-captures.js';
import { NoticeLimit } from '../../electron/live/notice-limit.js';
import { isWorthNotice, noticeWords } from '../../electron/live/notice-words.js';
import { DEFAULT_SETTINGS } from '../../electron/settings.js';
import type { InspectorClient } from '../../inspector/index.js';
import type { CaptureRequest, LiveStatus } from '../../shared/capture.js';
import { makeViolation } from '../inspector/made-sessions.js';
import { fakeLive } from '../renderer/fake-live.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailscope-live-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

/** An inspector that captures nothing: it holds the status that a test gives it. */
class FakeInspector {
  live: LiveStatus | null = null;
  requests: CaptureRequest[] = [];
  opened: string[] = [];
  saved: string[] = [];

  get status() {
    return { name: this.live?.interfaceName ?? '', path: this.live?.folder ?? '', live: this.live };
  }

  startLive(request: CaptureRequest) {
    this.requests.push(request);
    const { interfaceName } = request;
    this.live = fakeLive({ interfaceName, folder: request.folder });
    this.leave(request.folder, 'running');
    return Promise.resolve(this.status);
  }

  stopLive() {
    this.over({ phase: 'stopped' });
    return Promise.resolve();
  }

  over(change: Partial<LiveStatus>) {
    if (this.live === null) return;
    this.live = { ...this.live, ...change };
    this.leave(this.live.folder, 'closed');
  }

  open(path: string) {
    this.opened.push(path);
    this.live = null;
    return Promise.resolve(this.status);
  }

  saveLive(path: string) {
    this.saved.push(path);
    return Promise.resolve({ bytes: 1, files: 1 });
  }

  /** As this process itself would have left it. */
  leave(at: string, state: 'running' | 'closed', pid = process.pid) {
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'one.pcapng'), 'octets');
    const files = [{ name: 'one.pcapng', start: 0, length: 6 }];
    const processStartedMs = Math.round(Date.now() - process.uptime() * 1000);
    writeFileSync(
      join(at, 'capture.json'),
      JSON.stringify({
        schema: 1,
        interfaceName: 'eth9',
        engine: 'dumpcap',
        filter: '',
        startedMs: 5,
        pid,
        processStartedMs,
        state,
        problem: null,
        filesFolder: '',
        files,
        discardedFiles: 0,
      }),
    );
  }
}

function made(choosePlace = (): Promise<string | null> => Promise.resolve('/home/kim/a.pcapng')) {
  const inspector = new FakeInspector();
  const live = new LiveCaptures({
    inspector: inspector as unknown as InspectorClient,
    settings: () => ({ ...DEFAULT_SETTINGS, ringFileMebibytes: 2, ringFiles: 3, captureEngine: 'tcpdump' }),
    folder,
    helper: { file: null, args: [] },
    choosePlace,
  });
  return { inspector, live };
}

const NO_PROCESS = 2 ** 22 + 1;

describe('live captures', () => {
  it('start with what is asked, and with the settings for the rest', async () => {
    const { inspector, live } = made();
    await live.start({ interfaceName: 'nosuch0', filter: 'tcp port 25' });
    expect(inspector.requests).toEqual([
      {
        interfaceName: 'nosuch0',
        engine: 'tcpdump',
        filter: 'tcp port 25',
        promiscuous: true,
        ring: { fileBytes: 2 * 1_048_576, files: 3, fileSeconds: 0 },
        folder: expect.stringMatching(/\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/),
      },
    ]);
    expect(live.isRunning).toBe(true);
  });

  it('use the filter for the mail ports when none is given', async () => {
    const { inspector, live } = made();
    await live.start({ interfaceName: 'nosuch0', engine: 'dumpcap', promiscuous: false });
    expect(inspector.requests[0]).toMatchObject({
      engine: 'dumpcap',
      promiscuous: false,
      filter: expect.stringMatching(/^tcp port 25 or 109/),
    });
  });

  it('that are left unsaved are stopped, kept and offered, and can be reopened and removed', async () => {
    const { inspector, live } = made();
    await live.start({ interfaceName: 'eth0', filter: '' });
    expect(live.left()).toEqual([]);
    await live.leave();
    const [left, ...more] = live.left();
    expect([left, more]).toEqual([
      {
        folder: inspector.requests[0]?.folder,
        interfaceName: 'eth0',
        startedMs: fakeLive().startedMs,
        bytes: 5_000_000,
        ended: true,
      },
      [],
    ]);
    await live.reopen(left?.folder ?? '');
    expect(inspector.opened).toEqual([left?.folder]);
    expect(live.remove(left?.folder ?? '')).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are offered while they are open and over, because nobody saved them yet', async () => {
    const { inspector, live } = made();
    await live.start({ interfaceName: 'eth0', filter: '' });
    inspector.over({ phase: 'failed' });
    expect(live.left().map(({ interfaceName }) => interfaceName)).toEqual(['eth0']);
  });

  it('that were saved after they ended, or hold no packet, are removed when they are left', async () => {
    const { inspector, live } = made();
    await live.start({ interfaceName: 'eth0', filter: '' });
    await live.stop();
    expect(await live.save()).toBe('/home/kim/a.pcapng');
    await live.start({ interfaceName: 'eth1', filter: '' });
    expect(readdirSync(folder)).toHaveLength(1);
    inspector.over({ phase: 'failed', packets: 0 });
    expect(live.left()).toEqual([]);
    await live.leave();
    expect([live.left(), readdirSync(folder)]).toEqual([[], []]);
  });

  it('that were saved while they ran are kept: what came afterwards is in no file', async () => {
    const { live } = made();
    await live.start({ interfaceName: 'eth0', filter: '' });
    await live.save();
    await live.leave();
    expect(live.left()).toHaveLength(1);
  });

  it('are not saved when the user cancels', async () => {
    const { inspector, live } = made(() => Promise.resolve(null));
    await live.start({ interfaceName: 'eth0', filter: '' });
    expect(await live.save()).toBeNull();
    expect(inspector.saved).toEqual([]);
  });

  it('of a process that is gone are offered as not ended', () => {
    const { inspector, live } = made();
    inspector.leave(join(folder, 'crashed'), 'running', NO_PROCESS);
    expect(live.left()).toEqual([
      { folder: join(folder, 'crashed'), interfaceName: 'eth9', startedMs: 5, bytes: 6, ended: false },
    ]);
  });

  it.each(['/etc', '', '..'])('are the only folders that can be reopened or removed, not %j', async (other) => {
    const { live } = made();
    const unknown = { problem: { code: 'capture-unknown' } };
    await expect(live.reopen(other)).rejects.toMatchObject(unknown);
    expect(() => live.remove(other)).toThrow('no longer there');
  });
});

describe('names of captures', () => {
  it('carry the start, sort by it, and hold nothing that a file system refuses', () => {
    const name = captureFolderName(new Date(Date.UTC(2026, 10, 21, 3, 14, 51, 902)));
    expect(name).toBe('2026-11-21T03-14-51.902Z');
    expect(proposedName('eth0', `/captures/${name}`)).toBe('eth0-2026-11-21T03-14-51.pcapng');
    expect(proposedName('../\\Device\\NPF_{1}', name)).toBe('Device-NPF_-1-2026-11-21T03-14-51.pcapng');
    expect(proposedName('', name)).toBe('capture-2026-11-21T03-14-51.pcapng');
  });
});

describe('the Node that runs the capture helper', () => {
  const node = process.platform === 'win32' ? 'node.exe' : 'node';
  it('is the one that npm start names, else npm, else the first on the path, else none', () => {
    writeFileSync(join(folder, node), '');
    chmodSync(join(folder, node), 0o755);
    expect(machineNode({ MAILSCOPE_NODE: join(folder, node), npm_node_execpath: process.execPath })).toBe(
      join(folder, node),
    );
    expect(machineNode({ npm_node_execpath: process.execPath, PATH: folder })).toBe(process.execPath);
    expect(machineNode({ npm_node_execpath: join(folder, 'gone'), PATH: `relative:/nowhere:${folder}` })).toBe(
      join(folder, node),
    );
    expect(machineNode({ PATH: '/nowhere' })).toBeNull();
    expect(machineNode({})).toBeNull();
  });
});

describe('notifications', () => {
  const MINUTE = 60_000;
  it('come at most once in ten minutes for one protection and source', () => {
    let now = 0;
    const limit = new NoticeLimit(() => now);
    const admitted = (protection: string, source: string): boolean => limit.admits(protection, source);
    expect([admitted('a', '::1'), admitted('a', '::1'), admitted('a', '::2'), admitted('b', '::1')]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    now = 10 * MINUTE - 1;
    expect(admitted('a', '::1')).toBe(false);
    now = 10 * MINUTE;
    expect([admitted('a', '::1'), admitted('a', '::1')]).toEqual([true, false]);
  });

  it('remember a bounded number of sources: the oldest are forgotten first', () => {
    const limit = new NoticeLimit(() => 0);
    for (let i = 0; i < 10_000; i++) limit.admits('a', String(i));
    expect([limit.admits('a', '9999'), limit.admits('a', '0')]).toEqual([false, true]);
  });

  it('are for violations at or above the chosen severity', () => {
    const worth = (['critical', 'high', 'medium'] as const).map((severity) =>
      (['off', 'high', 'critical'] as const).map((from) => isWorthNotice(makeViolation(1, 'x', { severity }), from)),
    );
    expect(worth).toEqual([
      [false, true, true],
      [false, true, false],
      [false, false, false],
    ]);
  });

  it('say protection, attack and addresses, and nothing of the traffic', () => {
    const violation = makeViolation(1, 'smtp-x', {
      severity: 'high',
      title: 'Too much',
      attackName: 'SMTP Flood',
      evidence: 'PASS hunter2',
      detail: 'hunter2 was sent.',
      attackInfo: 'hunter2',
    });
    expect(noticeWords(violation)).toEqual({
      title: 'High: Too much',
      body: `SMTP Flood: ${violation.client.address} to ${violation.server.address}, port ${violation.server.port}`,
    });
  });
});
