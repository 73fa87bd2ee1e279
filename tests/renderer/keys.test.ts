import { describe, expect, it } from 'vitest';
import { paneKey } from '../../renderer/session/transcript/transcript-keys.js';
import { rowForKey } from '../../renderer/table/grid-keys.js';

const press = (key: string, ctrlKey = false) => ({ key, ctrlKey, metaKey: false, altKey: false });
const rowsFor = (keys: readonly string[], active: number) => keys.map((key) => rowForKey(press(key), active, 100, 20));

describe('the keys of a table', () => {
  it('lead to the neighbouring row, a page on, the ends', () => {
    const keys = ['ArrowDown', 'j', 'ArrowUp', 'k', 'PageDown', 'PageUp', 'Home', 'End', 'x'];
    expect(rowsFor(keys, 50)).toEqual([51, 51, 49, 49, 70, 30, 0, 99, null]);
    expect(rowsFor(keys, 0)).toEqual([1, 1, 0, 0, 20, 0, 0, 99, null]);
    expect(rowsFor(keys, 99)).toEqual([99, 99, 98, 98, 99, 79, 0, 99, null]);
  });

  it('begin at the ends when no row is active', () => {
    expect(rowsFor(['j', 'k'], -1)).toEqual([0, 99]);
  });

  it('do nothing in an empty table or with Ctrl', () => {
    expect([rowForKey(press('j'), -1, 0, 20), rowForKey(press('End', true), 5, 100, 20)]).toEqual([null, null]);
  });
});

describe('the keys of a session', () => {
  const transcript = { inTranscript: true, active: 2100, first: 2000, count: 500 };

  it('lead back from everywhere in it', () => {
    const elsewhere = { ...transcript, inTranscript: false };
    expect(['Escape', 'Enter', 'j'].map((key) => paneKey(press(key), elsewhere))).toEqual([
      { kind: 'back' },
      null,
      null,
    ]);
  });

  it('walk lines and open them in the transcript, within what is held', () => {
    expect(['j', 'k', 'Home', 'End', 'Enter'].map((key) => paneKey(press(key), transcript))).toEqual([
      { kind: 'move', item: 2101 },
      { kind: 'move', item: 2099 },
      { kind: 'move', item: 2000 },
      { kind: 'move', item: 2499 },
      { kind: 'open' },
    ]);
  });

  it('leave keys with Ctrl to the window', () => {
    expect(paneKey(press('j', true), transcript)).toBeNull();
  });
});
