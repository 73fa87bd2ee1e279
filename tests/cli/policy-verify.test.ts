/** `mailscope policy verify` against listeners of this machine. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planAttempts } from '../../cli/policy/verify-plan.js';
import { verifyFilter } from '../../cli/policy/verify.js';
import { parsePolicy, type AccessList } from '../../engine/index.js';
import { fakeTerminal } from './fake-host.js';
import { policyInspector, runPolicy } from './policy-host.js';

let folder: string;
const servers: Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailscope-test-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all(servers.splice(0).map((server) => once(server.close(), 'close')));
});

interface Listener {
  readonly port: number;
  /** Octets that each ended connection carried. */
  readonly received: Promise<number>[];
}

/** Listens on a free port of 127.0.0.1. */
async function listen(): Promise<Listener> {
  const received: Promise<number>[] = [];
  const server = createServer((socket) => {
    let octets = 0;
    socket.on('data', (data) => (octets += data.length)).on('error', () => undefined);
    received.push(once(socket, 'close').then(() => octets));
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: (server.address() as AddressInfo).port, received };
}

/** A port where nobody listens any more. */
async function unusedPort(): Promise<number> {
  const { port } = await listen();
  await once(servers.pop()!.close(), 'close');
  return port;
}

function policyFile(perimeter: readonly string[], own: readonly string[] = ['127.0.0.0/8']): string {
  const path = join(folder, 'mail.json');
  writeFileSync(path, JSON.stringify({ networks: { own }, perimeter: [...perimeter, 'permit ip any any'] }));
  return path;
}

function listOf(...perimeter: readonly string[]): AccessList {
  return parsePolicy(JSON.stringify({ perimeter }), 'x').perimeter!;
}

describe('filter verification', () => {
  it('tells what is reachable by the line that denies it, sends nothing over it, and exits with 20', async () => {
    const open = await listen();
    const closed = await unusedPort();
    const path = policyFile([`deny tcp any any eq ${open.port} log`, `deny tcp any host 127.0.0.1 eq ${closed}`]);
    const { status, out, err } = await runPolicy(['verify', '127.0.0.1', '-p', path, '--json']);
    const attempts = [
      { port: open.port, line: `deny tcp any any eq ${open.port} log`, result: 'reachable', reason: '' },
      { port: closed, line: `deny tcp any host 127.0.0.1 eq ${closed}`, result: 'refused', reason: 'ECONNREFUSED' },
    ];
    expect([status, JSON.parse(out)]).toEqual([
      20,
      {
        schema: 1,
        list: 'packet_filter',
        summary: { reachable: 1, refused: 1, blocked: 0, failed: 0 },
        attempts: attempts
          .sort((a, b) => a.port - b.port)
          .map((attempt) => ({ host: '127.0.0.1', address: '127.0.0.1', ...attempt })),
      },
    ]);
    expect(err).toContain('this machine (127.0.0.1) lies in networks.own itself');
    expect(await Promise.all(open.received)).toEqual([0]);
  });

  it('exits with 0 when nothing that is denied is reachable, as a table', async () => {
    const closed = await unusedPort();
    const path = policyFile([`deny tcp any any eq ${closed} log`]);
    const { status, out } = await runPolicy(['verify', '127.0.0.1', '-p', path]);
    expect([status, out]).toEqual([
      0,
      `HOST       PORT   RESULT   DENIED BY\n127.0.0.1  ${String(closed).padEnd(5)}  refused  deny tcp any any eq ${closed} log\n\n1 denied: 0 reachable, 1 refused, 0 blocked, 0 failed\n`,
    ]);
  });

  it('leaves alone what an earlier line permits', async () => {
    const open = await listen();
    const path = policyFile([`permit tcp any host 127.0.0.1 eq ${open.port}`, `deny tcp any any eq ${open.port}`]);
    const { status, out } = await runPolicy(['verify', '127.0.0.1', '-p', path, '--json']);
    expect([status, (JSON.parse(out) as { attempts: unknown[] }).attempts, open.received]).toEqual([0, [], []]);
  });

  it('asks the list with the address that its packets really come from', async () => {
    const open = await listen();
    const lines = (source: string): string[] => [
      `permit tcp host ${source} any eq ${open.port}`,
      `deny tcp any any eq ${open.port}`,
    ];
    expect(await runPolicy(['verify', '127.0.0.1', '-p', policyFile(lines('127.0.0.1'))])).toMatchObject({ status: 0 });
    expect(await runPolicy(['verify', '127.0.0.1', '-p', policyFile(lines('127.0.0.2'))])).toMatchObject({
      status: 20,
    });
  });

  it('resolves names', async () => {
    const open = await listen();
    const path = policyFile([`deny tcp any any eq ${open.port}`]);
    const terminal = fakeTerminal();
    const resolve = (): Promise<string[]> => Promise.resolve(['127.0.0.1', '127.0.0.1']);
    const options = { policy: path, timeout: 1 };
    const status = await verifyFilter(['mx.example'], options, terminal, policyInspector, resolve);
    expect([status, terminal.out.text.split('\n')[1]?.split('  ')[0]]).toEqual([20, 'mx.example (127.0.0.1)']);
  });

  it('exits with 3 when this machine cannot try: nobody connects to a broadcast address', async () => {
    const path = policyFile(['deny tcp any any eq 25'], ['255.255.255.255']);
    const { status, out } = await runPolicy(['verify', '255.255.255.255', '-p', path]);
    expect([status, out.split('\n').at(-2)]).toEqual([3, '1 denied: 0 reachable, 0 refused, 0 blocked, 1 failed']);
    expect(out).toMatch(/^255\.255\.255\.255 {2}25 {4}failed \(E[A-Z]+\) {2}deny tcp any any eq 25$/m);
  });

  it('ends early when it is interrupted', async () => {
    const stop = new AbortController();
    stop.abort();
    const open = await listen();
    const path = policyFile([`deny tcp any any eq ${open.port}`]);
    const ran = await runPolicy(['verify', '127.0.0.1', '-p', path, '--json'], fakeTerminal({ stop: stop.signal }));
    expect([ran.status, open.received]).toEqual([130, []]);
  });
});

describe('hosts that are not own', () => {
  it.each([
    [
      ['192.0.2.1'],
      ['127.0.0.0/8'],
      '192.0.2.1 does not lie in networks.own of policy mail.json, which is 127.0.0.0/8',
    ],
    [['127.0.0.1'], [], '127.0.0.1 does not lie in networks.own of policy mail.json, which is empty'],
    [['127.0.0.1', '192.0.2.1'], ['127.0.0.0/8'], '192.0.2.1 does not lie in'],
    [['fe80::1%lo'], ['fe80::/10'], 'fe80::1%lo does not lie in'],
    [['127.0.0.1'], ['0.0.0.0/0'], '127.0.0.1 lies only in such networks.own of policy mail.json as are wider than'],
    [['127.0.0.1'], ['::/64'], '127.0.0.1 lies only in such networks.own'],
    [['2130706433'], ['10.0.0.0/8'], '2130706433 (127.0.0.1) does not lie in networks.own'],
    [['0x7f.1'], ['10.0.0.0/8'], '0x7f.1 (127.0.0.1) does not lie in networks.own'],
    [['::ffff:127.0.0.1'], ['10.0.0.0/8'], '::ffff:127.0.0.1 does not lie in networks.own'],
  ])('%j are refused before anything is sent', async (hosts, own, message) => {
    const open = await listen();
    const ran = await runPolicy(['verify', ...hosts, '-p', policyFile([`deny tcp any any eq ${open.port}`], own)]);
    expect([ran.status, ran.out, open.received]).toEqual([2, '', []]);
    expect(ran.err).toContain(message);
  });

  it('are those of whose addresses one is not own', async () => {
    const open = await listen();
    const options = { policy: policyFile([`deny tcp any any eq ${open.port}`]), timeout: 1 };
    const resolve = (): Promise<string[]> => Promise.resolve(['127.0.0.1', '203.0.113.9']);
    await expect(verifyFilter(['mx.example'], options, fakeTerminal(), policyInspector, resolve)).rejects.toThrowError(
      'mx.example (203.0.113.9) does not lie in networks.own',
    );
    expect(open.received).toEqual([]);
  });

  it('are refused, own ones too, when they are more than anybody tries a filter with', async () => {
    const hosts = Array.from({ length: 65 }, (_, i) => `127.0.1.${i}`);
    const ran = await runPolicy(['verify', ...hosts, '-p', policyFile(['deny tcp any any eq 25'])]);
    expect([ran.status, ran.out, ran.err.split('\n')[0]]).toEqual([2, '', 'mailscope: 65 addresses to be tried']);
  });

  it('are refused also when they have no address, or the policy no list', async () => {
    const nowhere = await runPolicy(['verify', 'mail.invalid', '-p', policyFile([])]);
    expect([nowhere.status, nowhere.err.startsWith('mailscope: mail.invalid: has no address (')]).toEqual([2, true]);
    const several = await runPolicy(['verify', '127.0.0.0/30', '-p', policyFile([])]);
    expect([several.status, several.err.split('\n')[0]]).toEqual([2, 'mailscope: 127.0.0.0/30: is no host']);
    const noList = await runPolicy(['verify', '127.0.0.1', '-p', 'modern']);
    expect([noList.status, noList.err.split('\n')[0]]).toEqual([
      2,
      'mailscope: policy modern: has no access list, and no networks to make one of',
    ]);
  });
});

describe('the plan of a verification', () => {
  const TARGET = { host: '10.0.0.7', address: '10.0.0.7', source: '198.51.100.7' };
  const planned = (list: AccessList): (readonly [number, string])[] =>
    planAttempts(list, [TARGET]).attempts.map(({ port, line }) => [port, line] as const);

  it('has the mail ports and those that denying lines name', () => {
    expect(
      planned(listOf('deny tcp any any range 109 110 log', 'deny tcp any any eq 8025', 'permit ip any any')),
    ).toEqual([
      [109, 'deny tcp any any range 109 110 log'],
      [110, 'deny tcp any any range 109 110 log'],
      [8025, 'deny tcp any any eq 8025'],
    ]);
  });

  it('tries of a wide range the mail ports', () => {
    const line = 'deny tcp any any range 1 1023';
    expect(planned(listOf(line, 'permit ip any any')).map(([port]) => port)).toEqual([
      24, 25, 109, 110, 143, 465, 587, 993, 995,
    ]);
  });

  it('names the denying lines of which it tries the mail ports only', () => {
    const wide = ['deny tcp any any gt 60000 log', 'deny tcp any any range 3000 3064'];
    const list = listOf('permit tcp any any gt 9000', 'deny tcp any any range 3000 3063', ...wide, 'permit ip any any');
    expect(planAttempts(list, [TARGET]).wideLines).toEqual(wide);
  });

  it('tries what the end of the list denies', () => {
    const list = listOf('permit tcp any host 10.0.0.7 eq 25', 'deny tcp any any lt 144');
    const end = '(what no line permits is denied)';
    const low = 'deny tcp any any lt 144';
    expect(planned(list)).toEqual([
      ...[24, 109, 110, 143].map((port) => [port, low]),
      ...[465, 587, 993, 995, 2525, 4190].map((port) => [port, end]),
    ]);
  });

  it('is bounded to 64 ports of a host, and says how many are left out', () => {
    const list = listOf('deny tcp any any range 3000 3063', 'deny tcp any any eq 25', 'permit ip any any');
    const { attempts, leftOut } = planAttempts(list, [TARGET, { ...TARGET, address: '10.0.0.8' }]);
    expect([attempts.length, leftOut, attempts[0]?.port, attempts.at(-1)]).toEqual([
      128,
      2,
      25,
      { host: '10.0.0.7', address: '10.0.0.8', port: 3062, line: 'deny tcp any any range 3000 3063' },
    ]);
  });
});
