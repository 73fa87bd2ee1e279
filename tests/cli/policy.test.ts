/** `mailscope policy show`, `check`, `init` and `acl`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describePolicy, parsePolicy, PROFILES, profilePolicy } from '../../engine/index.js';
import { runPolicy } from './policy-host.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailscope-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function policyFile(text: string, name = 'mail.json'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const EDGE = `{
  "networks": { "own": ["10.0.0.0/8"], "relays": ["10.0.0.25"] },
  "protections": {
    "smtp-max-recipients": { "settings": { "limit": 7 }, "servers": ["10.0.0.25"] },
    "starttls-command-injection": { "action": "off" }
  }
}`;

describe('policy show', () => {
  it('tells every protection, marks what differs, and names networks and perimeter', async () => {
    const { status, out, err } = await runPolicy(['show', policyFile(EDGE)]);
    const { active, total } = describePolicy(parsePolicy(EDGE, 'x'));
    const lines = out.split('\n');
    const row = (id: string): string | undefined =>
      lines.find((line) => line.startsWith(`${id} `))?.replace(/ +/g, ' ');
    expect([status, err, lines[0], row('smtp-max-recipients'), row('starttls-command-injection')]).toEqual([
      0,
      '',
      `Policy mail.json: profile modern, ${active} of ${total} protections active`,
      'smtp-max-recipients detect 10.0.0.25 *limit=7 accepted_only=false exempt_src=(empty)',
      'starttls-command-injection *off all',
    ]);
    expect(out.slice(out.indexOf('Networks'))).toBe(`Networks
  own              10.0.0.0/8
  mailServers      -
  relays           10.0.0.25
  exchangeServers  -
  trustedProxies   -
  ownDomains       -

Perimeter
  permit tcp any host 10.0.0.25 eq 25
  deny tcp any any eq 25 log
  deny tcp any any range 109 110 log
  deny tcp any any eq 143 log
  permit ip any any
`);
  });

  it('shows the first profile when none is named, and says that its perimeter is not judged', async () => {
    const { status, out } = await runPolicy(['show']);
    expect([status, out.split(',')[0]]).toEqual([0, 'Policy modern: profile modern']);
    expect(out).toContain('\nPerimeter: not judged; name networks.own');
    expect(out).not.toContain('* differs');
  });

  it('writes the description as JSON', async () => {
    const { out } = await runPolicy(['show', 'strict', '--json']);
    expect(JSON.parse(out)).toEqual(describePolicy(profilePolicy('strict')));
  });

  it('refuses a policy that is none', async () => {
    const path = policyFile('{"profile": "hard"}');
    expect(await runPolicy(['show', path])).toMatchObject({ status: 2, out: '' });
  });

  it('refuses a file that is too large to be one, before it is read to its end', async () => {
    const path = policyFile('{}');
    truncateSync(path, 16 * 1024 * 1024 + 1);
    const { status, err } = await runPolicy(['show', path]);
    expect([status, err.split('\n')[0]]).toEqual([2, `mailscope: policy ${path}: it is too large`]);
  });
});

describe('policy check', () => {
  it('says how many protections a valid file has active', async () => {
    const path = policyFile(EDGE);
    const { active, total } = describePolicy(parsePolicy(EDGE, 'x'));
    expect(await runPolicy(['check', path])).toEqual({
      status: 0,
      out: `${path}: valid: ${active} of ${total} protections active\n`,
      err: '',
    });
  });

  it('says so when the access list denies, but reports nothing', async () => {
    const path = policyFile('{"perimeter": ["deny tcp any any eq 25", "permit ip any any"]}');
    const { status, out } = await runPolicy(['check', path]);
    expect([status, out.split('\n')[1]]).toEqual([
      0,
      '  The perimeter list reports nothing: no line "deny ... log" stands in it.',
    ]);
  });

  it('names the place of every fault that it can tell, and what helps', async () => {
    const path = policyFile(`{
  "profile": "hard",
  "perimeter": [
    "deny tcp any any eq smpt log",
    "permit ip any any",
    "deny tcp any any eq 25 log now"
  ]
}`);
    expect(await runPolicy(['check', path])).toEqual({
      status: 2,
      out: `${path}:2:14: profile: found "hard", allowed is one of modern, checkpoint, mailguard, strict
  Name one of the profiles, or leave \`profile\` out for the default.
${path}:4:26: perimeter[0]: found "smpt", allowed is a port from 0 to 65535 or its name such as smtp, pop3, imap
${path}:6:33: perimeter[2]: found "now", allowed is established or the end of the line
  Write the line as in a named extended access list of IOS, such as "deny tcp any any eq 25 log".
`,
      err: '',
    });
  });

  it('goes through all files, also behind one that is wrong or missing', async () => {
    const missing = join(folder, 'missing.json');
    const broken = policyFile('{', 'broken.json');
    const good = policyFile('{}', 'good.json');
    const { status, out, err } = await runPolicy(['check', missing, broken, good]);
    expect([status, out.split('\n')[0], out.split('\n')[2]?.split(': ')[1], err.split('\n')[0]]).toEqual([
      2,
      `${broken}:1:2: found the end of the file, allowed is a key in double quotes`,
      'valid',
      `mailscope: policy ${missing}: there is no such file`,
    ]);
  });

  it('escapes what would control the terminal', async () => {
    const path = policyFile('{"perimeter": ["\u009b2J"]}'.replace('\u009b', '\\u009b'));
    const { out } = await runPolicy(['check', path]);
    expect(out).toContain('found "\\x9B2J"');
  });
});

describe('policy init', () => {
  it.each(PROFILES)('writes a file that is a policy and changes nothing of %s', async (profile) => {
    const path = join(folder, 'new.json');
    const { status, out } = await runPolicy(['init', path, '--profile', profile]);
    expect([status, out]).toEqual([0, '']);
    expect(describePolicy(parsePolicy(readFileSync(path, 'utf8'), 'x'))).toEqual({
      ...describePolicy(profilePolicy(profile)),
      name: 'x',
    });
    expect(await runPolicy(['check', path])).toMatchObject({ status: 0 });
  });

  it('gives examples that are valid when their comment marks are taken away', async () => {
    const { out } = await runPolicy(['init']);
    const uncommented = out.replaceAll(/^( +)\/\/ (?=")/gm, '$1');
    const described = describePolicy(parsePolicy(uncommented, 'x'));
    expect([described.limits['flows'], described.perimeter?.length]).toEqual([500_000, 6]);
    expect(described.protections.find(({ id }) => id === 'smtp-max-recipients')?.settings['limit']).toBe(200);
  });

  it('explains every key of a policy', async () => {
    const { out } = await runPolicy(['init']);
    const keys = ['schema', 'profile', 'networks', 'protections', 'perimeter', 'limits'];
    const networks = Object.keys(describePolicy(profilePolicy('modern')).networks);
    for (const key of [...keys, ...networks]) {
      expect(out).toMatch(new RegExp(`// [^\\n]*\\n +"${key}": `));
    }
  });

  it('does not write over a file unless it is forced to', async () => {
    const path = policyFile('precious');
    const ran = await runPolicy(['init', path]);
    expect([ran.status, ran.err, readFileSync(path, 'utf8')]).toEqual([
      2,
      `mailscope: ${path}: exists already\n  Give another name, or --force to write over it.\n`,
      'precious',
    ]);
    expect(await runPolicy(['init', path, '--force'])).toMatchObject({ status: 0 });
    expect(readFileSync(path, 'utf8')).toMatch(/^\/\/ A Mailscope policy/);
  });

  it('says when it cannot write', async () => {
    const ran = await runPolicy(['init', join(folder, 'no', 'such', 'folder.json')]);
    expect([ran.status, ran.err.includes('cannot be written (ENOENT)')]).toEqual([2, true]);
  });
});

describe('policy acl', () => {
  it('prints the filter for IOS, or for nftables', async () => {
    const path = policyFile(EDGE);
    const cisco = await runPolicy(['acl', path]);
    const nftables = await runPolicy(['acl', path, '--nftables']);
    expect([cisco.status, cisco.out.split('\n').slice(0, 2), await runPolicy(['acl', path, '--cisco'])]).toEqual([
      0,
      ['ip access-list extended packet_filter', ' permit tcp any host 10.0.0.25 eq 25'],
      cisco,
    ]);
    expect([nftables.status, nftables.out.includes('elements = { 10.0.0.0/8 }')]).toEqual([0, true]);
    expect(await runPolicy(['acl', path, '--cisco', '--nftables'])).toMatchObject({ status: 2, out: '' });
  });

  it('says what to do when there is nothing to make a filter of', async () => {
    const ran = await runPolicy(['acl']);
    expect([ran.status, ran.out, ran.err]).toEqual([
      2,
      '',
      'mailscope: policy modern: has no access list, and no networks to make one of\n  In a policy file name networks.own and networks.relays or networks.mailServers, or give lines in "perimeter"; `mailscope policy init FILE` writes a file to begin with.\n',
    ]);
  });
});

describe('wrong usage', () => {
  it.each([
    [['init', '--profile', 'hard'], 'Allowed choices are modern, checkpoint, mailguard, strict.'],
    [['check'], "missing required argument 'files'"],
    [['nonsense'], "unknown command 'nonsense'"],
    [['verify', '10.0.0.1'], "required option '-p, --policy <file>' not specified"],
    [['verify', '10.0.0.1', '-p', 'x', '--timeout', '0'], 'more than 0 and at most 60'],
    [['verify', '10.0.0.1', '-p', 'x', '--timeout', '61'], 'more than 0 and at most 60'],
    [['verify', '10.0.0.1', '-p', 'x', '--timeout', '1e1'], 'more than 0 and at most 60'],
  ])('%j exits with 2', async (args, message) => {
    const ran = await runPolicy(args);
    expect([ran.status, ran.out]).toEqual([2, '']);
    expect(ran.err).toContain(message);
  });
});
