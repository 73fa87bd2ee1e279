import { describe, expect, it } from 'vitest';
import { policyDocument } from '../../engine/policy/document.js';
import { PolicyError } from '../../engine/policy/policy-error.js';

describe('the document of a policy file', () => {
  it('is what the file says and nothing else, without comments and byte order mark', () => {
    const text =
      '\uFEFF// mine\n{ /* "profile": "strict", */ "networks": { "own": ["10.0.0.0/8"] }, // mine\n' +
      '"perimeter": ["! a // b /* c */", "deny tcp any any eq 25 log"],' +
      '"protections": { "smtp-max-recipients": { "action": "off", "settings": { "limit": 200 } } } }';
    expect(policyDocument(text, 'mail.json')).toEqual({
      schema: 1,
      networks: { own: ['10.0.0.0/8'] },
      perimeter: ['! a // b /* c */', 'deny tcp any any eq 25 log'],
      protections: { 'smtp-max-recipients': { action: 'off', settings: { limit: 200 } } },
    });
  });

  it('is none of a text that is no policy', () => {
    for (const text of ['', '[]', '{"profile": "none"}', '{"__proto__": {}}', '{"schema": 2}'])
      expect(() => policyDocument(text, 'mail.json')).toThrowError(PolicyError);
  });

  it('is made of a long text, and of one that opens quotes and comments without end, at once', () => {
    const long = JSON.stringify({ perimeter: Array.from({ length: 900 }, () => `! ${'x'.repeat(500)} "`) });
    expect(policyDocument(long, 'x').perimeter).toHaveLength(900);
    for (const text of [`{"profile": "${'\\"'.repeat(200_000)}`, '/*'.repeat(200_000), '"'.repeat(200_001)])
      expect(() => policyDocument(text, 'x')).toThrowError(PolicyError);
  });
});
