/** A command line whose inspector has the engine's own policies and catalogue. */
import { runCommandLine } from '../../cli/command-line.js';
import type { Inspector } from '../../cli/host.js';
import { describeProtections, parsePolicy, PROFILES, profilePolicy } from '../../engine/index.js';
import { fakeInspector, fakeTerminal, type FakeTerminal } from './fake-host.js';

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export const policyInspector: Inspector = {
  ...fakeInspector(),
  profiles: PROFILES,
  profilePolicy,
  parsePolicy,
  describeProtections,
};

/** Runs `mailscope policy ...`. */
export async function runPolicy(args: readonly string[], terminal: FakeTerminal = fakeTerminal()): Promise<Ran> {
  const status = await runCommandLine(['policy', ...args], terminal, policyInspector);
  return { status, out: terminal.out.text, err: terminal.err.text };
}
