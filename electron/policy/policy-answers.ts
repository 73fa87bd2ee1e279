/**
 * Answers the page's questions about the policy: what holds, whether a draft
 * is one, apply, import, export. In: documents. Out: documents, what they
 * amount to, and problems; every change is told.
 */
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { checkPolicy } from '../../engine/index.js';
import { ProblemError, refuse, systemCode } from '../../inspector/problem.js';
import type { ImportedPolicy, PolicyDescription, PolicyDocument, PolicyState } from '../../shared/policy.js';
import type { Answers } from '../ipc/register.js';
import { writeJsonFile } from '../json-file.js';
import { LONGEST_DOCUMENT } from './document-shape.js';
import { documentOf, nameOf, textOf } from './document-text.js';
import { PolicyFile } from './policy-file.js';

/** An exported policy is for others too. */
const SHARED = 0o644;

export interface PolicySurroundings {
  /** The app's own folder of the user. */
  readonly folder: string;
  /** Asks for a file to read, and for a place to write to; null when the user cancels. */
  readonly chooseFile: () => Promise<string | null>;
  readonly choosePlace: (proposed: string) => Promise<string | null>;
  /** After every change of the state. */
  readonly onChange: (state: PolicyState) => void;
}

export class PolicyAnswers {
  readonly #surroundings: PolicySurroundings;
  readonly #file: PolicyFile;
  /** What the open capture was inspected with; null while none is open. */
  #inspectedWith: PolicyDescription | null = null;

  constructor(surroundings: PolicySurroundings) {
    this.#surroundings = surroundings;
    this.#file = new PolicyFile(surroundings.folder);
  }

  /** The policy for the inspector. */
  get choice(): { readonly text: string; readonly name: string } {
    const { text, name } = this.#file.held;
    return { text, name };
  }

  get state(): PolicyState {
    const { document, description, path } = this.#file.held;
    const isInForce = this.#inspectedWith !== null && hasSameEffect(this.#inspectedWith, description);
    return { document, description, path, isInForce, problem: this.#file.problem };
  }

  /** A capture is opened with the policy that holds now, or none is open any more. */
  captureOpened(isOpen: boolean): void {
    this.#inspectedWith = isOpen ? this.#file.held.description : null;
    this.#changed();
  }

  answers(): Pick<Answers, Extract<keyof Answers, `policy:${string}`>> {
    return {
      'policy:get': () => this.state,
      'policy:check': ({ document }) => checkPolicy(textOf(document), nameOf(document, null)),
      'policy:apply': ({ document, path }) => this.#apply(document, path),
      'policy:import': () => this.#import(),
      'policy:export': ({ document }) => this.#export(document),
    };
  }

  #apply(document: PolicyDocument, path: string | null): PolicyState {
    this.#file.replace(document, path);
    return this.#changed();
  }

  async #import(): Promise<ImportedPolicy | null> {
    const path = await this.#surroundings.chooseFile();
    return path === null ? null : { document: documentOf(await readPolicyFile(path), basename(path)), path };
  }

  async #export(document: PolicyDocument): Promise<string | null> {
    const { problem } = checkPolicy(textOf(document), nameOf(document, null));
    if (problem !== null) throw new ProblemError(problem);
    const path = await this.#surroundings.choosePlace(this.#file.held.path ?? 'mailscope-policy.json');
    if (path === null) return null;
    if (!writeJsonFile(path, document, SHARED))
      throw refuse('policy-not-exported', `The policy could not be written to ${path}.`, 'Choose another place.');
    if (isDeepStrictEqual(document, this.#file.held.document)) {
      this.#file.liesIn(path);
      this.#changed();
    }
    return path;
  }

  #changed(): PolicyState {
    const { state } = this;
    this.#surroundings.onChange(state);
    return state;
  }
}

async function readPolicyFile(path: string): Promise<string> {
  try {
    if (statSync(path).size <= LONGEST_DOCUMENT) return await readFile(path, 'utf8');
  } catch (error) {
    throw refuse(
      'policy-unreadable',
      `${basename(path)} cannot be read: ${systemCode(error)}.`,
      'Choose another file.',
    );
  }
  throw refuse('policy-too-large', `${basename(path)} is too large to be a policy.`, 'Choose a policy file (JSON).');
}

/** Two policies that judge alike, whatever they are called. */
function hasSameEffect(one: PolicyDescription, other: PolicyDescription): boolean {
  return isDeepStrictEqual({ ...one, name: '' }, { ...other, name: '' });
}
