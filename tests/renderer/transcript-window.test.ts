import { describe, expect, it } from 'vitest';
import { HELD_ITEMS, PAGE_ITEMS, TranscriptWindow } from '../../renderer/session/transcript/transcript-window.js';
import type { TranscriptRequest } from '../../renderer/session/transcript/transcript-window.js';
import type { TranscriptItem } from '../../shared/transcript.js';
import { text } from './fake-sessions.js';

const FOLD_AT = 5;

/** A transcript of numbered lines; line 6 to 9 hide in a fold with finding 77 until it is expanded. */
function itemsOf(all: readonly TranscriptItem[], expand: readonly number[]): readonly TranscriptItem[] {
  const expanded = expand.includes(1);
  const fold: TranscriptItem = {
    kind: 'fold',
    id: 1,
    direction: 'to_server',
    lines: 4,
    lengthBytes: 32,
    what: 'body',
    findings: [77],
    expanded,
  };
  return [
    ...all.slice(0, FOLD_AT),
    fold,
    ...(expanded ? all.slice(FOLD_AT, FOLD_AT + 4) : []),
    ...all.slice(FOLD_AT + 4),
  ];
}

function linesOf(count: number): readonly TranscriptItem[] {
  return Array.from({ length: count }, (_, at) => ({
    kind: 'line',
    number: at + 1,
    timeUs: at,
    packet: at,
    direction: 'to_server',
    secure: false,
    role: 'body',
    runs: [text(`line ${at + 1}`)],
    lengthBytes: 8,
    omittedBytes: 0,
    terminator: 'crlf',
    severity: null,
    findings: [],
  }));
}

function windowOver(count: number) {
  const lines = linesOf(count);
  const requests: TranscriptRequest[] = [];
  const window = new TranscriptWindow(
    async (request) => {
      requests.push(request);
      const items = itemsOf(lines, request.expand);
      const { from, count, reveal } = request;
      const page = {
        sessionId: 1,
        items: items.slice(from, from + count),
        from,
        total: items.length,
        startUs: 0,
        revealed: reveal,
        masked: 0,
        warnings: [],
      };
      return { ok: true, value: page };
    },
    () => undefined,
  );
  return { window, requests, held: () => ({ from: window.current.from, count: window.current.items.length }) };
}

describe('the held part of a transcript', () => {
  it('is the first page, and grows by a page when the end comes near', async () => {
    const { window, held } = windowOver(5003);
    await window.reload();
    expect(held()).toEqual({ from: 0, count: PAGE_ITEMS });
    await window.loadMore('after');
    await window.loadMore('after');
    await window.loadMore('after');
    expect(held()).toEqual({ from: 0, count: 5000 });
  });

  it('never exceeds its bound: what is far behind is let go and comes back when wanted', async () => {
    const { window, held } = windowOver(60_000);
    await window.reload();
    for (let page = 0; page < 12; page++) await window.loadMore('after');
    expect(held()).toEqual({ from: 13 * PAGE_ITEMS - HELD_ITEMS, count: HELD_ITEMS });
    await window.loadMore('before');
    expect(held()).toEqual({ from: 13 * PAGE_ITEMS - HELD_ITEMS - PAGE_ITEMS, count: HELD_ITEMS });
  });

  it('finds a line far away by halving, not by reading everything before it', async () => {
    const { window, requests } = windowOver(100_000);
    await window.reload();
    const item = await window.seek(81_234, null);
    const shown = window.current.items[item - window.current.from];
    expect(shown?.kind === 'line' ? shown.number : null).toBe(81_234);
    expect(requests.length).toBeLessThan(12);
  });

  it('expands the fold that hides a finding', async () => {
    const { window } = windowOver(20);
    await window.reload();
    const item = await window.seek(8, 77);
    const shown = window.current.items[item];
    expect(shown?.kind === 'line' ? shown.number : null).toBe(8);
  });

  it('says -1 for a line that does not exist', async () => {
    const { window } = windowOver(20);
    await window.reload();
    expect(await window.seek(400, null)).toBe(-1);
  });

  it('throws away answers that were overtaken', async () => {
    const { window } = windowOver(20);
    const first = window.reload();
    const second = window.setReveal(true);
    await Promise.all([first, second]);
    expect(window.current.revealed).toBe(true);
  });
});
