/** Connections outwards that were open before the capture began: no handshake says that they are there. */
import { expect, it } from 'vitest';
import { parseTranscript, type CutMode, type Transcript } from '../transcripts/harness.js';
import { describeRecord, judgeTranscript } from './judged-replay.js';

const CUTS: readonly CutMode[] = ['whole', 'bytes'];

it.each(CUTS)('are told once, at the first line that is understood (%s)', (cut) => {
  const { records } = judgeTranscript(running('10.0.0.7'), cut);
  expect(records.map((record) => [describeRecord(record).trim(), record.detail])).toEqual([
    [
      'medium mail-external-server line 2 x1: 250 ok',
      'A host of your own that is no mail server spoke to a mail server outside. ' +
        'The connection was open before the capture began.',
    ],
  ]);
});

it('are left alone when a mail server of one’s own has them', () => {
  expect(judgeTranscript(running('10.0.0.25'), 'whole').records).toEqual([]);
});

function running(client: string): Transcript {
  const text = `# SMTP: outwards

## running
\`\`\`connection
${client}:41234 198.51.100.9:25
\`\`\`
\`\`\`policy
{ "networks": { "own": ["10.0.0.0/8"], "mailServers": ["10.0.0.25"] } }
\`\`\`
\`\`\`transcript
MIDSTREAM
C: RSET
S: 250 ok
C: MAIL FROM:<a@example.org>
S: 250 ok
\`\`\`
`;
  return parseTranscript(text);
}
