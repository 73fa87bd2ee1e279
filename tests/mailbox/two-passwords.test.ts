/** Two logins on one connection are judged by their own passwords, whatever was lost between them. */
import { expect, it } from 'vitest';
import { Pipeline, profilePolicy } from '../../engine/index.js';
import { ACK, ethernet, ipPacket, pcapFile, SYN } from '../packet/build.js';

type Said = readonly [side: 'client' | 'server', text: string, isLost?: boolean];

function capture(said: readonly Said[]): Buffer {
  const ends = {
    client: { source: '192.0.2.1', destination: '198.51.100.25', sourcePort: 40_000, destinationPort: 110 },
    server: { source: '198.51.100.25', destination: '192.0.2.1', sourcePort: 110, destinationPort: 40_000 },
  };
  const next = { client: 1000, server: 5000 };
  const octets: Buffer[] = [];
  const send = (side: 'client' | 'server', flags: number, payload: string, isLost: boolean): void => {
    const acknowledgement = next[side === 'client' ? 'server' : 'client'];
    if (!isLost)
      octets.push(ethernet(ipPacket({ ...ends[side], sequence: next[side], acknowledgement, flags, payload })));
    next[side] += payload.length + (flags === ACK ? 0 : 1);
  };
  send('client', SYN, '', false);
  send('server', SYN | ACK, '', false);
  for (const [side, text, isLost = false] of said) send(side, ACK, text, isLost);
  return pcapFile(octets.map((packet, index) => ({ timeUs: 1_700_000_000_000_000 + index * 1000, octets: packet })));
}

/** Severity and count of what was found about passwords. */
function found(first: string, second: string): unknown[] {
  const findings: unknown[] = [];
  const pipeline = new Pipeline({
    policy: profilePolicy('modern'),
    sink: {
      sessionClosed: (session) => {
        for (const { protection, severity, count } of session.violations())
          if (protection.includes('weak-password')) findings.push([severity, count]);
      },
    },
  });
  pipeline.push(
    capture([
      ['server', '+OK hi\r\n'],
      ['client', 'USER otto\r\n'],
      ['server', '+OK\r\n'],
      ['client', `PASS ${first}\r\n`],
      ['server', '-ERR no\r\n', true],
      ['client', 'NOOP\r\n', true],
      ['client', 'USER otto\r\n'],
      ['server', '+OK\r\n'],
      ['client', `PASS ${second}\r\n`],
      ['server', '+OK in\r\n'],
    ]),
  );
  pipeline.end();
  return findings;
}

it('a strong password is not found weak because one of its length was', () => {
  expect(found('password12', 'kq7vwzr3xy')).toEqual([['low', 1]]);
});

it('a weak password that is accepted is found although one of its length was strong', () => {
  expect(found('kq7vwzr3xy', 'password12')).toEqual([['high', 1]]);
});
