/**
 * The `perimeter` of a policy file. In: its node and the file's text. Out: the
 * access list, or errors that point at the wrong word inside the string.
 */
import type { PerimeterProblem } from '../../shared/policy.js';
import type { AccessList } from './access-list/access-list.js';
import { parseAccessList } from './access-list/parse-access-list.js';
import { JsonTextError, parseJsonText, type JsonNode } from './json-text.js';
import { PolicyError } from './policy-error.js';
import { PolicyReader, type At } from './policy-reader.js';

/** Every wrong line of the list in one error about the first of them. */
export class PerimeterError extends PolicyError {
  /** `all`: one error for each wrong line, in their order; at least one. */
  constructor(
    policyName: string,
    readonly all: readonly PolicyError[],
    readonly problems: readonly PerimeterProblem[],
  ) {
    super(policyName, all[0] as PolicyError);
    this.name = 'PerimeterError';
  }
}

/** Null when there is no list, or none with an entry. Throws `PerimeterError`, or `PolicyError` for another shape. */
export function readPerimeter(reader: PolicyReader, at: At | undefined, text: string): AccessList | null {
  if (at === undefined) return null;
  const lines = reader.strings(at, () => true, 'policy-value', 'access-list lines');
  const { list, problems } = parseAccessList(lines);
  if (problems.length === 0) return list;
  const nodes = at.node.kind === 'array' ? at.node.items : [];
  const fileLines = text.split('\n');
  const errors = problems.map(({ index, column, found, allowed }) => {
    const node = placeInString(nodes[index] ?? at.node, column, fileLines);
    return reader.refuse({ node, path: `${at.path}[${index}]` }, 'policy-access-list', found, allowed);
  });
  throw new PerimeterError(reader.name, errors, problems);
}

/** What is wrong with the access list of a text whatever else is; null when nothing is, and when there is none. */
export function perimeterErrorOf(text: string, name: string): PerimeterError | null {
  try {
    const tree = parseJsonText(text);
    const node = tree.kind === 'object' ? tree.members.get('perimeter') : undefined;
    readPerimeter(new PolicyReader(name), node === undefined ? undefined : { node, path: 'perimeter' }, text);
    return null;
  } catch (error) {
    if (error instanceof PerimeterError) return error;
    if (error instanceof PolicyError || error instanceof JsonTextError) return null;
    throw error;
  }
}

/** The node, moved to the character of its string; a string with escapes stays where its quote stands. */
function placeInString(node: JsonNode, column: number, fileLines: readonly string[]): JsonNode {
  if (node.kind !== 'string') return node;
  const raw = fileLines[node.line - 1]?.replace(/^\uFEFF/, '') ?? '';
  return raw.startsWith(node.value, node.column) ? { ...node, column: node.column + column } : node;
}
