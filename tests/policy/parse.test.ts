import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import { parsePolicy } from '../../engine/policy/parse.js';
import { PolicyError } from '../../engine/policy/policy-error.js';
import type { EffectivePolicy } from '../../engine/policy/policy.js';
import { profilePolicy } from '../../engine/policy/profiles.js';
import { CATALOGUE } from '../../engine/protections/catalogue.js';

/** The error that the text is refused with; an accepted text is a failure of its own. */
function refusal(text: string): PolicyError {
  try {
    parsePolicy(text, 'mail.json');
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error('the policy was accepted');
}

function ids(policy: EffectivePolicy): string[] {
  return policy.active.map((one) => one.protection.id);
}

describe('a policy file', () => {
  it('that says nothing is the modern profile', () => {
    const policy = parsePolicy('{}', 'empty.json');
    expect({ ...policy, active: ids(policy) }).toEqual({
      ...profilePolicy('modern'),
      name: 'empty.json',
      active: CATALOGUE.map((one) => one.id),
    });
  });

  it('sets actions, settings, servers, networks and limits', () => {
    const policy = parsePolicy(
      `{
        // comments are allowed
        "schema": 1, "profile": "modern",
        "networks": { "own": ["10.0.0.0/8", "2001:db8::/32"], "ownDomains": ["Example.org"] },
        "protections": {
          "smtp-max-recipients": { "action": "prevent", "settings": { "limit": 200, "exempt_src": ["10.0.0.9"] }, "servers": ["10.0.0.25"] },
          "smtp-unknown-command": { "settings": { "known_verbs": ["helo", "Mail"] } },
          "smtp-bad-greeting": { "action": "off" } /* not here */
        },
        "perimeter": [],
        "limits": { "flows": 500000 }
      }`,
      'mail.json',
    );
    const recipients = policy.active.find((one) => one.protection.id === 'smtp-max-recipients');
    const unknown = policy.active.find((one) => one.protection.id === 'smtp-unknown-command');
    expect({
      action: recipients?.action,
      servers: recipients?.servers,
      limit: recipients?.settings.number('limit'),
      acceptedOnly: recipients?.settings.flag('accepted_only'),
      exempt: recipients?.settings.set('exempt_src'),
      verbs: unknown?.settings.set('known_verbs'),
      hasGreeting: ids(policy).includes('smtp-bad-greeting'),
      networks: policy.networks,
      limits: policy.limits,
      catalogueSize: policy.catalogueSize,
    }).toEqual({
      action: 'prevent',
      servers: ['10.0.0.25'],
      limit: 200,
      acceptedOnly: false,
      exempt: new Set(['10.0.0.9']),
      verbs: new Set(['HELO', 'MAIL']),
      hasGreeting: false,
      networks: {
        own: ['10.0.0.0/8', '2001:db8::/32'],
        mailServers: [],
        relays: [],
        exchangeServers: [],
        trustedProxies: [],
        ownDomains: ['example.org'],
      },
      limits: { ...DEFAULT_LIMITS, flows: 500_000 },
      catalogueSize: CATALOGUE.length,
    });
  });

  it('keeps what its profile sets where the file says nothing', () => {
    const policy = parsePolicy(
      '{"profile":"strict","protections":{"smtp-command-line-too-long":{"settings":{"base":600}}}}',
      'x',
    );
    const line = policy.active.find((one) => one.protection.id === 'smtp-command-line-too-long');
    expect([line?.settings.number('base'), line?.settings.number('auth_ir_limit')]).toEqual([600, 1000]);
  });

  it('switches on what its profile leaves off', () => {
    const policy = parsePolicy(
      '{"profile":"checkpoint","protections":{"starttls-command-injection":{"action":"detect"}}}',
      'x',
    );
    expect(ids(policy)).toContain('starttls-command-injection');
    expect(ids(profilePolicy('checkpoint'))).not.toContain('starttls-command-injection');
  });
});

describe('a policy that cannot be used is refused as a whole', () => {
  it.each([
    ['{"schema": 2}', 'policy-schema', 'schema', '2', '1'],
    [
      '{"profile": "hard"}',
      'policy-unknown-profile',
      'profile',
      '"hard"',
      'one of modern, checkpoint, mailguard, strict',
    ],
    ['{"profile": 1}', 'policy-type', 'profile', '1', 'a string'],
    [
      '{"protection": {}}',
      'policy-unknown-key',
      'protection',
      '"protection"',
      'one of schema, profile, networks, protections, perimeter, limits',
    ],
    ['[]', 'policy-type', '', 'a list', 'an object { ... }'],
    ['{"protections": []}', 'policy-type', 'protections', 'a list', 'an object { ... }'],
    [
      '{"protections": {"smtp-nonsense": {}}}',
      'policy-unknown-protection',
      'protections.smtp-nonsense',
      '"smtp-nonsense"',
      'the id of a protection',
    ],
    [
      '{"protections": {"smtp-bad-greeting": {"mode": 1}}}',
      'policy-unknown-key',
      'protections.smtp-bad-greeting.mode',
      '"mode"',
      'one of action, settings, servers',
    ],
    [
      '{"protections": {"smtp-bad-greeting": {"action": "block"}}}',
      'policy-value',
      'protections.smtp-bad-greeting.action',
      '"block"',
      'one of off, detect, prevent',
    ],
    [
      '{"protections": {"smtp-bad-greeting": {"settings": {"limit": 1}}}}',
      'policy-unknown-setting',
      'protections.smtp-bad-greeting.settings.limit',
      '"limit"',
      'one of refusal',
    ],
    [
      '{"protections": {"starttls-command-injection": {"settings": {"x": 1}}}}',
      'policy-unknown-setting',
      'protections.starttls-command-injection.settings.x',
      '"x"',
      'no settings: starttls-command-injection has none',
    ],
    [
      '{"protections": {"smtp-bad-greeting": {"settings": {"refusal": "maybe"}}}}',
      'policy-value',
      'protections.smtp-bad-greeting.settings.refusal',
      '"maybe"',
      'one of info, alert, off',
    ],
    [
      '{"protections": {"smtp-max-recipients": {"settings": {"limit": 0}}}}',
      'policy-out-of-range',
      'protections.smtp-max-recipients.settings.limit',
      '0',
      'a whole number from 1 to 100000 (recipients)',
    ],
    [
      '{"protections": {"smtp-max-recipients": {"settings": {"limit": 100001}}}}',
      'policy-out-of-range',
      'protections.smtp-max-recipients.settings.limit',
      '100001',
      'a whole number from 1 to 100000 (recipients)',
    ],
    [
      '{"protections": {"smtp-max-recipients": {"settings": {"limit": 1.5}}}}',
      'policy-out-of-range',
      'protections.smtp-max-recipients.settings.limit',
      '1.5',
      'a whole number from 1 to 100000 (recipients)',
    ],
    [
      '{"protections": {"smtp-max-recipients": {"settings": {"limit": "9"}}}}',
      'policy-type',
      'protections.smtp-max-recipients.settings.limit',
      '"9"',
      'a whole number from 1 to 100000 (recipients)',
    ],
    [
      '{"protections": {"smtp-max-recipients": {"settings": {"accepted_only": "yes"}}}}',
      'policy-type',
      'protections.smtp-max-recipients.settings.accepted_only',
      '"yes"',
      'true or false',
    ],
    [
      '{"protections": {"smtp-max-recipients": {"settings": {"exempt_src": ["10.0.0.0/99"]}}}}',
      'policy-network',
      'protections.smtp-max-recipients.settings.exempt_src',
      '"10.0.0.0/99"',
      'a list of addresses or prefixes such as "10.0.0.0/8"',
    ],
    [
      '{"protections": {"smtp-unknown-command": {"settings": {"known_verbs": ["NO OP"]}}}}',
      'policy-value',
      'protections.smtp-unknown-command.settings.known_verbs',
      '"NO OP"',
      'a list of verbs such as "NOOP"',
    ],
    [
      '{"protections": {"smtp-bad-greeting": {"servers": ["mx.example"]}}}',
      'policy-network',
      'protections.smtp-bad-greeting.servers[0]',
      '"mx.example"',
      'addresses or prefixes such as "10.0.0.0/8"',
    ],
    ['{"networks": {"own": ["10.0.0.0/8", 7]}}', 'policy-type', 'networks.own[1]', '7', 'a string'],
    [
      '{"networks": {"relays": "10.0.0.25"}}',
      'policy-type',
      'networks.relays',
      '"10.0.0.25"',
      'a list of addresses or prefixes such as "10.0.0.0/8"',
    ],
    ['{"networks": {"ownDomains": ["-.org"]}}', 'policy-value', 'networks.ownDomains[0]', '"-.org"', 'domain names'],
    [
      '{"networks": {"friends": []}}',
      'policy-unknown-key',
      'networks.friends',
      '"friends"',
      'one of own, mailServers, relays, exchangeServers, trustedProxies, ownDomains',
    ],
    [
      '{"perimeter": ["deny tcp any any eq 25 log"]}',
      'policy-unsupported',
      'perimeter',
      '1 perimeter lines',
      'no perimeter lines in this version',
    ],
    ['{"perimeter": "deny"}', 'policy-type', 'perimeter', '"deny"', 'a list of access-list lines'],
    [
      '{"limits": {"lineBytes": 100}}',
      'policy-out-of-range',
      'limits.lineBytes',
      '100',
      'a whole number from 16384 to 16777216',
    ],
    [
      '{"limits": {"flow": 100}}',
      'policy-unknown-key',
      'limits.flow',
      '"flow"',
      `one of ${Object.keys(DEFAULT_LIMITS).join(', ')}`,
    ],
    [
      '{"__proto__": {}}',
      'policy-unknown-key',
      '__proto__',
      '"__proto__"',
      'one of schema, profile, networks, protections, perimeter, limits',
    ],
    [
      '{"protections": {"constructor": {}}}',
      'policy-unknown-protection',
      'protections.constructor',
      '"constructor"',
      'the id of a protection',
    ],
  ])('%s', (text, code, path, found, allowed) => {
    expect(refusal(text)).toMatchObject({ code, path, found, allowed });
  });

  it('names the file and a way out', () => {
    const { message, hint } = refusal('{"schema": 2}');
    expect(message).toBe('Policy mail.json at schema (line 1, column 12): found 2, allowed is 1.');
    expect(hint).toContain('version 1');
  });

  it('says on which line the value stands', () => {
    expect(refusal('{\n  "limits": {\n    "flows": 1\n  }\n}')).toMatchObject({
      path: 'limits.flows',
      line: 3,
      column: 14,
    });
  });

  it.each([
    ['{"a": 1,}', 'policy-syntax', 1, 9, '"}"', 'a key in double quotes'],
    ['{\n  "a" 1\n}', 'policy-syntax', 2, 7, '"1"', 'a colon'],
    ['{"a": tru}', 'policy-syntax', 1, 7, '"t"', 'a value'],
    ['{"a": 01}', 'policy-syntax', 1, 8, '"1"', 'a comma or }'],
    ['{"a": [1 2]}', 'policy-syntax', 1, 10, '"2"', 'a comma or ]'],
    ['{"a": "x\ny"}', 'policy-syntax', 1, 9, 'the end of the line', 'a closing quote on the same line'],
    ['{"a": "\\q"}', 'policy-syntax', 1, 9, 'the escape \\q', 'an escape of JSON'],
    ['{} x', 'policy-syntax', 1, 4, '"x"', 'nothing behind the closing brace'],
    ['', 'policy-syntax', 1, 1, 'the end of the file', 'a value'],
    ['{ /* ', 'policy-syntax', 1, 3, 'a comment without end', '*/'],
    ['{"a": 1,\n "a": 2}', 'policy-duplicate-key', 2, 2, 'the key "a" a second time', 'each key once'],
    ['['.repeat(40), 'policy-syntax', 1, 34, 'nesting this deep', 'at most 32 levels'],
  ])('%j is no JSON', (text, code, line, column, found, allowed) => {
    expect(refusal(text)).toMatchObject({ code, path: '', line, column, found, allowed });
  });
});

describe('a profile', () => {
  it('is refused by any other name', () => {
    expect(() => profilePolicy('hard')).toThrowError(PolicyError);
    expect(() => profilePolicy('constructor')).toThrowError(/one of modern, checkpoint, mailguard, strict/);
  });

  it('differs from the declared defaults only where its source does', () => {
    const changed = (name: string): string[] => {
      const policy = profilePolicy(name);
      const off = CATALOGUE.filter((one) => !ids(policy).includes(one.id)).map((one) => `${one.id} off`);
      const set = policy.active.flatMap(({ protection, settings }) =>
        protection.settings.flatMap((one) => {
          const value =
            one.kind === 'number'
              ? settings.number(one.name)
              : one.kind === 'choice'
                ? settings.choice(one.name)
                : one.kind === 'flag'
                  ? settings.flag(one.name)
                  : [...settings.set(one.name)].join(' ');
          const usual = one.kind === 'list' ? one.default.join(' ') : one.default;
          return value === usual ? [] : [`${protection.id}.${one.name}=${value}`];
        }),
      );
      return [...off, ...set];
    };
    expect({
      modern: changed('modern'),
      checkpoint: changed('checkpoint'),
      mailguard: changed('mailguard'),
      strict: changed('strict'),
    }).toEqual({
      modern: [],
      checkpoint: ['starttls-command-injection off'],
      mailguard: [
        'smtp-command-line-too-long.increments=none',
        'smtp-unknown-command.known_verbs=HELO MAIL RCPT DATA RSET NOOP QUIT',
      ],
      strict: ['smtp-command-line-too-long.auth_ir_limit=1000'],
    });
  });
});
