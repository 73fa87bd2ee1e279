import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyPath, readPath } from '../../engine/protections/smtp-path.js';
import { sourceKey } from '../../engine/protections/source-key.js';
import { octets } from './made-events.js';

/** `path | mailbox | domain | open or closed`, or `none`. */
function read(argument: string, keyword = 'TO'): string {
  const buffer = octets(argument);
  const path = emptyPath();
  if (!readPath(buffer, 0, buffer.length, keyword, path)) return 'none';
  const domain = path.at === -1 ? '-' : argument.slice(path.at + 1, path.end);
  const rest = argument.slice(path.after);
  return [
    argument.slice(path.start, path.end),
    argument.slice(path.mailboxStart, path.end),
    domain,
    `${path.closed ? 'closed' : 'open'}${rest === '' ? '' : ` then "${rest}"`}`,
  ].join(' | ');
}

describe('the path of MAIL and RCPT', () => {
  it.each([
    ['TO:<a@b>', 'a@b | a@b | b | closed'],
    ['to : <a@b> X=1', 'a@b | a@b | b | closed then " X=1"'],
    ['TO:a@b X=1', 'a@b | a@b | b | closed then " X=1"'],
    ['TO:< a@b >', 'a@b | a@b | b | closed'],
    ['TO:<>', ' |  | - | closed'],
    ['TO:', ' |  | - | closed'],
    ['TO:<a@b', 'a@b | a@b | b | open'],
    ['TO:<"a@b">', '"a@b" | "a@b" | - | closed'],
    ['TO:<"a\\"@b"@c>', '"a\\"@b"@c | "a\\"@b"@c | c | closed'],
    ['TO:<"a>b"@c>', '"a>b"@c | "a>b"@c | c | closed'],
    ['TO:<"a@b>', '"a@b> | "a@b> | - | open'],
    ['TO:<"a\\', '"a\\ | "a\\ | - | open'],
    ['TO:"a b"@c d', '"a b"@c | "a b"@c | c | closed then " d"'],
    ['TO:<@x,@y:a@b>', '@x,@y:a@b | a@b | b | closed'],
    ['TO:<@[IPv6:2001:db8::1]:a@b>', '@[IPv6:2001:db8::1]:a@b | a@b | b | closed'],
    ['TO:<@x>', '@x | @x | x | closed'],
    ['TO:<@x y:z>', '@x y:z | @x y:z | x y:z | closed'],
    ['TO:<a@[IPv6:2001:db8::1]>', 'a@[IPv6:2001:db8::1] | a@[IPv6:2001:db8::1] | [IPv6:2001:db8::1] | closed'],
    ['TO:<a@[x@y]>', 'a@[x@y] | a@[x@y] | [x@y] | closed'],
    ['TO:<a@b@c>', 'a@b@c | a@b@c | c | closed'],
    ['TO:<a@>', 'a@ | a@ |  | closed'],
    ['FROM:<a@b>', 'none'],
    ['TO <a@b>', 'none'],
    ['T', 'none'],
    ['', 'none'],
  ])('of %j is %j', (argument, expected) => {
    expect(read(argument)).toBe(expected);
  });

  it('lies within the octets that it was read from, whatever they are', () => {
    const some = fc.stringMatching(/^[ \t"<>@:[\]\\,ab|]{0,24}$/);
    fc.assert(
      fc.property(some, (text) => {
        const argument = `TO:${text}`;
        const path = emptyPath();
        expect(readPath(octets(argument), 0, argument.length, 'TO', path)).toBe(true);
        const { start, mailboxStart, end, after, at } = path;
        expect(start).toBeLessThanOrEqual(mailboxStart);
        expect(mailboxStart).toBeLessThanOrEqual(end);
        expect(end).toBeLessThanOrEqual(after);
        expect(after).toBeLessThanOrEqual(argument.length);
        expect(at === -1 || (at >= mailboxStart && at < Math.max(end, mailboxStart + 1))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the key of a source', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['2001:db8:1:2:3:4:5:6', '20010db800010002/64'],
    ['2001:db8:1:2::9', '20010db800010002/64'],
    ['2001:db8:1:3::9', '20010db800010003/64'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
  ])('of %s is %s', (address, key) => {
    expect(sourceKey(address)).toBe(key);
  });
});
