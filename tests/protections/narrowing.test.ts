/**
 * What a protection says of the verbs and answers that it hears, and of a state
 * that all connections share, only saves work: every transcript is judged the
 * same without it, by its own policy and by the strictest.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EffectivePolicy } from '../../engine/policy/policy.js';
import { profilePolicy } from '../../engine/policy/profiles.js';
import { CATALOGUE } from '../../engine/protections/catalogue.js';
import type { Protection } from '../../engine/protections/protection.js';
import { readTranscripts } from '../transcripts/harness.js';
import { judgeTranscript, policyOf } from './judged-replay.js';

const TRANSCRIPTS = readTranscripts(join(import.meta.dirname, 'transcripts'));

function withoutNarrowing(policy: EffectivePolicy): EffectivePolicy {
  return { ...policy, active: policy.active.map((one) => ({ ...one, protection: hearingAll(one.protection) })) };
}

function hearingAll(one: Protection<unknown>): Protection<unknown> {
  return { ...one, hearsVerb: () => true, hearsAnswer: () => true, sharesState: false };
}

describe('a check that hears only some verbs or answers', () => {
  it('is there, and so is a state that is shared', () => {
    const narrowed = CATALOGUE.filter((one) => one.hearsVerb !== undefined || one.hearsAnswer !== undefined);
    expect(narrowed.length).toBeGreaterThan(20);
    expect(CATALOGUE.some((one) => one.sharesState === true)).toBe(true);
  });

  it.each(TRANSCRIPTS.map(({ file, transcript }) => [`${file}: ${transcript.name}`, transcript] as const))(
    'finds the same as one that hears all: %s',
    (_name, transcript) => {
      for (const policy of [policyOf(transcript), profilePolicy('strict')]) {
        expect(judgeTranscript(transcript, 'whole', policy)).toEqual(
          judgeTranscript(transcript, 'whole', withoutNarrowing(policy)),
        );
      }
    },
  );
});
