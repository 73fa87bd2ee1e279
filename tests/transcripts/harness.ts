/**
 * The transcript harness: conversations in Markdown, replayed whole, octet by
 * octet and at random cuts, and compared with the events they should cause.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replay, type DialogueFactory } from './replay.js';
import type { Transcript } from './transcript-file.js';

export { parseTranscript, readTranscripts, blockLines, unescapeOctets } from './transcript-file.js';
export type { Step, Transcript } from './transcript-file.js';
export type { CopiedEvent } from './describe-event.js';
export { replay, type CutMode, type DialogueFactory, type Replay } from './replay.js';

/** Random chunk sizes, used in turn. */
export const someCut = fc
  .array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 })
  .map((sizes) => ({ sizes }));

/** Declares the tests of a list of transcripts: expected events, then the same for every cut. */
export function testTranscripts(
  transcripts: readonly { readonly file: string; readonly transcript: Transcript }[],
  factory: DialogueFactory,
): void {
  for (const { file, transcript } of transcripts) {
    describe(`${file}: ${transcript.name}`, () => {
      const whole = replay(transcript, 'whole', factory, { wire: true });
      it('causes the expected events', () => {
        expect(transcript.events).not.toBeNull();
        expect(whole.events.map((event) => event.text)).toEqual(transcript.events);
      });
      it('says the same octet by octet and at random cuts', () => {
        expect(replay(transcript, 'bytes', factory, { wire: true })).toEqual(whole);
        fc.assert(
          fc.property(someCut, (cut) => {
            expect(replay(transcript, cut, factory, { wire: true })).toEqual(whole);
          }),
          { numRuns: 12 },
        );
      });
    });
  }
}
