/**
 * Walks a policy's JSON tree and refuses with the path, the place, what was
 * found and what is allowed. One object per file; it knows no key of a policy.
 */
import type { JsonNode } from './json-text.js';
import { PolicyError, type PolicyErrorCode } from './policy-error.js';
import { shown } from './settings.js';

/** A value and where it stands. */
export interface At {
  readonly node: JsonNode;
  readonly path: string;
}

const HINTS: Readonly<Record<PolicyErrorCode, string>> = {
  'policy-syntax': 'The file is JSON; comments are allowed, a comma behind the last entry is not.',
  'policy-duplicate-key': 'Remove one of the two: which of them holds would be a guess.',
  'policy-type': 'Write a value of the kind that is allowed here.',
  'policy-schema': 'The file says for which version of the format it was written; this program reads version 1.',
  'policy-unknown-profile': 'Name one of the profiles, or leave `profile` out for the default.',
  'policy-unknown-key': 'Correct the spelling or remove the key: nothing unknown is applied.',
  'policy-unknown-protection': '`mailscope protections` lists the ids of all protections.',
  'policy-unknown-setting': '`mailscope protections --json` lists each protection with its settings.',
  'policy-value': 'Write one of the values that are allowed here.',
  'policy-out-of-range': 'Choose a value within the range.',
  'policy-network': 'Write an IPv4 or IPv6 address, or a prefix in CIDR notation; host names are not looked up.',
  'policy-access-list':
    'Write the line as in a named extended access list of IOS, such as "deny tcp any any eq 25 log".',
};

export class PolicyReader {
  constructor(readonly name: string) {}

  /** Members of an object whose keys are all among `known` (any key when null). */
  object(at: At, known: readonly string[] | null): ReadonlyMap<string, At> {
    if (at.node.kind !== 'object') throw this.refuse(at, 'policy-type', shownNode(at.node), 'an object { ... }');
    const members = new Map<string, At>();
    for (const [key, node] of at.node.members) {
      const member = { node, path: joined(at.path, key) };
      if (known !== null && !known.includes(key)) {
        throw this.refuse(member, 'policy-unknown-key', shown(key), `one of ${known.join(', ')}`);
      }
      members.set(key, member);
    }
    return members;
  }

  string(at: At): string {
    if (at.node.kind === 'string') return at.node.value;
    throw this.refuse(at, 'policy-type', shownNode(at.node), 'a string');
  }

  choice<T extends string>(at: At, allowed: readonly T[], code: PolicyErrorCode = 'policy-value'): T {
    const value = this.string(at);
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw this.refuse(at, code, shown(value), `one of ${allowed.join(', ')}`);
    return found;
  }

  /** A list of strings each of which `accepts`. */
  strings(at: At, accepts: (entry: string) => boolean, code: PolicyErrorCode, what: string): string[] {
    if (at.node.kind !== 'array') throw this.refuse(at, 'policy-type', shownNode(at.node), `a list of ${what}`);
    return at.node.items.map((_, index) => {
      const item = itemAt(at, index);
      const entry = this.string(item);
      if (!accepts(entry)) throw this.refuse(item, code, shown(entry), what);
      return entry;
    });
  }

  refuse(at: At, code: PolicyErrorCode, found: string, allowed: string): PolicyError {
    const { line, column } = at.node;
    return new PolicyError(this.name, { code, path: at.path, line, column, found, allowed, hint: HINTS[code] });
  }
}

/** An entry of a list; the value itself when it has no such entry. */
export function itemAt(at: At, index: number | undefined): At {
  const node = at.node.kind === 'array' && index !== undefined ? at.node.items[index] : undefined;
  return node === undefined ? at : { node, path: `${at.path}[${index}]` };
}

/** The node as plain data. */
export function plainValue(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries([...node.members].map(([key, member]) => [key, plainValue(member)]));
    case 'array':
      return node.items.map(plainValue);
    case 'null':
      return null;
    case 'string':
    case 'number':
    case 'boolean':
      return node.value;
  }
}

function shownNode(node: JsonNode): string {
  if (node.kind === 'object') return 'an object';
  return node.kind === 'array' ? 'a list' : shown(plainValue(node));
}

function joined(path: string, key: string): string {
  const step = /^[A-Za-z_][\w-]*$/.test(key) ? key : shown(key);
  return path === '' ? step : `${path}.${step}`;
}
