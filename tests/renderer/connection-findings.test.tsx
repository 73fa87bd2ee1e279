// @vitest-environment happy-dom
import { fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Violation } from '../../shared/violation.js';
import type { FakeOptions } from './fake-bridge.js';
import { fakeFindings, fakeSession } from './fake-sessions.js';
import { renderApp, settle } from './render-app.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const LINE = 'list MAIL-IN denied tcp 198.51.100.7(41222) -> 10.0.0.25(143), 1 packet';
const CORRECTED = `%SEC-6-IPACCESSLOGP: ${LINE}`;
const DOCUMENT = `%SEC-6-IPACCESSLOGDP: ${LINE}`;

/** A connection that was attempted: no line, no octets. */
function perimeterFinding(change: Partial<Violation> = {}): Violation {
  return {
    ...(fakeFindings(fakeSession(0))[0] as Violation),
    protection: 'perimeter-imap-denied',
    title: 'IMAP denied at the perimeter',
    attackName: 'Packet Filter',
    attackInfo: 'list packet_filter denied tcp',
    line: 0,
    offset: 0,
    length: 0,
    evidence: '',
    accessLog: { corrected: CORRECTED, document: DOCUMENT },
    ...change,
  };
}

const SILENT: FakeOptions['answers'] = {
  'session:transcript': () => ({
    sessionId: 1,
    items: [],
    from: 0,
    total: 0,
    startUs: 0,
    revealed: false,
    masked: 0,
    warnings: [],
  }),
  'session:hex': () => ({ direction: 'to_server', offset: 0, octets: [], streamLength: 0 }),
};

async function openSession(findings: readonly Violation[]) {
  const app = await renderApp({ answers: { ...SILENT, 'session:findings': () => findings } });
  fireEvent.keyDown(screen.getByRole('grid', { name: 'Sessions' }), { key: 'ArrowDown' });
  await settle();
  return app;
}

const definitions = (card: HTMLElement): readonly (readonly (string | null)[])[] =>
  within(card)
    .getAllByRole('term')
    .map((term) => [term.textContent, term.nextElementSibling?.textContent ?? null]);

it('a finding of the perimeter shows the line of the router, and the wording of the document below', async () => {
  await openSession([perimeterFinding()]);
  const card = screen.getByRole('article');
  expect(definitions(card).slice(-2)).toEqual([
    ['Router log', CORRECTED],
    ['As the document prints it', DOCUMENT],
  ]);
  expect(card.textContent).toContain('Packet Filter: list packet_filter denied tcp');
  expect(card.textContent).not.toContain('line 0');
});

it('the wording of the document is left out where it is the same', async () => {
  await openSession([perimeterFinding({ accessLog: { corrected: CORRECTED, document: CORRECTED } })]);
  expect(definitions(screen.getByRole('article')).slice(-1)).toEqual([['Router log', CORRECTED]]);
});

it('a finding on a line has no router log', async () => {
  await openSession(fakeFindings(fakeSession(0)));
  expect(screen.queryByText('Router log')).toBeNull();
  expect(screen.getByText('SMTP Policy Violation: VRFY command, line 7')).toBeTruthy();
});

it('a session without octets says so, in the transcript and in the hex view', async () => {
  await openSession([perimeterFinding()]);
  expect(screen.getByText(/^No data of this connection is in the capture/)).toBeTruthy();
  fireEvent.click(screen.getByRole('tab', { name: 'Hex' }));
  await settle();
  expect(screen.getByText('No data of the client is in the capture.')).toBeTruthy();
});

it('a finding without a line becomes the current card, also where there is no transcript', async () => {
  const first = perimeterFinding();
  const later = perimeterFinding({ id: first.id + 1, title: 'Counted five minutes later' });
  const { store } = await openSession([first, later]);
  store.getState().showFinding(later);
  await settle();
  expect(screen.getAllByRole('article').map((card) => card.dataset['current'])).toEqual(['false', 'true']);
});
