/** Where a RCPT line asks mail to be taken to, and DIGEST-MD5 challenges taken apart: whatever the octets are. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDigestChallenge } from '../../engine/protections/digest-challenge.js';
import { literalAddress, relayRecipient } from '../../engine/protections/relay-recipient.js';
import { command, octets } from './made-events.js';

describe('the recipient of a RCPT line', () => {
  it.each([
    ['<u@Own.Example>', 'u', 'own.example', 'none', 'own.example'],
    ['<u@own.example.>', 'u', 'own.example', 'none', 'own.example'],
    ['u@own.example NOTIFY=NEVER', 'u', 'own.example', 'none', 'own.example'],
    ['<postmaster>', 'postmaster', '', 'none', ''],
    ['<@own.example,@b.example:u@c.example>', 'u', 'c.example', 'source route', 'c.example'],
    ['<u%far.example@own.example>', 'u%far.example', 'own.example', 'percent', 'far.example'],
    ['<u%a.example%b.example@own.example>', 'u%a.example%b.example', 'own.example', 'percent', 'b.example'],
    ['<far.example!u@own.example>', 'far.example!u', 'own.example', 'bang', 'far.example'],
    ['<"u@far.example"@own.example>', '"u@far.example"', 'own.example', 'quoted', 'far.example'],
    ['<"u@far.example">', '"u@far.example"', '', 'quoted', 'far.example'],
    ['<u@far.example@own.example>', 'u@far.example', 'own.example', 'double at', 'far.example'],
    ['<u@[192.0.2.1]>', 'u', '[192.0.2.1]', 'address literal', '[192.0.2.1]'],
    ['<50%off@own.example>', '50%off', 'own.example', 'none', 'own.example'],
    ['<host!u@own.example>', 'host!u', 'own.example', 'none', 'own.example'],
    ['<SRS0=a=b=far.example=u@own.example>', 'srs0=a=b=far.example=u', 'own.example', 'none', 'own.example'],
  ])('%s', (path, localPart, domain, form, target) => {
    expect(relayRecipient(command(`RCPT TO:${path}`, 1))).toEqual({ localPart, domain, form, target });
  });

  it.each(['<>', '<u@own.example', 'u', ''])('is none in "%s" unless it is whole', (path) => {
    const recipient = relayRecipient(command(`RCPT TO:${path}`, 1));
    expect(recipient === null || recipient.localPart === 'u').toBe(true);
  });

  it('names the address within brackets', () => {
    expect(['[192.0.2.1]', '[ipv6:2001:db8::1]', '[192.0.2.1'].map(literalAddress)).toEqual([
      '192.0.2.1',
      '2001:db8::1',
      '192.0.2.1',
    ]);
  });

  it('is read from any octets', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...'<>@:"\\%![]. ,axA')), (characters) => {
        const recipient = relayRecipient(command(`RCPT TO:<${characters.join('')}`, 1));
        expect(recipient === null || recipient.localPart.length <= 64).toBe(true);
      }),
    );
  });
});

describe('a DIGEST-MD5 challenge', () => {
  it('is measured by its longest values', () => {
    expect(readDigestChallenge(octets('Realm="abc", realm = "x",nonce="a\\"b", algorithm=md5 ,,foo,bar="'))).toEqual({
      realmBytes: 3,
      nonceBytes: 3,
      algorithmBytes: 4,
      tokenBytes: 4,
      realms: 2,
      nonces: 1,
    });
  });

  it('is read from any octets, none counted twice', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('realm', 'nonce', '=', '"', ',', '\\', ' ', 'x')), (parts) => {
        const all = octets(parts.join(''));
        const { realmBytes, nonceBytes, realms, nonces } = readDigestChallenge(all);
        expect(realmBytes + nonceBytes).toBeLessThanOrEqual(all.length);
        expect(realms + nonces).toBeLessThanOrEqual(parts.length);
      }),
    );
  });
});
