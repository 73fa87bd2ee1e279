// @vitest-environment happy-dom
import { act, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PolicyDocument } from '../../shared/policy.js';
import type { FakeOptions } from './fake-bridge.js';
import { fakePolicyState } from './fake-policy.js';
import { asked, renderApp, settle } from './render-app.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const button = (name: string | RegExp): HTMLButtonElement => screen.getByRole('button', { name });
const row = (id: string): HTMLElement => screen.getByRole('treeitem', { name: new RegExp(`${id}\\b`) });
const limit = (): HTMLInputElement => screen.getByRole('textbox', { name: 'Recipients of one message' });
const inShort = (): string => screen.getByRole('status', { name: 'Policy in short' }).textContent;

async function click(element: Element): Promise<void> {
  fireEvent.click(element);
  await settle();
}

async function type(element: Element, value: string): Promise<void> {
  fireEvent.change(element, { target: { value } });
  await settle();
}

async function openPolicy(options: FakeOptions = {}) {
  const app = await renderApp(options);
  await click(button('Policy'));
  return app;
}

describe('the Policy screen', () => {
  it('lists every protection by family with its action, and shows the first', async () => {
    await openPolicy({ open: false });
    expect(inShort()).toBe('active: 4 of 4, from the Modern profile');
    expect(screen.getAllByRole('treeitem').map((item) => item.getAttribute('data-key'))).toEqual([
      'family smtp',
      'smtp-max-recipients',
      'smtp-unknown-command',
      'family pop3',
      'pop3-weak-password',
      'family perimeter',
      'perimeter-smtp-denied',
    ]);
    expect(screen.getByRole('region', { name: 'Too many recipients' })).toBeTruthy();
    expect(row('smtp-max-recipients').getAttribute('aria-selected')).toBe('true');
  });

  it('walks the tree with the keys and has one tab stop', async () => {
    await openPolicy();
    fireEvent.keyDown(screen.getByRole('tree'), { key: 'ArrowDown' });
    await settle();
    expect(screen.getByRole('region', { name: 'Unknown SMTP command' })).toBeTruthy();
    expect(screen.getAllByRole('treeitem').filter((item) => item.tabIndex === 0)).toEqual([
      row('smtp-unknown-command'),
    ]);
    expect(document.activeElement).toBe(row('smtp-unknown-command'));
    fireEvent.keyDown(screen.getByRole('tree'), { key: 'Enter' });
    expect(document.activeElement).toBe(screen.getByRole('radio', { name: 'Detect' }));
  });

  it('narrows the tree, and says when nothing matches', async () => {
    await openPolicy();
    await type(screen.getByRole('textbox', { name: 'Search protections' }), 'weak');
    expect(screen.getByText('1 of 4')).toBeTruthy();
    expect(screen.getAllByRole('treeitem')).toHaveLength(2);
    await type(screen.getByRole('textbox', { name: 'Search protections' }), 'nonsense');
    expect(screen.getByRole('heading', { name: 'No protection matches' })).toBeTruthy();
  });

  it('applies a change, and re-inspects the open capture with it', async () => {
    const { bridge } = await openPolicy();
    expect(button('Apply').disabled).toBe(true);
    await click(screen.getByRole('radio', { name: 'Off' }));
    await type(limit(), '20');
    expect(inShort()).toBe('active: 3 of 4, from Modern, changed');
    await click(button('Apply'));
    const document: PolicyDocument = {
      schema: 1,
      profile: 'modern',
      protections: { 'smtp-max-recipients': { action: 'off', settings: { limit: 20 } } },
    };
    expect(asked(bridge, 'policy:apply')).toEqual([{ document, path: null }]);
    expect(button('Apply').disabled).toBe(true);
    await click(button('Re-inspect'));
    expect(asked(bridge, 'capture:reinspect')).toEqual([null]);
    await act(async () => bridge.push('policy:changed', fakePolicyState(document)));
    expect(screen.queryByRole('button', { name: 'Re-inspect' })).toBeNull();
    expect(screen.getByRole('tree')).toBeTruthy();
  });

  it('says at the field and above what is wrong, applies nothing, and leads back to it', async () => {
    const { bridge } = await openPolicy();
    await type(limit(), '10001');
    expect(limit().getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('Not applied: allowed is a whole number from 1 to 10,000 recipients.')).toBeTruthy();
    expect(button('Apply').disabled).toBe(true);
    expect(button('Export').disabled).toBe(true);
    await click(screen.getByRole('tab', { name: /Networks/ }));
    await click(button('protections.smtp-max-recipients.settings.limit'));
    expect(document.activeElement).toBe(limit());
    await click(button('Reset to profile'));
    expect(limit().value).toBe('100');
    expect(screen.queryByRole('status', { name: 'Problem of the draft' })).toBeNull();
    expect(asked(bridge, 'policy:apply')).toEqual([]);
  });

  it('makes a form of every kind of setting', async () => {
    const { bridge } = await openPolicy();
    await click(screen.getByRole('checkbox', { name: 'Count accepted ones only' }));
    await click(row('smtp-unknown-command'));
    await type(screen.getByRole('textbox', { name: /^Known verbs/ }), 'HELO\nquit\n');
    await click(screen.getByRole('radio', { name: 'ready' }));
    await type(screen.getByRole('textbox', { name: /^Servers/ }), '10.0.0.25');
    await click(button('Apply'));
    expect(asked(bridge, 'policy:apply')).toMatchObject([
      {
        document: {
          protections: {
            'smtp-max-recipients': { settings: { accepted_only: true } },
            'smtp-unknown-command': {
              settings: { known_verbs: ['HELO', 'quit'], state: 'ready' },
              servers: ['10.0.0.25'],
            },
          },
        },
      },
    ]);
  });

  it('keeps own entries when the profile is switched, and the draft when the screen is left', async () => {
    await openPolicy();
    await type(limit(), '20');
    await click(button(/^Profile/));
    await click(screen.getByRole('menuitemradio', { name: /^Check Point/ }));
    expect(inShort()).toBe('active: 3 of 4, from Check Point, changed');
    await click(button('Sessions'));
    await click(button('Policy'));
    expect(limit().value).toBe('20');
    await click(button('Discard changes'));
    expect(inShort()).toBe('active: 4 of 4, from the Modern profile');
  });

  it('takes an imported policy into the draft, and names its file until it is changed', async () => {
    const imported = { document: { schema: 1, profile: 'strict' } as const, path: '/policies/site.json' };
    const { bridge } = await openPolicy({ answers: { 'policy:import': () => imported } });
    await click(button('Import'));
    expect(inShort()).toBe('active: 4 of 4, from site.json');
    expect(asked(bridge, 'policy:apply')).toEqual([]);
    await click(button('Apply'));
    expect(asked(bridge, 'policy:apply')).toEqual([imported]);
    await type(limit(), '20');
    expect(inShort()).toBe('active: 4 of 4, from site.json, changed');
    await click(button('Export'));
    expect(inShort()).toBe('active: 4 of 4, from site.json');
  });

  it('says why an import was refused, and keeps the draft', async () => {
    const problem = { code: 'policy-syntax', message: 'site.json (line 3, column 1).', hint: 'The file is JSON.' };
    await openPolicy({ answers: { 'policy:import': () => problem } });
    await type(limit(), '20');
    await click(button('Import'));
    expect(screen.getByRole('alert').textContent).toContain('line 3, column 1');
    expect(limit().value).toBe('20');
  });

  it('reports a saved policy that cannot be used on every screen, until it is dismissed', async () => {
    const problem = { code: 'policy-syntax', message: 'The saved policy cannot be used.', hint: 'Correct it.' };
    await renderApp({ policy: fakePolicyState({ schema: 1, profile: 'modern' }, { problem }) });
    expect(screen.getByText('The saved policy cannot be used.')).toBeTruthy();
    await click(button('Policy'));
    expect(screen.getByText('The saved policy cannot be used.')).toBeTruthy();
    await click(button('Dismiss'));
    expect(screen.queryByText('The saved policy cannot be used.')).toBeNull();
  });
});

describe('the access list', () => {
  const openList = async () => {
    const app = await openPolicy();
    await click(screen.getByRole('tab', { name: /Perimeter/ }));
    return app;
  };
  const editor = (): HTMLElement => screen.getByRole('textbox', { name: 'Access list lines' });

  it('says for each wrong line which column holds what', async () => {
    await openList();
    await type(editor(), 'permit ip any any\nallow all\n\nblock');
    const wrong = within(screen.getByRole('region', { name: 'Wrong lines' }));
    expect(wrong.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'Line 2, column 1Found "allow all". Allowed: permit or deny.',
      'Line 3, column 1Found "". Allowed: permit or deny.',
      'Line 4, column 1Found "block". Allowed: permit or deny.',
    ]);
    expect(button('perimeter, line 2')).toBeTruthy();
    expect(button('Apply').disabled).toBe(true);
  });

  it('says which list is used when it is empty, and inserts it', async () => {
    await openList();
    expect(screen.getByRole('heading', { name: 'No list is used' })).toBeTruthy();
    expect(button('Insert the default list').disabled).toBe(true);
    await click(button('Go to Networks'));
    await type(screen.getByRole('textbox', { name: /^Own networks/ }), '10.0.0.0/8');
    await click(screen.getByRole('tab', { name: /Perimeter/ }));
    expect(screen.getByRole('heading', { name: 'The default list is used' })).toBeTruthy();
    await click(button('Insert the default list'));
    expect(editor()).toHaveProperty('value', 'deny tcp any any eq 25 log');
    expect(screen.getByRole('heading', { name: 'Your list is used' })).toBeTruthy();
  });

  it('counts what permits and denies, and says what a list leaves unsaid', async () => {
    await openList();
    const about = (): string => screen.getByRole('region', { name: 'List that is used' }).textContent;
    const entries = 'permit tcp any host 10.0.0.25 eq 25\n10 deny tcp any any eq 25';
    await type(editor(), `ip access-list extended MAIL\n remark mail\n${entries}\n!\npermit ip any any`);
    expect(screen.getByRole('tab', { name: 'Perimeter 3' })).toBeTruthy();
    await type(editor(), 'deny tcp any any eq 25\npermit ip any any');
    expect(about()).toContain('Nothing is reported: only entries deny … log report what they deny');
    expect(about()).toContain('every connection is judged');
    await type(editor(), 'deny tcp any any eq 25 log\npermit ip any any');
    expect(about()).not.toContain('Nothing is reported');
    await click(screen.getByRole('tab', { name: /^Networks/ }));
    await type(screen.getByRole('textbox', { name: /^Own networks/ }), '10.0.0.0/8');
    await click(screen.getByRole('tab', { name: /Perimeter/ }));
    expect(about()).not.toContain('every connection is judged');
  });
});

it('a finding leads to its protection, and a button or Escape back to the finding', async () => {
  const { store } = await renderApp();
  fireEvent.keyDown(screen.getByRole('grid', { name: 'Sessions' }), { key: 'ArrowDown' });
  await settle();
  await click(screen.getAllByRole('button', { name: /^Policy: / })[1] as HTMLElement);
  expect(store.getState().screen).toBe('policy');
  await click(button('Back to the finding'));
  expect([store.getState().screen, screen.getAllByRole('button', { name: /^Policy: / }).length]).toEqual([
    'sessions',
    3,
  ]);
  await click(screen.getAllByRole('button', { name: /^Policy: / })[1] as HTMLElement);
  fireEvent.keyDown(screen.getByRole('tree'), { key: 'Escape' });
  await settle();
  expect(store.getState().screen).toBe('sessions');
  await click(button('Policy'));
  expect(screen.queryByRole('button', { name: 'Back to the finding' })).toBeNull();
});

it('a violation of the log leads to its protection, also out of a search and a closed family', async () => {
  const { store } = await openPolicy();
  await type(screen.getByRole('textbox', { name: 'Search protections' }), 'weak');
  await click(button(/^Violations/));
  fireEvent.keyDown(screen.getByRole('grid', { name: 'Violations' }), { key: 'ArrowDown' });
  await settle();
  const link = within(screen.getByRole('region', { name: 'Selected violation' })).getByRole('button', {
    name: /^Policy: /,
  });
  const id = link.textContent.replace('Policy: ', '');
  await click(link);
  expect(store.getState().policy).toMatchObject({ selectedId: id, search: '', tab: 'protections' });
  await click(row('smtp-unknown-command'));
  await act(async () => store.getState().toggleFamily('pop3'));
  await act(async () => store.getState().showInPolicy('protections.pop3-weak-password'));
  await settle();
  expect(document.activeElement).toBe(row('pop3-weak-password'));
});
