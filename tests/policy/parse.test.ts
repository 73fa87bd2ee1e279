import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import { describePolicy } from '../../engine/policy/describe.js';
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
    expect(describePolicy(parsePolicy('{}', 'empty.json'))).toEqual({
      ...describePolicy(profilePolicy('modern')),
      name: 'empty.json',
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
        "perimeter": ["permit tcp any host 10.0.0.25 eq smtp", "deny tcp any any eq 25 log", "permit ip any any"],
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
      perimeter: policy.perimeter?.entries.map(({ text }) => text),
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
      perimeter: ['permit tcp any host 10.0.0.25 eq smtp', 'deny tcp any any eq 25 log', 'permit ip any any'],
      limits: { ...DEFAULT_LIMITS, flows: 500_000 },
      catalogueSize: CATALOGUE.length,
    });
  });

  it('judges the perimeter by its own list, else by the one that its networks make, else not', () => {
    const networks = '"networks": { "own": ["10.0.0.0/8"], "relays": ["10.0.0.25"] }';
    const lines = (text: string): readonly string[] | null => describePolicy(parsePolicy(text, 'x')).perimeter;
    const byNetworks = [
      'permit tcp any host 10.0.0.25 eq 25',
      'deny tcp any any eq 25 log',
      'deny tcp any any range 109 110 log',
      'deny tcp any any eq 143 log',
      'permit ip any any',
    ];
    expect([
      lines(`{ ${networks}, "perimeter": ["ip access-list extended edge", "permit ip any any"] }`),
      lines(`{ ${networks} }`),
      lines(`{ ${networks}, "perimeter": [] }`),
      lines(`{ ${networks}, "perimeter": ["! none yet"] }`),
      lines('{}'),
    ]).toEqual([['permit ip any any'], byNetworks, byNetworks, byNetworks, null]);
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
      '{"protections": {"smtp-cram-md5-overflow": {"settings": {"limit": 1}}}}',
      'policy-unknown-setting',
      'protections.smtp-cram-md5-overflow.settings.limit',
      '"limit"',
      'one of max_b64, max_dec',
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
      'protections.smtp-max-recipients.settings.exempt_src[0]',
      '"10.0.0.0/99"',
      'addresses or prefixes such as "10.0.0.0/8"',
    ],
    [
      '{"protections": {"smtp-unknown-command": {"settings": {"known_verbs": ["NOOP", "NO OP"]}}}}',
      'policy-value',
      'protections.smtp-unknown-command.settings.known_verbs[1]',
      '"NO OP"',
      'verbs such as "NOOP"',
    ],
    [
      '{"protections": {"smtp-unknown-command": {"settings": {"known_verbs": "NOOP"}}}}',
      'policy-type',
      'protections.smtp-unknown-command.settings.known_verbs',
      '"NOOP"',
      'a list of verbs such as "NOOP"',
    ],
    [
      '{"protections": {"smtp-max-recipients": {"settings": {"limit": 1e999}}}}',
      'policy-out-of-range',
      'protections.smtp-max-recipients.settings.limit',
      'Infinity',
      'a whole number from 1 to 100000 (recipients)',
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
      '{"perimeter": ["permit ip any any", "deny tcp any any eq 25 logg"]}',
      'policy-access-list',
      'perimeter[1]',
      '"logg"',
      'established, log, log-input or the end of the line',
    ],
    ['{"perimeter": ["permit ip any any", 7]}', 'policy-type', 'perimeter[1]', '7', 'a string'],
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

  it('says where the wrong entry of a list stands', () => {
    const text =
      '{ "protections": { "smtp-unknown-command": { "settings": { "known_verbs": [\n  "NOOP",\n  "NO OP"] } } } }';
    expect(refusal(text)).toMatchObject({ line: 3, column: 3, found: '"NO OP"' });
  });

  it.each([
    [
      'the first wrong word',
      '{\n  "perimeter": [\n    "permit ip any any",\n    "deny tcp any host eq"\n  ]\n}',
      4,
      24,
      '"eq"',
    ],
    ['the place behind the last word', '{"perimeter": ["deny tcp any"]}', 1, 29, 'the end of the line'],
    ['the same behind a byte order mark', '\uFEFF{"perimeter": ["deny udp any"]}', 1, 22, '"udp"'],
    ['the string when escapes stand in it', '{"perimeter": ["deny\\u0020udp any any"]}', 1, 16, '"udp"'],
  ])('points into an access-list line at %s', (_what, text, line, column, found) => {
    expect(refusal(text)).toMatchObject({ code: 'policy-access-list', line, column, found });
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
