/** The command line: arguments, messages, exit statuses. */
import { linkSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.js';
import { binaryViolation, NONE, session, totals, violation } from '../report/report-samples.js';
import {
  fakeInspector,
  fakeTerminal,
  MISSING,
  PROTECTION,
  type FakeCapture,
  type FakeInspector,
  type FakeTerminal,
} from './fake-host.js';

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function run(
  args: readonly string[],
  inspector: FakeInspector = fakeInspector(),
  terminal: FakeTerminal = fakeTerminal(),
): Promise<Ran> {
  const status = await runCommandLine(args, terminal, inspector);
  return { status, out: terminal.out.text, err: terminal.err.text };
}

const CLEAN: FakeCapture = { totals: totals({ violations: NONE, violationsByProtection: {} }) };
const BAD: FakeCapture = {
  sessions: [{ session: session(), violations: [violation({ id: 0 }), binaryViolation({ id: 0 })] }],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailscope-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('exit statuses', () => {
  it('are 0 for a clean capture and also for findings nobody asked to fail on', async () => {
    const inspector = fakeInspector({ 'clean.pcap': CLEAN, 'bad.pcap': BAD });
    expect(await run(['inspect', 'clean.pcap'], inspector)).toMatchObject({ status: 0, err: '' });
    expect(await run(['inspect', 'bad.pcap'], inspector)).toMatchObject({ status: 0, err: '' });
  });

  it('are 20 when a finding is at least as bad as --fail-on', async () => {
    const medium: FakeCapture = { sessions: [{ session: session(), violations: [binaryViolation()] }] };
    const inspector = fakeInspector({ 'x.pcap': medium });
    const statuses = await Promise.all(
      ['low', 'medium', 'high', 'critical'].map(
        async (level) => (await run(['inspect', '--fail-on', level, 'x.pcap'], inspector)).status,
      ),
    );
    expect(statuses).toEqual([20, 20, 0, 0]);
  });

  it('are 3 when an input could not be read to its end, after delivering the others', async () => {
    const cut: FakeCapture = {
      ...BAD,
      problem: { code: 'cut-short', message: 'it ends within packet 23, at octet 5,120', hint: 'Copy it again.' },
    };
    const ran = await run(
      ['inspect', '-F', 'eve', '--fail-on', 'low', 'missing', 'cut.pcap', 'clean.pcap'],
      fakeInspector({ 'cut.pcap': cut, 'clean.pcap': CLEAN }),
    );
    expect([ran.status, ran.err]).toEqual([
      3,
      'mailscope: missing: there is no such file\n  Check the name.\nmailscope: cut.pcap: it ends within packet 23, at octet 5,120\n  Copy it again.\n',
    ]);
    expect(
      ran.out
        .split('\n')
        .slice(0, -1)
        .map((line) => (JSON.parse(line) as { event_type: string }).event_type),
    ).toEqual(['alert', 'alert', 'flow', 'stats']);
  });

  it.each([
    [[], 'Usage: mailscope'],
    [['inspect'], "missing required argument 'files'"],
    [['inspect', 'x', '--format', 'xml'], 'Allowed choices are text, json, eve, csv.'],
    [['inspect', 'x', '--fail-on', 'info'], 'Allowed choices are low, medium, high, critical.'],
    [['inspect', 'x', '--workers', '0'], 'Allowed are whole numbers from 1 to 16'],
    [['inspect', 'x', '--checksums', 'maybe'], 'Allowed choices are auto, on, off.'],
    [['inspect', 'x', '-d', 'udp.port==53,dns'], 'Expected tcp.port==N,PROTOCOL'],
    [['inspect', 'x', '-d', 'tcp.port==70000,smtp'], 'from 1 to 65535'],
    [['inspect', 'x', '-d', 'tcp.port==2526,ftp'], 'Allowed protocols are smtp, pop3, imap, tls.'],
    [['inspect', 'x', '--nonsense'], "unknown option '--nonsense'"],
    [['capture', '-i', 'eth0'], "unknown command 'capture'"],
    [['inspect', '-', '-'], 'standard input (-) can be read only once'],
    [
      ['inspect', 'x', '-p', '/nowhere/policy.json'],
      'policy /nowhere/policy.json: there is no such file\n  Give a readable policy file or one of the profiles modern, strict.',
    ],
  ])('are 2 for wrong usage: %j', async (args, message) => {
    const inspector = fakeInspector({ x: CLEAN });
    const ran = await run(args, inspector);
    expect([ran.status, ran.out, inspector.requests]).toEqual([2, '', []]);
    expect(ran.err).toContain(message);
  });

  it('are 2 for a policy that is none, with its hint', async () => {
    const path = join(folder, 'policy.json');
    writeFileSync(path, '{"protections": 1}');
    expect(await run(['inspect', 'x', '-p', path])).toEqual({
      status: 2,
      out: '',
      err: `mailscope: Policy policy.json at protections: found 1, allowed is an object.\n  See mailscope protections.\n`,
    });
  });

  it('are 1 when Mailscope itself fails, with what a report needs', async () => {
    const broken: FakeInspector = {
      ...fakeInspector(),
      inspectFile: () => Promise.reject(new Error('impossible\u001b[2J')),
    };
    const ran = await run(['inspect', 'x'], broken);
    expect(ran.status).toBe(1);
    expect(ran.err).toMatch(/^mailscope: internal error, please report it\n {2}Error: impossible\\x1B\[2J\n/);
  });

  it('are 0 when the reader of standard output goes away', async () => {
    const stop = new AbortController();
    const terminal = fakeTerminal({ stop: stop.signal });
    const closing: FakeCapture = {
      ...BAD,
      meanwhile: () => {
        terminal.out.state = 'closed';
        stop.abort();
      },
    };
    const inspector = fakeInspector({ a: closing, b: BAD });
    expect(await run(['inspect', '-F', 'eve', '--fail-on', 'low', 'a', 'b'], inspector, terminal)).toMatchObject({
      status: 0,
      err: '',
    });
    expect(inspector.requests.map(({ path }) => path)).toEqual(['a']);
  });

  it('are 1 when the output cannot be written', async () => {
    const terminal = fakeTerminal();
    terminal.out.state = new Error('ENOSPC: no space left on device');
    expect(await run(['inspect', 'a'], fakeInspector({ a: BAD }), terminal)).toMatchObject({
      status: 1,
      err: 'mailscope: the output could not be written: ENOSPC: no space left on device\n  Check the space and the permissions there.\n',
    });
  });

  it('are 130 after Ctrl+C, and what was read is delivered', async () => {
    const stop = new AbortController();
    const inspector = fakeInspector({ a: { ...BAD, meanwhile: () => stop.abort() }, b: BAD });
    const ran = await run(['inspect', '-F', 'json', 'a', 'b'], inspector, fakeTerminal({ stop: stop.signal }));
    expect([ran.status, ran.err]).toEqual([
      130,
      'mailscope: interrupted; the report covers what was read until then\n',
    ]);
    expect(JSON.parse(ran.out)).toMatchObject({
      inputs: [{ path: 'a', problem: { code: 'interrupted' } }],
      sessions: [{ id: 4711 }],
    });
  });
});

describe('inspect', () => {
  it('hands policy, checksums and ports to the inspector', async () => {
    const path = join(folder, 'own.json');
    writeFileSync(path, '{}');
    const inspector = fakeInspector({ x: CLEAN });
    await run(
      [
        'inspect',
        'x',
        '-p',
        path,
        '--checksums',
        'off',
        '-d',
        'tcp.port==2526,smtp',
        '-d',
        'TCP.port == 9993,TLS',
        '--workers',
        '1',
      ],
      inspector,
    );
    const [{ request } = { request: null }] = inspector.requests;
    expect([request?.policy.name, request?.checksums, [...(request?.decodeAs ?? [])]]).toEqual([
      'own.json',
      'off',
      [
        [2526, 'smtp'],
        [9993, 'tls'],
      ],
    ]);
  });

  it('takes the first profile when none is named', async () => {
    const inspector = fakeInspector({ x: CLEAN });
    await run(['inspect', 'x'], inspector);
    expect(inspector.requests.map(({ request }) => [request.policy.name, request.checksums])).toEqual([
      ['modern', 'auto'],
    ]);
  });

  it('numbers findings from 1 in each capture', async () => {
    const { out } = await run(['inspect', '-F', 'json', 'a', 'b'], fakeInspector({ a: BAD, b: BAD }));
    const { violations } = JSON.parse(out) as { violations: readonly { input: number; id: number }[] };
    expect(violations.map(({ input, id }) => [input, id])).toEqual([
      [0, 1],
      [0, 2],
      [1, 1],
      [1, 2],
    ]);
  });

  it('writes to a file without colours and leaves standard output empty', async () => {
    const path = join(folder, 'report.txt');
    const ran = await run(
      ['inspect', 'x', '-o', path],
      fakeInspector({ x: BAD }),
      fakeTerminal({ outIsTerminal: true }),
    );
    expect(ran).toEqual({ status: 0, out: '', err: '' });
    expect(readFileSync(path, 'utf8')).toMatch(/^x\n\nWORST {5}TIME/);
  });

  it('refuses to write over an input, under any name', async () => {
    const capture = join(folder, 'capture.pcap');
    const link = join(folder, 'link.pcap');
    writeFileSync(capture, 'precious');
    linkSync(capture, link);
    const ran = await run(['inspect', '-o', link, capture], fakeInspector({ [capture]: BAD }));
    expect([ran.status, ran.err.split('\n')[0], readFileSync(capture, 'utf8')]).toEqual([
      2,
      `mailscope: ${link}: is an input, and would be overwritten`,
      'precious',
    ]);
  });

  it('says why an output that may not even be looked at cannot be written', async () => {
    const path = join(folder, 'x'.repeat(300), 'report.txt');
    const ran = await run(['inspect', '-o', path, 'x'], fakeInspector({ x: BAD }));
    expect([ran.status, ran.err.split('\n')[0]]).toEqual([2, `mailscope: ${path}: cannot be written (ENAMETOOLONG)`]);
  });

  it('colours a terminal, unless NO_COLOR is set', async () => {
    const inspector = fakeInspector({ x: BAD });
    const colourful = await run(['inspect', 'x'], inspector, fakeTerminal({ outIsTerminal: true }));
    const plain = await run(['inspect', 'x'], inspector, fakeTerminal({ outIsTerminal: true, noColour: true }));
    expect([colourful.out.includes('\u001b['), plain.out.includes('\u001b[')]).toEqual([true, false]);
  });

  it('shows progress on a terminal only, not when quiet, and takes it away again', async () => {
    const inspector = fakeInspector({ 'x\u0007': CLEAN });
    const shown = await run(['inspect', 'x\u0007'], inspector, fakeTerminal({ errIsTerminal: true }));
    expect(shown.err).toBe('\r\u001b[K 50 % of 1.0 kB  x\\x07\r\u001b[K');
    expect((await run(['inspect', '-q', 'x\u0007'], inspector, fakeTerminal({ errIsTerminal: true }))).err).toBe('');
    expect(
      (
        await run(
          ['inspect', '-F', 'eve', 'x\u0007'],
          inspector,
          fakeTerminal({ errIsTerminal: true, outIsTerminal: true }),
        )
      ).err,
    ).toBe('');
  });

  it('escapes a file name that would control the terminal', async () => {
    const ran = await run(['inspect', '-q', 'evil\u001b]0;x\u0007']);
    expect(ran.err).toBe(`mailscope: evil\\x1B]0;x\\x07: ${MISSING.message}\n  ${MISSING.hint}\n`);
  });
});

describe('the other commands', () => {
  it('list the protections as a table or as JSON', async () => {
    expect(await run(['protections'])).toEqual({
      status: 0,
      err: '',
      out: 'ID                 TITLE                     SEVERITY  ACTION\nsmtp-bad-greeting  Bad SMTP Server Greeting  medium    detect\n',
    });
    expect(JSON.parse((await run(['protections', '--json'])).out)).toEqual([PROTECTION]);
  });

  it('describe one protection with its settings and what they may be', async () => {
    const { out } = await run(['protections', 'smtp-bad-greeting']);
    expect(out).toMatch(/^smtp-bad-greeting: Bad SMTP Server Greeting\n\nw\n\nWhat to do: r\n/);
    expect(out).toContain(
      '\nSetting max_wait: Wait for the greeting; default 300 seconds, 1 to 86400\n  Five minutes.\n',
    );
    expect(out).toContain('\nSetting refusal: A refusal; default info, one of info, off\n');
    expect(JSON.parse((await run(['protections', 'smtp-bad-greeting', '--json'])).out)).toEqual([PROTECTION]);
  });

  it('say which protection was meant', async () => {
    expect(await run(['protections', 'greeting'])).toEqual({
      status: 2,
      out: '',
      err: 'mailscope: there is no protection greeting\n  Did you mean smtp-bad-greeting?\n',
    });
  });

  it('show the version and the help on standard output', async () => {
    expect(await run(['--version'])).toEqual({ status: 0, out: '1.2.3\n', err: '' });
    const help = await run(['inspect', '--help']);
    expect([help.status, help.err]).toEqual([0, '']);
    expect(help.out).toContain('Usage: mailscope inspect [options] <files...>');
    expect(help.out).toContain('20  done, and a finding at or above --fail-on exists');
    expect((await run(['help', 'protections'])).out).toContain('list what is looked for');
  });
});
