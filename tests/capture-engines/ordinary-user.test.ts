/**
 * What an ordinary user is told and may do, really as one: a throw-away user
 * and group, and copies of dumpcap as Debian's package installs it (plain; for
 * a group only; with file capabilities). The system's own dumpcap is not touched.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProgram } from '../../capture/engines/run-program.js';
import { buildHelper, hasCap, type BuiltHelper } from './built-helper.js';
import type { Task } from './capture-once.js';
import { readCapturedFile } from './captured.js';
import { Driver, Namespace } from './driver.js';
import { mayMakeNamespaces } from './permitted.js';

const USER = `mailscope-u${process.pid}`;
const GROUP = `mailscope-g${process.pid}`;
const has = (...programs: readonly string[]): boolean => programs.every((program) => findProgram(program) !== null);
const mayMakeUsers =
  mayMakeNamespaces && process.getuid?.() === 0 && has('useradd', 'groupadd', 'setpriv', 'setcap', 'dumpcap');
if (!mayMakeUsers)
  console.warn(
    'capturing as an ordinary user is not tested: no user can be made here, or dumpcap or setcap is missing',
  );

let built: BuiltHelper;
let folder: string;
let namespace: Namespace;

/** A folder whose `dumpcap` has this owner group, mode and capabilities. */
function dumpcapWith(name: string, group: string, mode: number, capabilities: string): string {
  const where = join(folder, name);
  mkdirSync(where);
  const path = join(where, 'dumpcap');
  copyFileSync(findProgram('dumpcap')?.path ?? '', path);
  execFileSync('chown', [`root:${group}`, path]);
  chmodSync(path, mode);
  if (capabilities !== '') execFileSync('setcap', [capabilities, path]);
  return where;
}

/** Runs the driver as the user, with only these programs in its path. */
function asUser(task: Task, programs: string, groups: readonly string[] = []): Driver {
  const ids = groups.length === 0 ? ['--clear-groups'] : [`--groups=${groups.join(',')}`];
  return new Driver(built, task, [
    ...namespace.prefix,
    'setpriv',
    `--reuid=${USER}`,
    `--regid=${USER}`,
    ...ids,
    'env',
    '-i',
    `PATH=${programs}`,
    `HOME=${folder}`,
  ]);
}

const PERMISSION = { kind: 'permission', engine: 'dumpcap', interfaceName: 'lo', filter: '' } as const;

describe.skipIf(!mayMakeUsers)('an ordinary user', () => {
  beforeAll(async () => {
    built = await buildHelper();
    folder = mkdtempSync(join(tmpdir(), 'mailscope-user-'));
    chmodSync(folder, 0o755);
    namespace = new Namespace();
    execFileSync('groupadd', ['--system', GROUP]);
    execFileSync('useradd', ['--no-create-home', '--shell', '/usr/sbin/nologin', USER]);
  }, 60_000);
  afterAll(() => {
    try {
      // Forced: a probe of this user may be about to end.
      execFileSync('userdel', ['--force', USER], { stdio: 'ignore' });
    } finally {
      execFileSync('groupdel', [GROUP]);
      namespace.remove();
      built.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('without any right is told how to get it, and no engine is chosen', async () => {
    const plain = dumpcapWith('plain', 'root', 0o755, '');
    const permission = await asUser(PERMISSION, plain).answer('permission');
    const isDebian = existsSync('/var/lib/dpkg/info/wireshark-common.list');
    expect(permission['permission']).toEqual(
      isDebian
        ? {
            engine: 'dumpcap',
            allowed: false,
            reason:
              'Capturing is not switched on for ordinary users. Answer Yes to the question that follows, and log out and in again afterwards.',
            fix: `sudo dpkg-reconfigure wireshark-common && sudo usermod -aG wireshark ${USER}`,
          }
        : {
            engine: 'dumpcap',
            allowed: false,
            reason: `${plain}/dumpcap has no right to capture.`,
            fix: `sudo setcap cap_net_raw,cap_net_admin=eip ${plain}/dumpcap`,
          },
    );
    const choice = await asUser({ kind: 'choose', choice: 'auto', interfaceName: 'lo' }, plain).answer('refused');
    expect(choice['refused']).toMatchObject({
      code: 'capture-not-permitted',
      hint: expect.stringMatching(/^Run: sudo /) as string,
    });
    const file = '/dev/null';
    const capture = asUser({ kind: 'capture', engine: 'dumpcap', interfaceName: 'lo', filter: '', file }, plain);
    expect(await capture.answer('ended')).toMatchObject({ ended: { problem: { code: 'capture-not-permitted' } } });
  });

  test('outside the group that may run dumpcap is told to join it', async () => {
    const grouped = dumpcapWith('grouped', GROUP, 0o754, 'cap_net_raw,cap_net_admin=eip');
    expect((await asUser(PERMISSION, grouped).answer('permission'))['permission']).toEqual({
      engine: 'dumpcap',
      allowed: false,
      reason: `Only the group ${GROUP} may run ${grouped}/dumpcap, and this user is not in it. Log out and in again afterwards.`,
      fix: `sudo usermod -aG ${GROUP} ${USER}`,
    });
    execFileSync('usermod', ['-aG', GROUP, USER]);
    expect((await asUser(PERMISSION, grouped).answer('permission'))['permission']).toEqual({
      engine: 'dumpcap',
      allowed: false,
      reason: `Only the group ${GROUP} may run ${grouped}/dumpcap; this user is in it since after logging in. Log out and in again, or start Mailscope from a terminal in which the group has been joined.`,
      fix: `newgrp ${GROUP}`,
    });
  });

  test('in the group captures, without being root', async () => {
    const member = dumpcapWith('member', GROUP, 0o754, 'cap_net_raw,cap_net_admin=eip');
    const groups = [USER, GROUP];
    const choice = await asUser({ kind: 'choose', choice: 'auto', interfaceName: 'lo' }, member, groups).answer(
      'chosen',
    );
    expect(choice['chosen']).toBe('dumpcap');
    const where = mkdtempSync(join(folder, 'captured-'));
    execFileSync('chown', [USER, where]);
    const file = join(where, 'file');
    const capture = asUser(
      { kind: 'capture', engine: 'dumpcap', interfaceName: 'lo', filter: 'udp', file },
      member,
      groups,
    );
    await capture.answer('octets');
    const sender = new Driver(built, { kind: 'datagrams', count: 50, bytes: 100, port: 2525 }, namespace.prefix);
    await sender.answer('sent');
    capture.order('stop');
    expect(await capture.answer('ended')).toMatchObject({ ended: { problem: null }, statistics: { dropped: 0 } });
    await capture.exited;
    expect(readCapturedFile(file).packets).toHaveLength(50);
  });

  test.skipIf(!hasCap)('may not use the bundled engine, and is told why', async () => {
    const task = { kind: 'permission', engine: 'cap', interfaceName: 'lo', filter: '' } as const;
    expect((await asUser(task, folder).answer('permission'))['permission']).toEqual({
      engine: 'cap',
      allowed: false,
      reason:
        'The bundled engine has only the rights of this user, and capturing is not among them; dumpcap has rights of its own.',
      fix: '',
    });
  });
});
