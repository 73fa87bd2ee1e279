/** Access lists and connections for property tests, from few values so that they often meet. */
import * as fc from 'fast-check';
import type { AccessQuestion } from '../../engine/policy/access-list/match.js';

const PORTS = [0, 24, 25, 26, 109, 110, 143, 1023, 1024, 65_535];
const IPV4 = ['10.0.0.25', '10.0.1.25', '10.1.0.7', '198.51.100.7', '0.0.0.0', '255.255.255.255'];
const IPV6 = ['2001:db8::25', '2001:db8::1:25', '2001:db8:1::7', '::1', '::', 'ffff:ffff::'];

const port = fc.constantFrom(...PORTS);
const portTest = fc.oneof(
  fc.array(port, { minLength: 1, maxLength: 4 }).map((ports) => ` eq ${ports.join(' ')}`),
  fc.array(port, { minLength: 1, maxLength: 3 }).map((ports) => ` neq ${ports.join(' ')}`),
  fc.constantFrom(' lt 25', ' lt 1', ' gt 1023', ' gt 65534', ' range 24 26', ' range 109 110', ' range 0 65535'),
);
const ipv4Test = fc.oneof(
  fc.constantFrom(...IPV4).map((address) => `host ${address}`),
  fc.tuple(fc.constantFrom(...IPV4), fc.integer({ min: 0, max: 32 })).map(([address, bits]) => `${address}/${bits}`),
  fc
    .tuple(fc.constantFrom(...IPV4), fc.constantFrom('0.0.0.255', '0.255.0.255', '255.255.1.0', '0.1.0.0'))
    .map((pair) => pair.join(' ')),
);
const ipv6Test = fc.oneof(
  fc.constantFrom(...IPV6).map((address) => `host ${address}`),
  fc.tuple(fc.constantFrom(...IPV6), fc.integer({ min: 0, max: 128 })).map(([address, bits]) => `${address}/${bits}`),
);

function entry(address: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const end = fc.oneof(fc.constant('any'), address);
  const log = fc.constantFrom('', ' log', ' log-input');
  const action = fc.constantFrom('permit', 'deny');
  const ports = fc.option(portTest, { nil: '' });
  return fc.oneof(
    fc.tuple(action, end, end, log).map(([one, from, to, more]) => `${one} ip ${from} ${to}${more}`),
    fc
      .tuple(action, end, ports, end, ports, fc.constantFrom('', ' established'), log)
      .map(
        ([one, from, fromPort, to, toPort, flag, more]) => `${one} tcp ${from}${fromPort} ${to}${toPort}${flag}${more}`,
      ),
  );
}

/** Lines that are all valid. */
export const accessListLines = fc.array(
  fc.oneof(entry(ipv4Test), entry(ipv6Test), fc.constantFrom('permit ipv6 any any', 'deny ipv6 any any log')),
  { minLength: 1, maxLength: 8 },
);

const ends = fc.oneof(
  fc.tuple(fc.constantFrom(...IPV4), fc.constantFrom(...IPV4)),
  fc.tuple(fc.constantFrom(...IPV6), fc.constantFrom(...IPV6)),
);

export const questions: fc.Arbitrary<AccessQuestion> = fc
  .tuple(ends, port, port, fc.boolean())
  .map(([[source, destination], sourcePort, destinationPort, established]) => ({
    source,
    sourcePort,
    destination,
    destinationPort,
    established,
  }));
