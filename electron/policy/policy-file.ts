/**
 * The policy that the app holds, and its file in the user's folder. Loaded at
 * the start, replaced as a whole or not at all. A saved file that cannot be
 * used is reported and left where it is; the default holds meanwhile.
 */
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkPolicy } from '../../engine/index.js';
import { problemOf, ProblemError, refuse, systemCode } from '../../inspector/problem.js';
import type { Problem } from '../../shared/inspection.js';
import type { PolicyDescription, PolicyDocument } from '../../shared/policy.js';
import { readJsonFile, writeJsonFile } from '../json-file.js';
import { documentOf, nameOf, profileDocument, textOf } from './document-text.js';

const ORIGIN = z.object({ path: z.string().min(1).nullable() });

/** A policy that passed the engine's check. */
interface HeldPolicy {
  readonly document: PolicyDocument;
  readonly path: string | null;
  readonly name: string;
  readonly text: string;
  readonly description: PolicyDescription;
}

export class PolicyFile {
  readonly #file: string;
  /** Where the policy came from: a label, kept beside it so that `policy.json` is a policy file like any other. */
  readonly #originFile: string;
  #held: HeldPolicy;
  #problem: Problem | null = null;

  /** `folder` is the app's own folder of the user. */
  constructor(folder: string) {
    this.#file = join(folder, 'policy.json');
    this.#originFile = join(folder, 'policy-origin.json');
    this.#held = this.#load() ?? held(profileDocument(), null);
  }

  get held(): HeldPolicy {
    return this.#held;
  }

  /** Why the saved file could not be used; null when it could, or once another was saved. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** Holds and saves the document; throws `ProblemError`, and then nothing has changed. */
  replace(document: PolicyDocument, path: string | null): void {
    const next = held(document, path);
    this.#keepUnusable();
    if (!writeJsonFile(this.#file, document))
      throw refuse(
        'policy-not-saved',
        `The policy could not be saved to ${this.#file}.`,
        'Is the disk full or read-only?',
      );
    writeJsonFile(this.#originFile, { path });
    this.#held = next;
    this.#problem = null;
  }

  /** The held document now lies in this file too. */
  liesIn(path: string): void {
    this.#held = held(this.#held.document, path);
    writeJsonFile(this.#originFile, { path });
  }

  #load(): HeldPolicy | null {
    try {
      const document = documentOf(readFileSync(this.#file, 'utf8'), 'policy.json');
      return held(document, readJsonFile(this.#originFile, ORIGIN)?.path ?? null);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') this.#problem = this.#unusable(error);
      return null;
    }
  }

  #unusable(error: unknown): Problem {
    const reason = error instanceof ProblemError ? problemOf(error).message : `${systemCode(error)}.`;
    return {
      code: error instanceof ProblemError ? problemOf(error).code : 'policy-unreadable',
      message: `The saved policy cannot be used, the Modern profile holds instead. ${reason}`,
      hint: `Nothing was changed in ${this.#file}: correct it and start Mailscope again, or apply another policy.`,
    };
  }

  /** What somebody wrote by hand is kept when another policy takes its place. */
  #keepUnusable(): void {
    if (this.#problem === null) return;
    try {
      copyFileSync(this.#file, `${this.#file}.unusable`);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return;
      throw refuse('policy-not-saved', `${this.#file} cannot be set aside: ${systemCode(error)}.`, 'Move it away.');
    }
  }
}

function held(document: PolicyDocument, path: string | null): HeldPolicy {
  const name = nameOf(document, path);
  const text = textOf(document);
  const { problem, description } = checkPolicy(text, name);
  if (problem !== null) throw new ProblemError(problem);
  if (description === null) throw new Error('a policy without a problem has no description');
  return { document, path, name, text, description };
}
