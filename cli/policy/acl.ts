/** `mailscope policy acl`: prints the packet filter that enforces the access list of a policy. */
import { ciscoAccessList, nftablesRuleset, type AccessList, type EffectivePolicy } from '../../engine/index.js';
import { CommandError, EXIT } from '../exit-status.js';
import type { Inspector, Terminal } from '../host.js';
import { loadPolicy } from '../load-policy.js';

export interface AclOptions {
  readonly cisco?: boolean;
  readonly nftables?: boolean;
}

/** Throws a `CommandError` when the policy has no list. */
export function printAccessList(file: string, options: AclOptions, terminal: Terminal, inspector: Inspector): void {
  const policy = loadPolicy(file, inspector);
  const list = requireAccessList(policy);
  terminal.out.write(options.nftables === true ? nftablesRuleset(list, policy.networks) : ciscoAccessList(list));
}

/** The list that is in force; a `CommandError` says what to do when there is none. */
export function requireAccessList({ name, perimeter }: EffectivePolicy): AccessList {
  if (perimeter !== null) return perimeter;
  const hint =
    'In a policy file name networks.own and networks.relays or networks.mailServers, or give lines in "perimeter"; `mailscope policy init FILE` writes a file to begin with.';
  throw new CommandError(EXIT.usage, `policy ${name}: has no access list, and no networks to make one of`, hint);
}
