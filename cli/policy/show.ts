/** `mailscope policy show`: what a policy amounts to, as a table or as JSON. */
import { alignedRow, columnWidths, describePolicy, displayString } from '../../engine/index.js';
import type { EffectiveProtection, PolicyDescription, PolicyNetworks } from '../../shared/policy.js';
import type { ProtectionDescription, SettingValue } from '../../shared/protection.js';
import type { Inspector, Terminal } from '../host.js';
import { loadPolicy } from '../load-policy.js';

/** Longer values are cut, unless they differ from the default. */
const LONGEST_VALUE = 40;
const CHANGED = '*';

/** Writes the policy that `choice` names: a file or a profile. */
export function showPolicy(choice: string, asJson: boolean, terminal: Terminal, inspector: Inspector): void {
  const description = describePolicy(loadPolicy(choice, inspector));
  terminal.out.write(
    asJson ? `${JSON.stringify(description, null, 2)}\n` : policyText(description, inspector.describeProtections()),
  );
}

function policyText(policy: PolicyDescription, declared: readonly ProtectionDescription[]): string {
  const byId = new Map(declared.map((one) => [one.id, one]));
  const rows = [
    ['ID', 'ACTION', 'SERVERS', 'SETTINGS'],
    ...policy.protections.map((one) => protectionRow(one, byId.get(one.id))),
  ];
  const widths = columnWidths(rows);
  const { name, profile, active, total } = policy;
  return [
    `Policy ${displayString(name)}: profile ${profile}, ${active} of ${total} protections active`,
    '',
    ...rows.map((row) => alignedRow(row, widths)),
    '',
    ...(rows.some((row) => row.some((cell) => cell.includes(CHANGED)))
      ? [`${CHANGED} differs from what the protection itself declares`, '']
      : []),
    ...networkLines(policy.networks),
    '',
    ...perimeterLines(policy.perimeter),
    '',
  ].join('\n');
}

function protectionRow(one: EffectiveProtection, declared: ProtectionDescription | undefined): string[] {
  const action = declared === undefined || declared.defaultAction === one.action ? one.action : CHANGED + one.action;
  const settings = Object.entries(one.settings).map(([name, value]) => {
    const usual = declared?.settings.find((setting) => setting.name === name)?.default;
    const isChanged = usual === undefined || valueText(usual) !== valueText(value);
    return isChanged ? `${CHANGED}${name}=${valueText(value)}` : `${name}=${cut(valueText(value))}`;
  });
  return [one.id, action, one.servers === null ? 'all' : one.servers.join(','), settings.join(' ')];
}

function valueText(value: SettingValue): string {
  if (typeof value !== 'object') return displayString(String(value));
  return value.length === 0 ? '(empty)' : displayString(value.join(','));
}

function cut(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

function networkLines(networks: PolicyNetworks): string[] {
  const rows = Object.entries(networks).map(([name, entries]: [string, readonly string[]]) => [
    `  ${name}`,
    entries.length === 0 ? '-' : displayString(entries.join(', ')),
  ]);
  const widths = columnWidths(rows);
  return ['Networks', ...rows.map((row) => alignedRow(row, widths))];
}

function perimeterLines(lines: readonly string[] | null): string[] {
  if (lines === null) {
    return ['Perimeter: not judged; name networks.own and networks.relays or networks.mailServers, or give a list'];
  }
  return ['Perimeter', ...lines.map((line) => `  ${displayString(line)}`)];
}
