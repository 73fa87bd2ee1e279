/** Renders the whole window over a fake bridge, in a page without layout. */
import { act, cleanup, render } from '@testing-library/react';
import { vi } from 'vitest';
import { App } from '../../renderer/app/app.js';
import { createAppStore } from '../../renderer/store/app-store.js';
import { ServicesProvider } from '../../renderer/store/store-context.js';
import { createFakeBridge } from './fake-bridge.js';
import type { FakeOptions } from './fake-bridge.js';

/** The window with its plain list, because a terminal needs a page with layout. */
export async function renderApp(options: FakeOptions = {}) {
  cleanup();
  giveLayout();
  const bridge = createFakeBridge(options);
  const store = createAppStore(bridge);
  store.getState().setPlainList(true);
  store.getState().start();
  render(
    <ServicesProvider services={{ store, bridge }}>
      <App />
    </ServicesProvider>,
  );
  await settle();
  return { bridge, store };
}

/** Lets answers arrive, delays pass and React render. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await act(() => vi.advanceTimersByTimeAsync(200));
}

/** What was asked on a channel, in order. */
export function asked(bridge: ReturnType<typeof createFakeBridge>, channel: string): readonly unknown[] {
  return bridge.calls.filter((call) => call.channel === channel).map((call) => call.input);
}

function giveLayout(): void {
  for (const [name, value] of [
    ['offsetHeight', 400],
    ['offsetWidth', 1000],
    ['clientHeight', 400],
    ['clientWidth', 1000],
  ] as const) {
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => value });
  }
  Element.prototype.scrollIntoView = () => undefined;
}
