import { describe, expect, it } from 'vitest';
import { PAGE_ITEMS, TranscriptWindow } from '../../renderer/session/transcript/transcript-window.js';
import type { TranscriptRequest } from '../../renderer/session/transcript/transcript-window.js';
import type { Answer } from '../../shared/ipc.js';
import type { TranscriptItem, TranscriptPage } from '../../shared/transcript.js';

/** A transcript of so many notes, as it stands when it is asked for; answers wait until they are let through. */
class GrowingTranscript {
  readonly requests: TranscriptRequest[] = [];
  readonly #waiting: (() => void)[] = [];
  problem: Extract<Answer<never>, { ok: false }>['problem'] | null = null;
  readonly window = new TranscriptWindow(
    (request) => this.#answer(request),
    () => undefined,
  );

  constructor(public total: number) {}

  get held(): readonly [from: number, count: number, total: number] {
    const { from, items, total } = this.window.current;
    return [from, items.length, total];
  }

  /** Lets every answer through, those too that are asked for meanwhile. */
  async answerAll(): Promise<void> {
    for (let turns = 0; turns < 20; turns++) {
      this.#waiting.shift()?.();
      await Promise.resolve();
      await Promise.resolve();
    }
  }

  #answer(request: TranscriptRequest): Promise<Answer<TranscriptPage>> {
    this.requests.push(request);
    const { from, count } = request;
    const items = Array.from({ length: Math.max(0, Math.min(count, this.total - from)) }, (_, at): TranscriptItem => ({
      kind: 'note',
      text: String(from + at),
    }));
    const page = { sessionId: 1, items, from, total: this.total, startUs: 0, revealed: false, masked: 0, warnings: [] };
    const answer: Answer<TranscriptPage> =
      this.problem === null ? { ok: true, value: page } : { ok: false, problem: this.problem };
    return new Promise((resolve) => this.#waiting.push(() => resolve(answer)));
  }
}

async function loaded(total: number): Promise<GrowingTranscript> {
  const transcript = new GrowingTranscript(total);
  void transcript.window.reload();
  await transcript.answerAll();
  return transcript;
}

describe('a transcript that grows', () => {
  it('shows what came', async () => {
    const transcript = await loaded(10);
    transcript.total = 14;
    void transcript.window.grow();
    await transcript.answerAll();
    expect(transcript.held).toEqual([0, 14, 14]);
  });

  it('misses nothing that came while it was being loaded, and asks once more only', async () => {
    const transcript = await loaded(10);
    void transcript.window.grow();
    transcript.total = 14;
    for (let i = 0; i < 5; i++) void transcript.window.grow();
    await transcript.answerAll();
    expect([transcript.held, transcript.requests.length]).toEqual([[0, 14, 14], 3]);
  });

  it('is left alone when it cannot be read', async () => {
    const transcript = new GrowingTranscript(10);
    transcript.problem = { code: 'spool-discarded', message: 'Gone.', hint: '' };
    void transcript.window.reload();
    await transcript.answerAll();
    void transcript.window.grow();
    await transcript.answerAll();
    expect([transcript.requests.length, transcript.window.current.problem?.code]).toEqual([1, 'spool-discarded']);
  });

  it('goes on to its end by a page, and jumps there when it is far', async () => {
    const transcript = await loaded(PAGE_ITEMS + 3);
    void transcript.window.toEnd();
    await transcript.answerAll();
    expect(transcript.held).toEqual([0, PAGE_ITEMS + 3, PAGE_ITEMS + 3]);
    const far = await loaded(30_000);
    void far.window.toEnd();
    await far.answerAll();
    expect(far.held).toEqual([30_000 - PAGE_ITEMS, PAGE_ITEMS, 30_000]);
  });
});
