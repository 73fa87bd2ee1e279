import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import { checkPolicy, describePolicy, policyProblems } from '../../engine/policy/describe.js';
import { parsePolicy } from '../../engine/policy/parse.js';
import { NO_NETWORKS, profilePolicy } from '../../engine/policy/profiles.js';
import { CATALOGUE } from '../../engine/protections/catalogue.js';

describe('the description of a policy', () => {
  const text = `{
    "profile": "checkpoint",
    "networks": { "own": ["10.0.0.0/8"], "relays": ["10.0.0.25"] },
    "protections": {
      "smtp-max-recipients": { "action": "prevent", "settings": { "exempt_src": ["10.0.0.9"] } },
      "smtp-cram-md5-overflow": { "action": "off", "settings": { "max_dec": 300 }, "servers": ["10.0.0.25"] }
    },
    "limits": { "flows": 500000 }
  }`;
  const description = describePolicy(parsePolicy(text, 'mail.json'));

  it('is plain data: it survives a way through JSON', () => {
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  });

  it('shows active and inactive protections with what holds or would hold', () => {
    const shown = (id: string): unknown => description.protections.find((one) => one.id === id);
    expect([shown('smtp-max-recipients'), shown('smtp-cram-md5-overflow')]).toEqual([
      {
        id: 'smtp-max-recipients',
        action: 'prevent',
        settings: { limit: 100, accepted_only: false, exempt_src: ['10.0.0.9'] },
        servers: null,
      },
      {
        id: 'smtp-cram-md5-overflow',
        action: 'off',
        settings: { max_b64: 512, max_dec: 300 },
        servers: ['10.0.0.25'],
      },
    ]);
    expect(description.protections.map(({ id }) => id)).toEqual(CATALOGUE.map(({ id }) => id));
  });

  it('shows the rest of what governs an inspection', () => {
    const { protections, ...rest } = description;
    const off = protections.filter(({ action }) => action === 'off').length;
    expect(rest).toEqual({
      name: 'mail.json',
      profile: 'checkpoint',
      active: CATALOGUE.length - off,
      total: CATALOGUE.length,
      networks: { ...NO_NETWORKS, own: ['10.0.0.0/8'], relays: ['10.0.0.25'] },
      perimeter: [
        'permit tcp any host 10.0.0.25 eq 25',
        'deny tcp any any eq 25 log',
        'deny tcp any any range 109 110 log',
        'deny tcp any any eq 143 log',
        'permit ip any any',
      ],
      limits: { ...DEFAULT_LIMITS, flows: 500_000 },
    });
  });
});

describe('the check of a policy', () => {
  it('describes it when nothing is wrong', () => {
    expect(checkPolicy('{}', 'x.json')).toEqual({
      problem: null,
      perimeter: [],
      description: { ...describePolicy(profilePolicy('modern')), name: 'x.json' },
    });
    expect(policyProblems('{}', 'x.json')).toEqual([]);
  });

  it('tells the first thing that is wrong as plain data', () => {
    const { problem, perimeter, description } = checkPolicy('{"profile": "hard"}', 'x.json');
    expect([Object.getPrototypeOf(problem), problem, perimeter, description]).toEqual([
      Object.prototype,
      {
        code: 'policy-unknown-profile',
        message:
          'Policy x.json at profile (line 1, column 13): found "hard", allowed is one of modern, checkpoint, mailguard, strict.',
        hint: 'Name one of the profiles, or leave `profile` out for the default.',
        path: 'profile',
        line: 1,
        column: 13,
        found: '"hard"',
        allowed: 'one of modern, checkpoint, mailguard, strict',
      },
      [],
      null,
    ]);
  });

  const WRONG_LINES = '"perimeter": [\n"deny tcp any any eq x",\n"permit ip any any",\n"deny"]';

  it('tells every wrong line of the access list', () => {
    const text = `{${WRONG_LINES}}`;
    const { problem, perimeter } = checkPolicy(text, 'x.json');
    expect([problem?.path, perimeter.map(({ index, column, found }) => [index, column, found])]).toEqual([
      'perimeter[0]',
      [
        [0, 21, '"x"'],
        [2, 5, 'the end of the line'],
      ],
    ]);
    expect(policyProblems(text, 'x.json').map(({ path, line, column }) => [path, line, column])).toEqual([
      ['perimeter[0]', 2, 22],
      ['perimeter[2]', 4, 6],
    ]);
  });

  it('tells them also behind another fault', () => {
    const text = `{"profile": 1, ${WRONG_LINES}}`;
    expect([checkPolicy(text, 'x').problem?.path, checkPolicy(text, 'x').perimeter.length]).toEqual(['profile', 2]);
    expect(policyProblems(text, 'x').map(({ path }) => path)).toEqual(['profile', 'perimeter[0]', 'perimeter[2]']);
  });

  it.each(['', '[', '[]', '{"perimeter": {}}', '{"perimeter": [1]}', '{"perimeter": "deny"}', '{"a": 1}'])(
    'tells one thing of %j',
    (text) => {
      const { problem, perimeter } = checkPolicy(text, 'x');
      expect([problem !== null, perimeter, policyProblems(text, 'x')]).toEqual([true, [], [problem]]);
    },
  );
});
