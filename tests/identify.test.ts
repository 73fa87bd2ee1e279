/** What a connection speaks: the port is a hint, the first octets are the proof. */
import { describe, expect, it } from 'vitest';
import { identifyHinted, identifyUnhinted, portHint, type FirstOctets } from '../engine/protocols/identify.js';

const octets = (text: string): FirstOctets => ({ octets: Buffer.from(text, 'latin1'), length: text.length });
const HELLO = '\x16\x03\x01\x00\x40\x01\x00\x00\x3c\x03\x03';

describe('on a mail port', () => {
  it.each([
    ['smtp', '', '220 mx ready\r\n', 'smtp'],
    ['smtp', '', 'SSH-2.0-OpenSSH\r\n', 'smtp'],
    ['smtp', HELLO, '', 'tls'],
    ['smtp', HELLO.slice(0, 2), '', 'wait'],
    ['imap', 'a1 LOGIN x y\r\n', '', 'imap'],
    ['tls', HELLO, '', 'tls'],
    ['tls', '\x17\x03\x03\x00\x10', '', 'tls'],
    ['tls', '', '220 mx ready\r\n', 'smtp'],
    ['tls', '', '+OK ready\r\n', 'pop3'],
    ['tls', '', '* OK ready\r\n', 'imap'],
    ['tls', '', '* O', 'wait'],
    ['tls', 'GET / HTTP/1.1\r\n', '', 'failed'],
  ] as const)('hint %s, client %j, server %j: %s', (hint, client, server, expected) => {
    expect(identifyHinted(hint, octets(client), octets(server))).toBe(expected);
  });
});

describe('on any other port', () => {
  it.each([
    ['EHLO x\r\n', '220 mx\r\n', 'smtp'],
    ['', '220 mx\r\n', 'wait'],
    ['USER anonymous\r\n', '220 FTP ready\r\n', 'none'],
    ['USER bob\r\n', '+OK ready\r\n', 'pop3'],
    ['PING\r\n', '+OK\r\n', 'wait'],
    ['*1\r\n$4\r\nPING\r\n', '+PONG\r\n', 'none'],
    ['a1 CAPABILITY\r\n', '* OK ready\r\n', 'imap'],
    ['GET / HTTP/1.1\r\n', '', 'none'],
    ['', 'HTTP/1.1 200 OK\r\n', 'none'],
  ] as const)('client %j, server %j: %s', (client, server, expected) => {
    expect(identifyUnhinted(octets(client), octets(server))).toBe(expected);
  });
});

it('a port that the user names goes before the table', () => {
  const decodeAs = new Map([
    [2526, 'smtp'],
    [25, 'imap'],
  ] as const);
  expect([2526, 25, 587, 993, 80].map((port) => portHint(port, decodeAs))).toEqual([
    'smtp',
    'imap',
    'smtp',
    'tls',
    null,
  ]);
});
