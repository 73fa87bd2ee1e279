import { describe, expect, it } from 'vitest';
import { parseAddressList } from '../../engine/protocols/mime/address-list.js';
import { decodeHeaderText } from '../../engine/protocols/mime/encoded-word.js';
import { parameterText, readParameters } from '../../engine/protocols/mime/parameters.js';

function decoded(text: string): string {
  const octets = Buffer.from(text, 'latin1');
  return decodeHeaderText(octets, 0, octets.length);
}
function addresses(text: string): string[] {
  const octets = Buffer.from(text, 'latin1');
  return parseAddressList(octets, 0, octets.length);
}
function fileName(text: string, name = 'filename'): string {
  const octets = Buffer.from(text, 'latin1');
  return parameterText(readParameters(octets, 0, octets.length), name);
}

describe('encoded words', () => {
  it.each([
    // RFC 2047 section 8.
    ['=?ISO-8859-1?Q?a?=', 'a'],
    ['=?ISO-8859-1?Q?a?= b', 'a b'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a?=   =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a_b?=', 'a b'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=', 'a b'],
    ['=?ISO-8859-1?Q?Patrik_F=E4ltstr=F6m?= <paf@nada.kth.se>', 'Patrik Fältström <paf@nada.kth.se>'],
    ['=?iso-8859-8?b?7eXs+SDv4SDp7Oj08A==?=', 'םולש ןב ילטפנ'],
    // A character split between two words, a language (RFC 2231 5), other character sets.
    ['=?utf-8?B?4oI=?= =?UTF-8?B?rA==?=', '€'],
    ['=?US-ASCII*EN?Q?Keith_Moore?=', 'Keith Moore'],
    ['=?windows-1251?Q?=CF=F0=E8=E2=E5=F2?=', 'Привет'],
    ['=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=', '日本'],
    ['=?gb2312?B?1tDOxA==?=', '中文'],
    // What is none, or in a character set that nobody knows.
    ['=?utf-8?x?a?=', '=?utf-8?x?a?='],
    ['=?utf-8?q?a', '=?utf-8?q?a'],
    ['=?', '=?'],
    ['=?klingon?q?=e9t=e9?=', '\\xE9t\\xE9'],
  ])('reads %s', (text, expected) => {
    expect(decoded(text)).toBe(expected);
  });

  it('cuts long text and says so', () => {
    expect(decoded(`=?utf-8?q?${'a'.repeat(4000)}?=`)).toBe(`${'a'.repeat(2000)}…`);
  });
});

describe('address lists', () => {
  it.each([
    ['a@b', ['a@b']],
    ['"Giant; \\"Big\\" Box" <sysservices@example.net>', ['Giant; "Big" Box <sysservices@example.net>']],
    ['Pete(A nice \\) chap) <pete(his account)@silly.test>', ['Pete(A nice \\) chap) <pete(his account)@silly.test>']],
    [
      'A Group:Ed Jones <joe@where.test>,joe@where.test,John <jdoe@one.test>;',
      ['Ed Jones <joe@where.test>', 'joe@where.test', 'John <jdoe@one.test>'],
    ],
    ['<>', []],
    [' , ,', []],
    ['"unterminated <a@b>, c@d', ['"unterminated <a@b>, c@d']],
    ['<@route.example:user@example.org', ['@route.example:user@example.org']],
    ['user@example.org (Full Name)', ['Full Name <user@example.org>']],
    ['=?utf-8?q?a=2C_b?= <a@b>, "x@y" <x@y>', ['a, b <a@b>', 'x@y <x@y>']],
  ])('reads %s', (text, expected) => {
    expect(addresses(text)).toEqual(expected);
  });
});

describe('parameters', () => {
  it.each([
    // RFC 2231 sections 3 and 4.
    [
      "application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20; title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"",
      'title',
      "This is even more ***fun*** isn't it!",
    ],
    ['message/external-body; title*0="ftp://"; title*1="cs.utk.edu/pub"', 'title', 'ftp://cs.utk.edu/pub'],
    ["x/y; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A", 'title', 'This is ***fun***'],
    ["a; filename=plain.txt; filename*=iso-8859-1''%E9t%E9.txt", 'filename', 'été.txt'],
    ['a; filename="=?utf-8?B?w6lsw6g=?=.doc"', 'filename', 'élè.doc'],
    ['a; FileName = My File.txt ; size=3', 'filename', 'My File.txt'],
    ["a; filename*=utf-8''%1b%5b2J", 'filename', '\\x1B[2J'],
    ["a; filename*=nobody''%ff", 'filename', '\\xFF'],
    ['a; filename*=%41', 'filename', 'A'],
    ['a; ; = ; filename', 'filename', ''],
  ])('reads %s', (text, name, expected) => {
    expect(fileName(text, name)).toBe(expected);
  });
});
