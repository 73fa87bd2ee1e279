// @vitest-environment happy-dom
import { act, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IDLE, NO_TOTALS } from '../../renderer/store/initial.js';
import { SAMPLE_PATH, fakeStatus } from './fake-bridge.js';
import { asked, renderApp, settle } from './render-app.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const grid = (name: string): HTMLElement => screen.getByRole('grid', { name });
const rowsOf = (name: string): readonly (string | null)[] =>
  within(grid(name))
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.getAttribute('aria-rowindex'));
const selectedRow = (name: string): string | null =>
  within(grid(name))
    .getAllByRole('row')
    .find((row) => row.getAttribute('aria-selected') === 'true')
    ?.getAttribute('aria-rowindex') ?? null;

async function press(element: Element, key: string, more: { readonly ctrlKey?: boolean } = {}): Promise<void> {
  fireEvent.keyDown(element, { key, ...more });
  await settle();
}

describe('the welcome screen', () => {
  it('opens what is chosen, the sample, and recent captures that still exist', async () => {
    const recent = [
      { path: '/a/one.pcap', name: 'one.pcap', sizeBytes: 1200, openedAtMs: 0, missing: false },
      { path: '/a/two.pcap', name: 'two.pcap', sizeBytes: 0, openedAtMs: 0, missing: true },
    ];
    const { bridge } = await renderApp({ open: false, recent });
    expect(screen.getByRole('button', { name: /two\.pcap.*no longer there/ })).toHaveProperty('disabled', true);
    fireEvent.click(screen.getByRole('button', { name: /one\.pcap/ }));
    await settle();
    expect(asked(bridge, 'capture:open')).toEqual([{ path: '/a/one.pcap' }]);
    expect(grid('Sessions')).toBeTruthy();
  });

  it('says what a file is not, with its code and a hint', async () => {
    const problem = { code: 'not-a-capture', message: 'x.jpg is not a capture.', hint: 'Open a pcap file.' };
    await renderApp({ open: false, answers: { 'capture:open-sample': () => problem } });
    fireEvent.click(screen.getByRole('button', { name: 'Open the sample capture' }));
    await settle();
    expect(screen.getByRole('alert').textContent).toBe('x.jpg is not a capture.Open a pcap file.not-a-capture');
  });

  it('takes a file that is dropped anywhere', async () => {
    const { bridge } = await renderApp({ open: false });
    const drop = new Event('drop', { cancelable: true });
    Object.assign(drop, { dataTransfer: { types: ['Files'], files: [{}] } });
    await act(async () => void window.dispatchEvent(drop));
    await settle();
    expect(asked(bridge, 'capture:open')).toEqual([{ path: SAMPLE_PATH }]);
  });
});

describe('the Sessions table', () => {
  it('draws only the visible rows of a million, and says how many there are', async () => {
    const { bridge } = await renderApp({ sessions: 1_000_000 });
    expect(grid('Sessions').getAttribute('aria-rowcount')).toBe('1000001');
    expect(rowsOf('Sessions').length).toBeLessThan(40);
    expect(asked(bridge, 'view:rows')).toEqual([{ viewId: 1, from: 0, count: 200 }]);
  });

  it('walks with arrows and j/k, and shows the session that the walk rests on', async () => {
    const { bridge } = await renderApp();
    for (const key of ['ArrowDown', 'j', 'j', 'k']) fireEvent.keyDown(grid('Sessions'), { key });
    await settle();
    expect(selectedRow('Sessions')).toBe('3');
    expect(grid('Sessions').getAttribute('aria-activedescendant')).toMatch(/-1$/);
    expect(asked(bridge, 'session:findings')).toEqual([{ sessionId: 2 }]);
  });

  it('keeps the selected session selected when it is sorted differently', async () => {
    await renderApp({ sessions: 14 });
    fireEvent.keyDown(grid('Sessions'), { key: 'Home' });
    await settle();
    fireEvent.click(within(grid('Sessions')).getByRole('button', { name: 'Bytes' }));
    await settle();
    expect(selectedRow('Sessions')).toBe('15');
    expect(within(grid('Sessions')).getByRole('columnheader', { name: 'Bytes' }).getAttribute('aria-sort')).toBe(
      'descending',
    );
  });

  it('searches for bare words a moment after typing, and says how many match', async () => {
    const { bridge } = await renderApp({ sessions: 20 });
    const field = screen.getByRole('textbox', { name: 'Search sessions' });
    fireEvent.change(field, { target: { value: '198.51.100.7' } });
    expect(asked(bridge, 'view:change')).toEqual([]);
    await settle();
    expect(asked(bridge, 'view:change')).toEqual([
      { viewId: 1, spec: { kind: 'sessions', search: '198.51.100.7', sort: { column: 'time', descending: false } } },
    ]);
    expect(screen.getByText('3 of 20')).toBeTruthy();
  });

  it('grows while the capture loads: a push makes it ask for the rows it shows, and for no others', async () => {
    const { bridge } = await renderApp({ sessions: 5, status: { phase: 'loading', readBytes: 1 } });
    expect(rowsOf('Sessions')).toHaveLength(5);
    await act(async () =>
      bridge.push(
        'inspection:status',
        fakeStatus(9, { phase: 'loading', views: [{ viewId: 1, version: 7, total: 9, unfiltered: 9 }] }),
      ),
    );
    await settle();
    expect(asked(bridge, 'view:rows').length).toBeGreaterThan(1);
    expect(screen.getByRole('progressbar')).toBeTruthy();
  });

  it('explains why it is empty when the capture has no mail', async () => {
    const totals = { ...NO_TOTALS, packets: 10_482, notDecoded: { udp: 9_120 } };
    await renderApp({ sessions: 0, status: { totals } });
    expect(screen.getByText(/10,482 packets were read/)).toBeTruthy();
    expect(screen.getByText(/Not decoded: 9,120 packets \(udp\)/)).toBeTruthy();
  });

  it('stores the chosen columns in the order of the table', async () => {
    const { bridge } = await renderApp({ settings: { sessionColumns: ['bytes', 'time'] } });
    expect(
      within(grid('Sessions'))
        .getAllByRole('columnheader')
        .map((header) => header.textContent),
    ).toEqual(['Time', 'Bytes']);
    fireEvent.click(screen.getByRole('button', { name: 'Choose columns' }));
    await settle();
    fireEvent.click(screen.getByRole('menuitemcheckbox', { name: 'Duration' }));
    await settle();
    expect(asked(bridge, 'settings:set')).toEqual([{ sessionColumns: ['time', 'duration', 'bytes'] }]);
  });
});

describe('a session', () => {
  const open = async () => {
    const app = await renderApp();
    for (const key of ['j', 'j']) fireEvent.keyDown(grid('Sessions'), { key });
    await settle();
    return app;
  };
  const line = (number: number): HTMLElement => {
    const item = screen.getByRole('list', { name: 'Transcript' }).querySelectorAll('li');
    const found = [...item].find((element) => element.children[1]?.textContent === String(number));
    if (found === undefined) throw new Error(`The transcript has no line ${number}.`);
    return found;
  };

  it('shows its transcript with the offending octets marked and secrets masked', async () => {
    await open();
    expect(within(line(7)).getByText('root').tagName).toBe('MARK');
    expect(line(11).textContent).toContain('•••••••• response, 1,400 bytes');
    expect(screen.getByText('2 secrets masked')).toBeTruthy();
  });

  it('reveals on purpose, for this session only', async () => {
    const { store } = await open();
    fireEvent.click(screen.getByRole('button', { name: 'Reveal' }));
    await settle();
    expect(line(11).textContent).toContain('QUFBQUFB');
    fireEvent.keyDown(grid('Sessions'), { key: 'j' });
    await settle();
    expect(store.getState().reveal).toBe(false);
  });

  it('walks through findings with n and p, and makes their line and card the current ones', async () => {
    await open();
    const pane = screen.getByRole('region', { name: 'Session' });
    await press(grid('Sessions'), 'n');
    await press(pane, 'n');
    expect(line(11).dataset['active']).toBe('true');
    expect(pane.querySelector('[data-current="true"] h3')?.textContent).toBe(
      'CRAM-MD5 response long enough to overflow',
    );
    await press(pane, 'p');
    expect(line(7).dataset['active']).toBe('true');
  });

  it('leads from a mark to the finding, and from a card to the line', async () => {
    await open();
    const pane = screen.getByRole('region', { name: 'Session' });
    fireEvent.click(screen.getByRole('button', { name: 'Show the finding of line 13' }));
    await settle();
    expect(pane.querySelector('[data-current="true"] h3')?.textContent).toBe('Binary data in command line detected');
    fireEvent.click(screen.getByRole('button', { name: 'Account probing with VRFY' }));
    await settle();
    expect(line(7).dataset['active']).toBe('true');
  });

  it('opens and closes folds', async () => {
    await open();
    fireEvent.click(screen.getByRole('button', { name: 'expand' }));
    await settle();
    expect(screen.getByText(/^Line 42 of the message body/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'collapse' }));
    await settle();
    expect(screen.queryByText(/^Line 42 of the message body/)).toBeNull();
  });

  it('says so when its transcript cannot be read, and tries again when asked', async () => {
    let broken = true;
    const problem = { code: 'file-gone', message: 'The capture is no longer there.', hint: 'Put it back.' };
    const page = {
      sessionId: 1,
      items: [{ kind: 'note', text: 'read after all' }],
      from: 0,
      total: 1,
      startUs: 0,
      revealed: false,
      masked: 0,
      warnings: [],
    } as const;
    await renderApp({ answers: { 'session:transcript': () => (broken ? problem : page) } });
    fireEvent.keyDown(grid('Sessions'), { key: 'j' });
    await settle();
    expect(screen.getByRole('alert').textContent).toContain('The capture is no longer there.');
    broken = false;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await settle();
    expect(screen.getByText('read after all')).toBeTruthy();
  });

  it('leads back to the table with Escape', async () => {
    await open();
    await press(screen.getByRole('list', { name: 'Transcript' }), 'Escape');
    expect(document.activeElement).toBe(grid('Sessions'));
  });
});

describe('the Violations table', () => {
  it('leads with Enter to the session and its line', async () => {
    const { bridge, store } = await renderApp();
    await press(document.body, '2', { ctrlKey: true });
    await act(async () => store.getState().setSort('violations', { column: 'severity', descending: true }));
    await settle();
    for (const key of ['j', 'j']) fireEvent.keyDown(grid('Violations'), { key });
    await press(grid('Violations'), 'Enter');
    expect(selectedRow('Sessions')).toBe('3');
    expect(asked(bridge, 'session:findings')).toEqual([{ sessionId: 2 }]);
    expect(document.querySelector('[data-plain-list] [data-active="true"]')?.children[1]?.textContent).toBe('11');
  });
});

describe('the status bar', () => {
  it('says what is not known, missing and not decoded instead of nothing', async () => {
    await renderApp();
    const words = screen.getByRole('contentinfo').textContent;
    expect(words).toContain('dropped —');
    expect(words).toContain('missing 18.2 kB in 4 sessions');
    expect(words).toContain('not decoded 121,146');
    expect(words).toContain('Modern policy, 142 of 171 active');
  });

  it('cancels loading', async () => {
    const { bridge } = await renderApp({ status: { phase: 'loading', readBytes: 1_050_000_000 } });
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50');
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(asked(bridge, 'capture:cancel')).toEqual([null]);
  });

  it('warns about a file that broke off, until dismissed', async () => {
    const problem = { code: 'truncated', message: 'It ends at byte 77.', hint: 'Copy it again.' };
    await renderApp({ status: { problem } });
    expect(screen.getByRole('status').textContent).toContain('It ends at byte 77. Copy it again.');
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByText(/It ends at byte 77/)).toBeNull();
  });
});

describe('the window', () => {
  it('follows the theme of the settings and of the system', async () => {
    const { bridge } = await renderApp({ open: false, settings: { theme: 'system' } });
    await act(async () => bridge.push('theme:changed', { dark: false }));
    expect(document.documentElement.dataset['theme']).toBe('light');
    await press(document.body, ',', { ctrlKey: true });
    fireEvent.click(screen.getByRole('radio', { name: 'Dark' }));
    await settle();
    expect(document.documentElement.dataset['theme']).toBe('dark');
    expect(asked(bridge, 'settings:set')).toEqual([{ theme: 'dark' }]);
  });

  it('explains its keys on ?, but not while somebody types', async () => {
    await renderApp();
    await press(screen.getByRole('textbox', { name: 'Search sessions' }), '?');
    expect(screen.queryByRole('dialog')).toBeNull();
    await press(document.body, '?');
    expect(screen.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeTruthy();
  });

  it('starts anew with another capture: selection, search and view are those of before no longer', async () => {
    const { bridge, store } = await renderApp();
    fireEvent.keyDown(grid('Sessions'), { key: 'j' });
    await settle();
    await act(async () => bridge.push('inspection:status', fakeStatus(3, { path: '/other.pcap', name: 'other.pcap' })));
    await settle();
    expect(store.getState().selected).toBeNull();
    expect(asked(bridge, 'view:close')).toEqual([{ viewId: 1 }]);
    expect(asked(bridge, 'view:open')).toHaveLength(2);
  });

  it('goes back to the welcome screen when the capture is closed', async () => {
    await renderApp();
    fireEvent.click(screen.getByRole('button', { name: 'Close capture' }));
    await settle();
    expect(screen.getByRole('heading', { name: 'Mailscope' })).toBeTruthy();
    expect(IDLE.phase).toBe('idle');
  });
});
