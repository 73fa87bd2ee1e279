import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { launchRequest } from '../../electron/arguments.js';
import { RecentFile } from '../../electron/recent.js';
import { DEFAULT_SETTINGS, SettingsFile } from '../../electron/settings.js';
import { readBounds, writeBounds } from '../../electron/window-bounds.js';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailscope-files-'));
  file = join(folder, 'kept.json');
  return () => rmSync(folder, { recursive: true, force: true });
});

describe('settings', () => {
  it('are the defaults when there is no file', () => {
    expect(new SettingsFile(file).get()).toEqual(DEFAULT_SETTINGS);
  });

  it('survive a restart, and a change leaves the others alone', () => {
    const settings = new SettingsFile(file);
    settings.set({ theme: 'dark' });
    settings.set({ panels: { session: [30, 70] } });
    expect(new SettingsFile(file).get()).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', panels: { session: [30, 70] } });
    expect(readdirSync(folder)).toEqual(['kept.json']);
  });

  it.each(['', 'null', '[]', '{"theme":', '\0\0\0'])('are the defaults when the file holds %j', (content) => {
    writeFileSync(file, content);
    expect(new SettingsFile(file).get()).toEqual(DEFAULT_SETTINGS);
  });

  it('lose only the value that is wrong', () => {
    writeFileSync(
      file,
      '{"theme":"light","sessionColumns":["time"],"panels":"wide","sessionColumnWidths":{"time":120},"old":1}',
    );
    expect(new SettingsFile(file).get()).toEqual({
      ...DEFAULT_SETTINGS,
      theme: 'light',
      sessionColumns: ['time'],
      sessionColumnWidths: { time: 120 },
      panels: {},
    });
  });

  it('hold for this run when the disk refuses', () => {
    const settings = new SettingsFile(join(folder, 'kept.json', 'below-a-file', 's.json'));
    writeFileSync(file, '');
    expect(settings.set({ theme: 'dark' }).theme).toBe('dark');
    expect(settings.get().theme).toBe('dark');
  });
});

describe('recent captures', () => {
  it('list the newest first, each once, and say which are gone', () => {
    const here = join(folder, 'here.pcap');
    writeFileSync(here, 'x');
    const recent = new RecentFile(file);
    recent.add('/gone/away.pcap', 5, 1000);
    recent.add(here, 1, 2000);
    recent.add('/gone/away.pcap', 6, 3000);
    expect(new RecentFile(file).list()).toEqual([
      { path: '/gone/away.pcap', name: 'away.pcap', sizeBytes: 6, openedAtMs: 3000, missing: true },
      { path: here, name: 'here.pcap', sizeBytes: 1, openedAtMs: 2000, missing: false },
    ]);
  });

  it('are at most twelve and can be cleared', () => {
    const recent = new RecentFile(file);
    for (let i = 0; i < 20; i++) recent.add(`/c/${i}.pcap`, 1, i);
    expect(recent.list().map((capture) => capture.name)).toEqual(
      Array.from({ length: 12 }, (_, i) => `${19 - i}.pcap`),
    );
    recent.clear();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([]);
  });

  it('begin anew when the file is damaged', () => {
    writeFileSync(file, '[{"path":3}]');
    expect(new RecentFile(file).list()).toEqual([]);
  });
});

describe('the window', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };
  const bounds = { x: 100, y: 50, width: 1200, height: 800, maximized: false };

  it('comes back where it was', () => {
    writeBounds(file, bounds);
    expect(readBounds(file, [screen])).toEqual(bounds);
  });

  it('does not come back on a screen that is gone', () => {
    writeBounds(file, { ...bounds, x: 2500 });
    expect(readBounds(file, [screen])).toBeNull();
    expect(readBounds(file, [screen, { ...screen, x: 1920 }])).toEqual({ ...bounds, x: 2500 });
  });
});

describe('the command line of the app', () => {
  const app = '/opt/clone';
  it.each<[readonly string[], unknown]>([
    [['electron', app], { kind: 'nothing' }],
    [['electron', '.', 'a.pcap'], { kind: 'file', path: '/opt/clone/a.pcap' }],
    [['electron', '--inspect=0', app, '--no-sandbox', 'sub/a.pcap'], { kind: 'file', path: '/opt/clone/sub/a.pcap' }],
    [['electron', app, '--sample', '--disable-gpu'], { kind: 'sample' }],
    [['electron', app, '--sample', '/x/b.pcap'], { kind: 'file', path: '/x/b.pcap' }],
    [['electron', app, '--', '-odd.pcap'], { kind: 'file', path: '/opt/clone/-odd.pcap' }],
    [['mailscope', '/x/b.pcap', '/x/c.pcap'], { kind: 'file', path: '/x/b.pcap' }],
  ])('%j asks for %j', (argv, expected) => {
    expect(launchRequest(argv, app, app)).toEqual(expected);
  });
});
