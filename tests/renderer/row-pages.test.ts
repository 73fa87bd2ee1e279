import { describe, expect, it } from 'vitest';
import { PAGE_ROWS, RowPages } from '../../renderer/views/row-pages.js';
import type { RowAnswer } from '../../renderer/views/row-pages.js';

interface Asked {
  readonly from: number;
  readonly answer: (version: number, total?: number) => Promise<void>;
}

/** Pages over a source that answers when told to; rows are `version:index`. */
function pagesOver(total: number) {
  const asked: Asked[] = [];
  let changes = 0;
  const pages = new RowPages<string>(
    (from, count) =>
      new Promise<RowAnswer<string> | null>((resolve) => {
        asked.push({
          from,
          answer: async (version, nowTotal = total) => {
            const rows = Array.from({ length: Math.min(count, nowTotal - from) }, (_, at) => `${version}:${from + at}`);
            resolve({ state: { viewId: 1, version, total: nowTotal, unfiltered: nowTotal }, from, rows });
            await new Promise((done) => setImmediate(done));
          },
        });
      }),
    () => changes++,
  );
  const state = (version: number, nowTotal = total) => ({ viewId: 1, version, total: nowTotal, unfiltered: nowTotal });
  return { pages, asked, state, changes: () => changes };
}

describe('the rows of a view', () => {
  it('are asked for by the page around the window, and only there', () => {
    const { pages, asked, state } = pagesOver(1_000_000);
    pages.setWindow(450, 620);
    pages.setState(state(1));
    expect(asked.map(({ from }) => from)).toEqual([2 * PAGE_ROWS, 3 * PAGE_ROWS]);
    pages.setWindow(450, 630);
    expect(asked).toHaveLength(2);
  });

  it('stay visible in their old version until the newer one has come', async () => {
    const { pages, asked, state } = pagesOver(300);
    pages.setWindow(0, 30);
    pages.setState(state(1));
    await asked[0]?.answer(1);
    expect(pages.rowAt(7)).toBe('1:7');
    pages.setState(state(2));
    expect(pages.rowAt(7)).toBe('1:7');
    await asked[1]?.answer(2);
    expect(pages.rowAt(7)).toBe('2:7');
  });

  it('are asked for once more when the view changed while the answer was on its way', async () => {
    const { pages, asked, state } = pagesOver(300);
    pages.setWindow(0, 30);
    pages.setState(state(1));
    pages.setState(state(2));
    expect(asked).toHaveLength(1);
    await asked[0]?.answer(1);
    expect(asked).toHaveLength(2);
    await asked[1]?.answer(2);
    expect(asked).toHaveLength(2);
    expect(pages.rowAt(0)).toBe('2:0');
  });

  it('believe an answer that is newer than the last push', async () => {
    const { pages, asked, state } = pagesOver(300);
    pages.setWindow(0, 30);
    pages.setState(state(1, 20));
    await asked[0]?.answer(3, 40);
    expect(pages.total).toBe(40);
    pages.setState(state(2, 30));
    expect(pages.total).toBe(40);
  });

  it('are not asked for in a circle when answers lag behind the pushes', async () => {
    const { pages, asked, state } = pagesOver(300);
    pages.setWindow(0, 30);
    pages.setState(state(9));
    await asked[0]?.answer(4);
    expect(asked).toHaveLength(1);
    expect(pages.rowAt(0)).toBe('4:0');
  });

  it('are undefined beyond the end, also when a page still holds more', async () => {
    const { pages, asked, state } = pagesOver(100);
    pages.setWindow(0, 30);
    pages.setState(state(1));
    await asked[0]?.answer(1);
    pages.setState(state(2, 10));
    expect([pages.rowAt(9), pages.rowAt(10)]).toEqual(['1:9', undefined]);
  });

  it('are forgotten far from the window, so that a million rows cost no more than a few pages', async () => {
    const { pages, asked, state } = pagesOver(1_000_000);
    pages.setState(state(1));
    for (let page = 0; page < 40; page++) {
      pages.setWindow(page * PAGE_ROWS, page * PAGE_ROWS + 30);
      await asked[asked.length - 1]?.answer(1);
    }
    const held = Array.from({ length: 40 }, (_, page) => pages.rowAt(page * PAGE_ROWS)).filter(
      (row) => row !== undefined,
    );
    expect(held).toHaveLength(24);
    expect(pages.rowAt(39 * PAGE_ROWS)).toBe(`1:${39 * PAGE_ROWS}`);
  });

  it('tell nobody any more after they were closed', async () => {
    const { pages, asked, state, changes } = pagesOver(300);
    pages.setState(state(1));
    const before = changes();
    pages.close();
    await asked[0]?.answer(1);
    expect(changes()).toBe(before);
  });
});
