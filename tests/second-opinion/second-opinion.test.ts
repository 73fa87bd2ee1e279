/**
 * tshark's numbers of SMTP, POP3 and IMAP sessions and commands in every public
 * mail capture equal Mailscope's, or the difference is explained in
 * `differences.ts`. An explanation that is no longer needed fails as well.
 */
import { describe, expect, it } from 'vitest';
import { captureNames, capturePath, hasRealCaptures } from '../captures/real-captures.js';
import { DIFFERENCES } from './differences.js';
import { countWithMailscope } from './mailscope.js';
import { countWithTshark, tsharkVersion, type Counts } from './tshark.js';

const version = await tsharkVersion();
if (version === null) console.warn('no second opinion: tshark is not installed (apt-get install tshark)');

/** `sessions/commands` of the three protocols, in a line that reads well when it differs. */
const inWords = ({ smtp, pop3, imap }: Counts): string =>
  [
    `smtp ${smtp.sessions}/${smtp.commands}`,
    `pop3 ${pop3.sessions}/${pop3.commands}`,
    `imap ${imap.sessions}/${imap.commands}`,
  ].join(', ');

describe.skipIf(version === null || !hasRealCaptures).concurrent('a second opinion', () => {
  it.each(captureNames('mail'))(
    '%s: the numbers agree with tshark, or the difference is explained',
    async (name) => {
      const path = capturePath('mail', name);
      const tshark = inWords(await countWithTshark(path));
      const mailscope = inWords(countWithMailscope(path));
      const explained = DIFFERENCES[name];
      expect({ mailscope, tshark }).toEqual(
        explained === undefined
          ? { mailscope: tshark, tshark }
          : { mailscope: explained.mailscope, tshark: explained.tshark },
      );
    },
    300_000,
  );

  it('explains only differences that exist, in files that exist', () => {
    const names = captureNames('mail');
    for (const [name, { mailscope, tshark, reason }] of Object.entries(DIFFERENCES)) {
      expect(names).toContain(name);
      expect(mailscope).not.toBe(tshark);
      expect(reason).not.toBe('');
    }
  });
});
