/** The default filter against real frames on a veth pair, on the sending side (tags within) and the receiving one (tags taken off by the kernel). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildHelper, hasCap, type BuiltHelper } from './built-helper.js';
import { readCapturedFile } from './captured.js';
import { Driver, Namespace } from './driver.js';
import { firstFragment, laterFragment, laterFragment6, SERVICE_TAG, synFrame, synFrame6, TAG, tag } from './frames.js';
import { installedEngines, mayMakeNamespaces } from './permitted.js';

const ONE = tag(TAG, 5);
const TWO = [tag(SERVICE_TAG, 7), tag(TAG, 9)];
const TWO_OLD = [tag(TAG, 7), tag(TAG, 9)];

const MAIL: readonly string[] = [
  ...[25, 465, 587, 2525, 109, 110, 143, 993, 995].map((port) => synFrame(port)),
  ...[[], [ONE], TWO, TWO_OLD].flatMap((tags) => [
    synFrame(143, ...tags),
    synFrame6(25, ...tags),
    firstFragment(25, ...tags),
    laterFragment(...tags),
    laterFragment6(...tags),
  ]),
];
const OTHER: readonly string[] = [[], [ONE], TWO, TWO_OLD].flatMap((tags) => [
  synFrame(80, ...tags),
  synFrame6(443, ...tags),
  firstFragment(80, ...tags),
]);
/** Tells that everything before it has passed. */
const LAST = synFrame(995, tag(TAG, 99));

let built: BuiltHelper;
let folder: string;
let namespace: Namespace;

describe.skipIf(!mayMakeNamespaces || !hasCap).each(installedEngines)('the default filter with %s', (engine) => {
  beforeAll(async () => {
    built = await buildHelper();
    folder = mkdtempSync(join(tmpdir(), 'mailscope-vlan-'));
    namespace = new Namespace();
    // Its own chatter (router solicitations) is not what is tested.
    namespace.run('sysctl', '-qw', 'net.ipv6.conf.default.disable_ipv6=1');
    namespace.addPair('one0', 'two0');
  }, 60_000);
  afterAll(() => {
    namespace.remove();
    built.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['one0', 'two0'])('loses no mail and takes nothing else on %s', async (interfaceName) => {
    const file = join(folder, `${engine}-${interfaceName}`);
    const capture = new Driver(
      built,
      { kind: 'capture', engine, interfaceName, filter: 'mail', file },
      namespace.prefix,
    );
    await capture.answer('octets');
    const frames = [...MAIL, ...OTHER, LAST];
    const sender = new Driver(built, { kind: 'frames', interfaceName: 'one0', frames }, namespace.prefix);
    await sender.answer('sent');
    capture.order('stop');
    expect(await capture.answer('ended')).toMatchObject({ ended: { problem: null } });
    await capture.exited;
    expect(readCapturedFile(file).packets.map(({ octets }) => octets.toString('hex'))).toEqual([...MAIL, LAST]);
  });
});
