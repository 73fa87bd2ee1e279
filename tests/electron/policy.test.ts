import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { PolicyAnswers } from '../../electron/policy/policy-answers.js';
import { PolicyFile } from '../../electron/policy/policy-file.js';
import type { PolicyDocument, PolicyState } from '../../shared/policy.js';

const OWN: PolicyDocument = {
  schema: 1,
  profile: 'strict',
  protections: { 'smtp-max-recipients': { action: 'prevent', settings: { limit: 20 } } },
};
const WRONG: PolicyDocument = { schema: 1, protections: { 'smtp-max-recipients': { settings: { limit: 0 } } } };
const MODERN: PolicyDocument = { schema: 1, profile: 'modern' };

let folder = '';
let saved = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailscope-policy-'));
  saved = join(folder, 'policy.json');
  return () => rmSync(folder, { recursive: true, force: true });
});

describe('the saved policy', () => {
  it('is the Modern profile when there is none', () => {
    const { held, problem } = new PolicyFile(folder);
    expect({ document: held.document, name: held.name, path: held.path, problem }).toEqual({
      document: MODERN,
      name: 'modern',
      path: null,
      problem: null,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('survives a restart with the file it came from, and is a policy file by itself', () => {
    new PolicyFile(folder).replace(OWN, '/srv/site.json');
    const { held } = new PolicyFile(folder);
    expect({ document: held.document, name: held.name, path: held.path }).toEqual({
      document: OWN,
      name: 'site.json',
      path: '/srv/site.json',
    });
    expect(JSON.parse(readFileSync(saved, 'utf8'))).toEqual(OWN);
    expect(readdirSync(folder).sort()).toEqual(['policy-origin.json', 'policy.json']);
  });

  it('may hold comments, and text that looks like them', () => {
    writeFileSync(
      saved,
      '\uFEFF{ // mine\n "schema": 1, /* "profile": "strict", */\n "networks": { "own": ["10.0.0.0/8"] },\n "perimeter": ["! a // b /* c */"] }',
    );
    const { held, problem } = new PolicyFile(folder);
    expect(problem).toBeNull();
    expect(held.document).toEqual({
      schema: 1,
      networks: { own: ['10.0.0.0/8'] },
      perimeter: ['! a // b /* c */'],
    });
  });

  it('is replaced as a whole or not at all', () => {
    const file = new PolicyFile(folder);
    file.replace(OWN, null);
    const before = { held: file.held, text: readFileSync(saved, 'utf8') };
    expect(() => file.replace(WRONG, null)).toThrow(/protections\.smtp-max-recipients\.settings\.limit/);
    expect({ held: file.held, text: readFileSync(saved, 'utf8') }).toEqual(before);
  });

  it('does not hold when the disk refuses it', () => {
    const file = new PolicyFile(folder);
    mkdirSync(saved);
    expect(() => file.replace(OWN, null)).toThrow(/could not be saved/);
    expect(file.held.document).toEqual(MODERN);
  });

  it.each([
    ['{ "schema": 1,\n  "profile": "stricter" }', 'policy-unknown-profile', /line 2, column 14/],
    ['{ "schema": 1', 'policy-syntax', /line 1, column 14/],
    ['', 'policy-syntax', /the end of the file/],
  ])('is reported when it holds %j, stays as it is, and the default holds', (text, code, message) => {
    writeFileSync(saved, text);
    const file = new PolicyFile(folder);
    expect(file.problem).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(file.held.document).toEqual(MODERN);
    expect(readFileSync(saved, 'utf8')).toBe(text);
  });

  it('is kept aside, broken as it is, when another takes its place', () => {
    writeFileSync(saved, '{ "schema": 1');
    const file = new PolicyFile(folder);
    file.replace(OWN, null);
    expect(file.problem).toBeNull();
    expect(readFileSync(`${saved}.unusable`, 'utf8')).toBe('{ "schema": 1');
    expect(new PolicyFile(folder).held.document).toEqual(OWN);
  });
});

describe('what the page may ask about the policy', () => {
  const make = (chosen: string | null = null) => {
    const states: PolicyState[] = [];
    const policy = new PolicyAnswers({
      folder,
      chooseFile: () => Promise.resolve(chosen),
      choosePlace: () => Promise.resolve(chosen),
      onChange: (state) => states.push(state),
    });
    return { policy, states, answers: policy.answers() };
  };

  it('a draft is judged without being applied', async () => {
    const { answers, policy, states } = make();
    expect(await answers['policy:check']({ document: WRONG })).toMatchObject({
      problem: { path: 'protections.smtp-max-recipients.settings.limit', found: '0' },
      description: null,
    });
    expect(await answers['policy:check']({ document: OWN })).toMatchObject({
      problem: null,
      description: { profile: 'strict' },
    });
    expect(policy.state.document).toEqual(MODERN);
    expect(states).toEqual([]);
    expect(existsSync(saved)).toBe(false);
  });

  it('a policy is in force for the open capture until one with another effect is applied', async () => {
    const { answers, policy, states } = make();
    expect(policy.state.isInForce).toBe(false);
    policy.captureOpened(true);
    await answers['policy:apply']({ document: OWN, path: null });
    const explicit: PolicyDocument = {
      ...MODERN,
      protections: { 'smtp-max-recipients': { settings: { limit: 100 } } },
    };
    await answers['policy:apply']({ document: explicit, path: null });
    policy.captureOpened(false);
    expect(states.map(({ isInForce, description }) => [description.name, isInForce])).toEqual([
      ['modern', true],
      ['own', false],
      ['own', true],
      ['own', false],
    ]);
    expect(policy.choice).toEqual({ name: 'own', text: JSON.stringify(explicit, null, 2) });
  });

  it('what is exported can be imported, and is known by its file from then on', async () => {
    const path = join(folder, 'site.json');
    const { answers, policy } = make(path);
    await answers['policy:apply']({ document: OWN, path: null });
    expect(await answers['policy:export']({ document: OWN })).toBe(path);
    expect(policy.state).toMatchObject({ path, description: { name: 'site.json' } });
    expect(await answers['policy:import'](null)).toEqual({ document: OWN, path });
    expect(statSync(path).mode & 0o044).toBe(0o044);
  });

  it('an exported draft that is not applied leaves the policy without that file', async () => {
    const { answers, policy } = make(join(folder, 'site.json'));
    await answers['policy:export']({ document: OWN });
    expect(policy.state).toMatchObject({ document: MODERN, path: null });
  });

  it('nothing happens when the user cancels', async () => {
    const { answers, states } = make();
    expect([await answers['policy:import'](null), await answers['policy:export']({ document: OWN })]).toEqual([
      null,
      null,
    ]);
    expect(states).toEqual([]);
  });

  it('what is no policy is neither imported nor exported', async () => {
    const path = join(folder, 'site.json');
    const { answers } = make(path);
    await expect(answers['policy:import'](null)).rejects.toThrow(/site\.json cannot be read: ENOENT/);
    writeFileSync(path, '{ "schema": 1,\n "protectoins": {} }');
    await expect(answers['policy:import'](null)).rejects.toThrow(/site\.json at protectoins \(line 2, column \d+\)/);
    await expect(answers['policy:export']({ document: WRONG })).rejects.toThrow(/settings\.limit/);
    expect(readFileSync(path, 'utf8')).toContain('protectoins');
  });
});
