/**
 * The printed filter at work: a router between two networks, all of it in
 * namespaces of this test alone, which vanish with its processes. What `policy
 * verify` finds open without the filter it finds blocked behind it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Networks 10.9.1.0/24 (outside) and 10.9.2.0/24 (inside) with a router between them. */
const WORLD = `set -e
mount -t tmpfs none /run
for name in outside router inside; do ip netns add $name; ip -n $name link set lo up; done
ip link add toout netns router type veth peer name eth netns outside
ip link add toin netns router type veth peer name eth netns inside
ip -n outside addr add 10.9.1.2/24 dev eth
ip -n inside addr add 10.9.2.25/24 dev eth
ip -n inside addr add 10.9.2.70/24 dev eth
ip -n router addr add 10.9.1.1/24 dev toout
ip -n router addr add 10.9.2.1/24 dev toin
ip -n outside link set eth up
ip -n inside link set eth up
ip -n router link set toout up
ip -n router link set toin up
ip -n outside route add default via 10.9.1.1
ip -n inside route add default via 10.9.2.1
ip netns exec router sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
ip netns exec router nft list ruleset
`;

/** Servers for SMTP, POP3 and IMAP inside; `$1`: the folder, `$2`: node. */
const SCENE = `
exec 3< <(exec ip netns exec inside "$2" -e 'for (const port of [25, 110, 143]) require("net").createServer((s) => s.end()).listen(port, "0.0.0.0", () => console.log(port))')
servers=$!
read -r _ <&3; read -r _ <&3; read -r _ <&3
run() { ip netns exec outside "$2" --import tsx cli/mailscope.ts policy verify 10.9.2.70 10.9.2.25 -p "$1/policy.json" --timeout 1 --json || echo "status $?" >&2; }
set +e
run "$1" "$2" > "$1/before.json"
"$2" --import tsx cli/mailscope.ts policy acl "$1/policy.json" --nftables | ip netns exec router nft -f - || exit 1
run "$1" "$2" > "$1/after.json"
kill $servers
`;

function shell(script: string, args: readonly string[]): { readonly status: number | null; readonly said: string } {
  const { error, status, stderr } = spawnSync('unshare', ['-rnm', 'bash', '-c', script, 'bash', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status: error === undefined ? status : -1, said: error?.message ?? stderr };
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailscope-test-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the printed filter for nftables', { timeout: 120_000 }, () => {
  it('blocks what the list denies, and lets mail in to the relay', async ({ skip }) => {
    const probe = shell(WORLD, []);
    skip(probe.status !== 0, `no network namespaces with nftables here: ${probe.said.trim()}`);
    writeFileSync(join(folder, 'policy.json'), '{"networks": {"own": ["10.9.2.0/24"], "relays": ["10.9.2.25"]}}');
    const ran = shell(WORLD + SCENE, [folder, process.execPath]);
    expect(ran.said).toContain('status 20');
    expect([results('before.json'), results('after.json')]).toEqual([
      [
        '10.9.2.70:25 reachable',
        '10.9.2.70:109 refused',
        '10.9.2.70:110 reachable',
        '10.9.2.70:143 reachable',
        '10.9.2.25:109 refused',
        '10.9.2.25:110 reachable',
        '10.9.2.25:143 reachable',
      ],
      [
        '10.9.2.70:25 blocked',
        '10.9.2.70:109 blocked',
        '10.9.2.70:110 blocked',
        '10.9.2.70:143 blocked',
        '10.9.2.25:109 blocked',
        '10.9.2.25:110 blocked',
        '10.9.2.25:143 blocked',
      ],
    ]);
  });
});

function results(file: string): string[] {
  const { attempts } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
    attempts: { address: string; port: number; result: string }[];
  };
  return attempts.map(({ address, port, result }) => `${address}:${port} ${result}`);
}
