/** The list of `dumpcap -D -M`: `1. eth0`, vendor, friendly name, type, addresses, `loopback` or `network`, by tabs. */
import type { CaptureDevice } from './capture-engine.js';

export function dumpcapDevices(output: string): readonly CaptureDevice[] {
  return output.split('\n').flatMap((line) => {
    const [numbered = '', vendor = '', friendly = '', , addresses = ''] = line.split('\t');
    const [, name] = /^\d+\. (.+)$/.exec(numbered) ?? [];
    if (name === undefined) return [];
    return [{ name, description: friendly || vendor, addresses: addresses.split(',').filter((each) => each !== '') }];
  });
}
