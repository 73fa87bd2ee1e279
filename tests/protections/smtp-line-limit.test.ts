import { describe, expect, it } from 'vitest';
import { KNOWLEDGE } from '../../engine/protocols/events.js';
import { ConnectionFacts } from '../../engine/protocols/facts.js';
import { commandLineLimit, INCREMENTS, type IncrementMode } from '../../engine/protections/smtp-line-limit.js';
import { command } from './made-events.js';

function limit(
  text: string,
  keywords: readonly string[] | null,
  mode: IncrementMode = 'advertised',
  helo = 'EHLO',
): number {
  const facts = new ConnectionFacts('smtp');
  facts.heloVerb = helo;
  facts.capabilities = keywords === null ? null : new Set(keywords);
  return commandLineLimit(command(text, 1), facts, 512, mode);
}

describe('the length an SMTP command line may have', () => {
  it('is 512 octets without extensions', () => {
    expect(['MAIL FROM:<a@b>', 'RCPT TO:<a@b>', 'NOOP', 'VRFY a'].map((text) => limit(text, []))).toEqual([
      512, 512, 512, 512,
    ]);
  });

  it.each([
    ['MAIL', ['SIZE'], 538],
    ['MAIL', ['AUTH'], 1012],
    ['MAIL', ['8BITMIME'], 529],
    ['MAIL', ['8BITMIME', 'BINARYMIME'], 529],
    ['MAIL', ['SMTPUTF8'], 522],
    ['VRFY', ['SMTPUTF8'], 522],
    ['EXPN', ['SMTPUTF8'], 522],
    ['RCPT', ['SMTPUTF8'], 512],
    ['RCPT', ['DSN'], 1047],
    ['MAIL', ['DSN'], 628],
    ['MAIL', ['DELIVERBY'], 529],
    ['MAIL', ['FUTURERELEASE'], 546],
    ['MAIL', ['MTRK'], 552],
    ['MAIL', ['NO-SOLICITING'], 1519],
    ['MAIL', ['MT-PRIORITY'], 527],
    ['RCPT', ['RRVS'], 559],
    ['MAIL', ['REQUIRETLS'], 523],
    ['MAIL', ['CHECKPOINT'], 604],
    ['MAIL', ['XVERP', 'X-OTHER'], 576],
    ['MAIL', ['PIPELINING', 'CHUNKING'], 512],
    ['MAIL', ['SIZE', 'AUTH', 'DSN', '8BITMIME'], 512 + 26 + 500 + 116 + 17],
  ] as const)('is for %s with %j advertised %i', (verb, keywords, expected) => {
    expect(limit(`${verb} x`, keywords)).toBe(expected);
  });

  it('is rounded up where the keywords are not known, but not after HELO, which grants none', () => {
    expect([limit('MAIL x', null), limit('RCPT x', null), limit('DATA', null)]).toEqual([2048, 1400, 512]);
    expect([limit('MAIL x', null, 'advertised', 'HELO'), limit('RCPT x', null, 'advertised', 'HELO')]).toEqual([
      512, 512,
    ]);
  });

  it('is rounded up again after a gap', () => {
    const facts = new ConnectionFacts('smtp');
    facts.capabilities = new Set();
    expect(commandLineLimit(command('MAIL x', 1, { knowledge: KNOWLEDGE.resynced }), facts, 512, 'advertised')).toBe(
      2048,
    );
  });

  it('counts only parameters of the line where it is asked to', () => {
    const keywords = ['SIZE', 'AUTH', 'DSN'];
    expect(limit('MAIL FROM:<a@b> size=1 RET=HDRS', keywords, 'present')).toBe(512 + 26 + 116);
    expect(limit('MAIL FROM:<SIZE=1@b>', keywords, 'present')).toBe(512);
    expect(limit('MAIL FROM:<a@b> SIZE=1 BODY=8BITMIME', keywords, 'present')).toBe(538);
  });

  it('grants nothing where it is asked to', () => {
    expect(
      limit(
        'MAIL x',
        INCREMENTS.map((one) => one.keyword),
        'none',
      ),
    ).toBe(512);
  });

  it('leaves room for the URL of BURL', () => {
    expect(limit('BURL x', [])).toBe(2560);
  });
});
