/**
 * Every protection has a transcript that fires and one that nearly does, in
 * `transcripts/<id>.fires.md` and `<id>.near-miss.md` (more of them as
 * `<id>.fires.<protocol>.md`). Each conversation is judged whole, octet by
 * octet and at random cuts, with the same result.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../engine/protections/catalogue.js';
import { blockLines, readTranscripts, someCut } from '../transcripts/harness.js';
import { describeRecord, judgeTranscript, type Judgement } from './judged-replay.js';

const FOLDER = join(import.meta.dirname, 'transcripts');
const NAME = /^([a-z0-9-]+)\.(fires|near-miss)(?:\.[a-z0-9]+)?\.md$/;

describe('the transcripts of the protections', () => {
  const files = readdirSync(FOLDER);
  it('are there for every protection, one that fires and one that does not', () => {
    const missing = CATALOGUE.flatMap(({ id }) => [`${id}.fires.md`, `${id}.near-miss.md`]).filter(
      (file) => !files.includes(file),
    );
    expect(missing).toEqual([]);
  });

  it('are each about a protection', () => {
    const ids = new Set(CATALOGUE.map((one) => one.id));
    expect(files.filter((file) => !ids.has(NAME.exec(file)?.[1] ?? ''))).toEqual([]);
  });
});

for (const { file, transcript } of readTranscripts(FOLDER)) {
  const [, id, kind] = NAME.exec(file) as unknown as [string, string, string];
  describe(`${file}: ${transcript.name}`, () => {
    let judgement: Judgement | null = null;
    const judgedWhole = (): Judgement => (judgement ??= judgeTranscript(transcript, 'whole'));

    it(kind === 'fires' ? 'fires' : 'does not fire', () => {
      const whole = judgedWhole();
      expect(whole.records.some((record) => record.protection === id)).toBe(kind === 'fires');
      expect(whole.records.map((record) => describeRecord(record).trim())).toEqual(
        blockLines(transcript.blocks.get('findings')) ?? [],
      );
    });

    it('is judged the same octet by octet and at random cuts', () => {
      const whole = judgedWhole();
      expect(judgeTranscript(transcript, 'bytes')).toEqual(whole);
      fc.assert(
        fc.property(someCut, (cut) => {
          expect(judgeTranscript(transcript, cut)).toEqual(whole);
        }),
        { numRuns: 8 },
      );
    });

    it('marks as many places as it counts', () => {
      const whole = judgedWhole();
      const marked = new Map<string, Set<number>>();
      for (const { protection, line } of whole.occurrences) {
        marked.set(protection, (marked.get(protection) ?? new Set()).add(line));
      }
      const sizes = [...marked].map(([protection, lines]) => [protection, lines.size]);
      expect(Object.fromEntries(sizes)).toEqual(
        Object.fromEntries(whole.records.map((record) => [record.protection, record.count])),
      );
    });
  });
}
