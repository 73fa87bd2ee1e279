/** Keys that work everywhere in the window. Keys of tables and transcripts are theirs. */
import { useEffect } from 'react';
import { useLatest } from '../react/use-latest.js';
import type { AppStore } from '../store/app-state.js';
import { focusSearch } from '../store/app-store.js';
import { useAppStore } from '../store/store-context.js';

export function useShortcuts(): void {
  const store = useAppStore();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey || !runShortcut(event, store.getState())) return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [store]);
}

/** Acts on a key of the window; false when it is none. */
export function runShortcut(event: KeyboardEvent, app: AppStore): boolean {
  const command = event.ctrlKey || event.metaKey;
  const open = app.status.phase !== 'idle' && app.status.phase !== 'failed';
  const canSearch = open || app.screen === 'policy';
  if (command) return runCommandKey(event.key, app, open, canSearch);
  if (isTyping(event.target) || app.dialog !== null) return false;
  if (event.key === '?') app.showDialog('shortcuts');
  else if (event.key === '/' && canSearch) focusSearch();
  else return false;
  return true;
}

function runCommandKey(key: string, app: AppStore, open: boolean, canSearch: boolean): boolean {
  if (key === 'o') void app.chooseCapture();
  else if (key === 'e') app.startOrStop();
  else if (key === 's') void app.saveCapture();
  else if (key === ',') app.showDialog('settings');
  else if (key === 'f' && canSearch) focusSearch();
  else if (key === '1' && open) app.showScreen('sessions');
  else if (key === '2' && open) app.showScreen('violations');
  else if (key === 'Enter' && app.screen === 'policy') void app.applyPolicy();
  else if (key === '3') app.showScreen('policy');
  else return false;
  return true;
}

/** Calls back for a key that works wherever the focus is, unless somebody types or a dialog is open. */
export function usePlainKeys(onKey: (key: string) => boolean): void {
  const store = useAppStore();
  const latest = useLatest(onKey);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const withModifier = event.ctrlKey || event.metaKey || event.altKey;
      if (event.defaultPrevented || withModifier || isTyping(event.target) || store.getState().dialog !== null) return;
      if (latest.current(event.key)) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [store, latest]);
}

/** True for fields; the terminal's own text area does not count, it takes no input. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.classList.contains('xterm-helper-textarea')) return false;
  return target.tagName === 'INPUT' || target.tagName === 'TEXTAREA' || target.isContentEditable;
}
