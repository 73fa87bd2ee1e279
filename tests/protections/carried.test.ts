/**
 * How a conversation is carried does not change what is found in it: every
 * transcript of the protections as real packets, cut into other segments,
 * reordered, repeated, in fragments, over IPv6 and over other link layers.
 */
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../engine/index.js';
import type { Violation } from '../../shared/violation.js';
import { readTranscripts, type Transcript } from '../transcripts/harness.js';
import { carried, PLAIN, type Carriage } from './carried.js';
import { describeRecord, judgeTranscript, policyOf } from './judged-replay.js';

const transcripts = readTranscripts(join(import.meta.dirname, 'transcripts'));
/** Policies name IPv4 networks. */
const NAMES_ADDRESSES = /networks|servers|connection|exempt/;

const someCarriage = (transcript: Transcript): fc.Arbitrary<Carriage> =>
  fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 }),
    reversed: fc.boolean(),
    repeated: fc.boolean(),
    ipv6: isAddressFree(transcript) ? fc.boolean() : fc.constant(false),
    fragmentBytes: fc.constantFrom(0, 0, 24, 64),
    link: fc.constantFrom('ethernet', 'vlan', 'qinq', 'raw', 'sll', 'null'),
  });

function isAddressFree(transcript: Transcript): boolean {
  return !transcript.blocks.has('connection') && !NAMES_ADDRESSES.test(transcript.blocks.get('policy') ?? '');
}

/** What was found, without what rightly depends on the packets. */
function judge(transcript: Transcript, carriage: Carriage): unknown[] {
  return violationsOf(transcript, carriage).map(
    ({ id: _id, sessionId: _session, packet: _packet, client: _client, server: _server, ...found }) => found,
  );
}

function violationsOf(transcript: Transcript, carriage: Carriage): Violation[] {
  const found: Violation[] = [];
  const pipeline = new Pipeline({
    policy: policyOf(transcript),
    sink: { sessionClosed: (session) => found.push(...session.violations()) },
  });
  pipeline.push(carried(transcript, carriage));
  pipeline.end();
  expect(pipeline.problem).toBeNull();
  return found;
}

for (const { file, transcript } of transcripts) {
  describe(`${file}: ${transcript.name}`, () => {
    const plain = judge(transcript, PLAIN);

    it('is judged the same however it is carried', () => {
      fc.assert(
        fc.property(someCarriage(transcript), (carriage) => {
          expect(judge(transcript, carriage)).toEqual(plain);
        }),
        { numRuns: 6, endOnFailure: true },
      );
    });

    it.runIf(isOrdinary(transcript))('is judged as its dialogue alone is', () => {
      const expected = judgeTranscript(transcript, 'whole').records.map(describeRecord);
      expect(violationsOf(transcript, PLAIN).map(describeRecord)).toEqual(expected);
    });
  });
}

/** Both sides from the start, without gaps: what packets can show is what the dialogue is told. */
function isOrdinary({ fromStart, missing, steps }: Transcript): boolean {
  return fromStart && !missing[0] && !missing[1] && steps.every(({ kind }) => kind !== 'gap');
}
