// @vitest-environment happy-dom
import { act, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InspectionStatus } from '../../shared/inspection.js';
import { fakeStatus, type FakeOptions } from './fake-bridge.js';
import { FAKE_FOLDER, FAKE_LEFT, fakeLive, REFUSED_INTERFACES } from './fake-live.js';
import { asked, renderApp, settle } from './render-app.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const LIVE: Partial<InspectionStatus> = { phase: 'live', path: FAKE_FOLDER, name: 'eth0', live: fakeLive() };
const renderLive = (options: FakeOptions = {}) => renderApp({ sessions: 5, status: LIVE, ...options });
const option = (name: RegExp): HTMLElement => screen.getByRole('option', { name });
const list = (): HTMLElement => screen.getByRole('listbox', { name: 'Interfaces' });
const click = async (role: string, name: string | RegExp): Promise<void> => {
  fireEvent.click(screen.getByRole(role, { name }));
  await settle();
};

describe('the welcome screen', () => {
  it('lists the interfaces with what they are and do, and measures only while it is shown', async () => {
    const { bridge } = await renderApp({ open: false });
    expect(asked(bridge, 'interfaces:listen')).toEqual([{ listening: true }]);
    await act(async () => bridge.push('interfaces:activity', [{ name: 'eth0', packetsPerSecond: [2, 8, 4] }]));
    await settle();
    expect(option(/^eth0/).textContent).toMatch(
      /^eth0 Ethernet192\.0\.2\.25, 2001:db8::25up4 packets\/s, at most 8 in the last 3 seconds/,
    );
    expect(option(/^wlan0/).textContent).toMatch(/^wlan0 Wi-Fidown/);
    expect(option(/^eth0/).querySelector('polyline')?.getAttribute('points')?.split(' ')).toHaveLength(3);
    fireEvent.click(screen.getByRole('button', { name: 'Open the sample capture' }));
    await settle();
    expect(asked(bridge, 'interfaces:listen').at(-1)).toEqual({ listening: false });
  });

  it('starts on a double click, on Enter, and with Ctrl+E on the chosen one', async () => {
    const first = await renderApp({ open: false });
    fireEvent.doubleClick(option(/^lo/));
    await settle();
    expect(asked(first.bridge, 'live:start')).toEqual([{ interfaceName: 'lo', promiscuous: true }]);
    const second = await renderApp({ open: false });
    fireEvent.keyDown(list(), { key: 'ArrowDown' });
    fireEvent.keyDown(list(), { key: 'Enter' });
    await settle();
    expect(asked(second.bridge, 'live:start')).toEqual([{ interfaceName: 'wlan0', promiscuous: true }]);
    const third = await renderApp({ open: false });
    fireEvent.keyDown(document.body, { key: 'e', ctrlKey: true });
    await settle();
    expect(asked(third.bridge, 'live:start')).toEqual([{ interfaceName: 'eth0', promiscuous: true }]);
  });

  it('says what is missing and the command that changes it, which can be copied; nothing is started', async () => {
    const { bridge } = await renderApp({ open: false, answers: { 'interfaces:list': () => REFUSED_INTERFACES } });
    const help = screen.getByRole('region', { name: 'Why eth0 cannot be captured on' });
    expect(within(help).getByText(/^sudo dpkg-reconfigure/).tagName).toBe('CODE');
    fireEvent.click(within(help).getAllByRole('button', { name: 'Copy the command' })[0] as HTMLElement);
    await settle();
    expect(asked(bridge, 'clipboard:write')).toEqual([
      { text: 'sudo dpkg-reconfigure wireshark-common && sudo usermod -aG wireshark kim' },
    ]);
    fireEvent.doubleClick(option(/^eth0/));
    await settle();
    expect(asked(bridge, 'live:start')).toEqual([]);
  });

  it('checks a filter while it is typed and starts with it', async () => {
    const { bridge } = await renderApp({ open: false });
    await click('button', 'Start options');
    const filter = screen.getByRole('textbox', { name: 'Filter' });
    expect(filter).toHaveProperty('value', 'tcp port 25 or 110 or 143');
    fireEvent.change(filter, { target: { value: 'tcp porrt 25' } });
    await settle();
    expect(screen.getByText(/syntax error/)).toBeTruthy();
    fireEvent.change(filter, { target: { value: 'tcp port 26' } });
    await settle();
    expect(screen.queryByText(/syntax error/)).toBeNull();
    fireEvent.click(screen.getByRole('checkbox', { name: /^Promiscuous/ }));
    fireEvent.click(screen.getByRole('radio', { name: 'tcpdump' }));
    await click('button', 'Start on eth0');
    expect(asked(bridge, 'live:start')).toEqual([
      { interfaceName: 'eth0', promiscuous: false, engine: 'tcpdump', filter: 'tcp port 26' },
    ]);
  });

  it('offers what was left behind, to reopen or to remove', async () => {
    const { bridge } = await renderApp({ open: false, answers: { 'live:left': () => [FAKE_LEFT] } });
    const left = screen.getByRole('region', { name: 'Captures that were not saved' });
    expect(left.textContent).toContain('A capture of eth0 from 2026-11-19 22:05 UTC was not ended');
    await click('button', 'Remove');
    expect(asked(bridge, 'live:remove')).toEqual([{ folder: FAKE_LEFT.folder }]);
    expect(screen.queryByRole('region', { name: 'Captures that were not saved' })).toBeNull();
  });

  it('lists anew when an interface appears', async () => {
    const { bridge } = await renderApp({ open: false });
    const before = asked(bridge, 'interfaces:list').length;
    await act(async () => bridge.push('interfaces:activity', [{ name: 'usb0', packetsPerSecond: [] }]));
    await settle();
    expect(asked(bridge, 'interfaces:list')).toHaveLength(before + 1);
  });
});

describe('a capture that runs', () => {
  it('says what it does, and what nobody knows as not known', async () => {
    await renderLive();
    expect(screen.getByRole('group', { name: 'Live capture' }).textContent).toMatch(
      /^Liveeth0since 03:14:00 UTC, 5\.0 MB/,
    );
    const words = screen.getByRole('contentinfo').textContent ?? '';
    for (const part of ['1,204 packets/s', '4,812 packets', 'lag 200.0 kB', 'dropped not known', 'dumpcap'])
      expect(words).toContain(part);
  });

  it('stops with Ctrl+E, saves with Ctrl+S and says where', async () => {
    const { bridge } = await renderLive();
    fireEvent.keyDown(document.body, { key: 'e', ctrlKey: true });
    fireEvent.keyDown(document.body, { key: 's', ctrlKey: true });
    await settle();
    expect([asked(bridge, 'live:stop'), asked(bridge, 'live:save')]).toEqual([[null], [null]]);
    expect(screen.getByRole('status', { name: 'Saved capture' }).textContent).toContain('/home/kim/eth0.pcapng');
  });

  it('freezes the views while the display is paused and counts what comes', async () => {
    const { bridge } = await renderLive();
    await click('button', /^Pause the display/);
    const rows = asked(bridge, 'view:rows').length;
    const next = fakeStatus(9, { ...LIVE, views: [{ viewId: 1, version: 9, total: 9, unfiltered: 9 }] });
    await act(async () => bridge.push('inspection:status', next));
    await settle();
    expect(screen.getByRole('status', { name: 'Paused display' }).textContent).toContain('4 new sessions');
    expect(asked(bridge, 'view:rows')).toHaveLength(rows);
    await click('button', 'Resume');
    expect(asked(bridge, 'live:pause')).toEqual([{ paused: true }, { paused: false }]);
    await act(async () => bridge.push('inspection:status', next));
    await settle();
    expect(asked(bridge, 'view:rows').length).toBeGreaterThan(rows);
  });

  it('lets the display go when it ends', async () => {
    const { bridge, store } = await renderLive();
    await click('button', /^Pause the display/);
    await act(async () =>
      bridge.push('inspection:status', fakeStatus(9, { ...LIVE, phase: 'done', live: fakeLive({ phase: 'stopped' }) })),
    );
    await settle();
    expect(store.getState().live.paused).toBeNull();
    expect(asked(bridge, 'live:pause').at(-1)).toEqual({ paused: false });
  });

  it.each([
    ['closing it', () => screen.getByRole('button', { name: 'Close capture' }), 'Stop and close', 'capture:close'],
    ['opening a file', () => screen.getByRole('button', { name: 'Open' }), 'Stop and open', 'capture:open'],
  ] as const)('is asked about before %s ends it', async (_what, button, words, channel) => {
    const { bridge } = await renderLive();
    fireEvent.click(button());
    await settle();
    const dialog = screen.getByRole('dialog', { name: 'Stop the capture on eth0?' });
    expect(asked(bridge, channel)).toEqual([]);
    fireEvent.click(within(dialog).getByRole('button', { name: 'Keep capturing' }));
    await settle();
    expect(asked(bridge, channel)).toEqual([]);
    fireEvent.click(button());
    await settle();
    await click('button', words);
    expect(asked(bridge, channel)).toHaveLength(1);
  });

  it('is asked about before the window closes', async () => {
    const { bridge } = await renderLive();
    await act(async () => bridge.push('window:close-asked', null));
    await settle();
    await click('button', 'Stop and quit');
    expect(asked(bridge, 'window:close')).toEqual([null]);
  });
});

describe('a capture that broke off', () => {
  const problem = { code: 'disk-full', message: 'There is no room left.', hint: 'Make room.' };

  it('says why above the sessions that stay, and starts again with what was asked for', async () => {
    const status = { ...LIVE, phase: 'done', problem, live: fakeLive({ phase: 'failed', problem }) } as const;
    const { bridge } = await renderLive({ status });
    const strips = screen.getAllByRole('alert');
    expect(strips.map((strip) => strip.textContent)).toEqual([
      expect.stringContaining('There is no room left. Make room.disk-full'),
    ]);
    expect(screen.getByRole('grid', { name: 'Sessions' }).getAttribute('aria-rowcount')).toBe('6');
    fireEvent.click(within(strips[0] as HTMLElement).getByRole('button', { name: 'Start again' }));
    await settle();
    expect(asked(bridge, 'live:start')).toEqual([{ interfaceName: 'eth0', filter: 'tcp port 25' }]);
  });

  it('is told although another problem was dismissed before', async () => {
    const outrun = { code: 'spool-outrun', message: 'The ring gave up octets.', hint: 'A larger ring helps.' };
    const { bridge } = await renderLive({ status: { ...LIVE, problem: outrun } });
    await click('button', 'Dismiss');
    expect(screen.queryByText(/The ring gave up octets/)).toBeNull();
    const live = fakeLive({ phase: 'failed', problem });
    await act(async () => bridge.push('inspection:status', fakeStatus(5, { ...LIVE, phase: 'done', problem, live })));
    await settle();
    expect(screen.getByRole('alert').textContent).toContain('There is no room left.');
  });

  it('before its first packet is told on the welcome screen, with the same way to go on', async () => {
    const status = {
      ...LIVE,
      phase: 'failed',
      problem,
      live: fakeLive({ phase: 'failed', packets: 0, problem }),
    } as const;
    const { bridge } = await renderLive({ open: false, status });
    expect(screen.getByRole('alert').textContent).toContain('There is no room left.');
    await click('button', 'Start again');
    expect(asked(bridge, 'live:start')).toHaveLength(1);
  });
});

describe('a live session', () => {
  it('whose packets the ring gave up says so and offers no second try', async () => {
    const gone = { code: 'spool-discarded', message: 'These packets have been discarded.', hint: 'Findings stay.' };
    await renderLive({ answers: { 'session:transcript': () => gone } });
    fireEvent.keyDown(screen.getByRole('grid', { name: 'Sessions' }), { key: 'j' });
    await settle();
    expect(screen.getByRole('alert').textContent).toBe('These packets have been discarded.Findings stay.');
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });
});
