/**
 * A process that keeps up mixed mail traffic on loopback until it is killed:
 * ordinary sessions, attacks, and some that stay silent for a while. Prints its
 * server's port.
 */
import { ATTACKS, ORDINARY, play, startServer } from './mail-traffic.js';

const PAUSE_MS = 20;

async function main(): Promise<void> {
  const { port } = await startServer();
  process.stdout.write(`${port}\n`);
  for (let turn = 0; ; turn++) {
    const parts = [ORDINARY, ORDINARY, ORDINARY, ATTACKS[turn % ATTACKS.length] ?? ORDINARY];
    await Promise.all(parts.map((part) => play(port, part)));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

void main();
