/** `mailscope interfaces`: where this machine can capture, with what, and what to do when it may not. */
import { alignedRow, columnWidths, displayString } from '../../engine/index.js';
import type { CaptureInterface, CapturePermission } from '../../shared/capture.js';

/** One row each; below, why something may not be captured on and the commands that change it. */
export function interfacesTable(interfaces: readonly CaptureInterface[]): string {
  const rows = [
    ['NAME', 'STATE', 'KIND', 'CAPTURE', 'ADDRESSES', 'DESCRIPTION'],
    ...interfaces.map(({ name, isUp, kind, engine, addresses, description }) => [
      displayString(name),
      isUp ? 'up' : 'down',
      kind,
      engine ?? 'no',
      addresses.join(' '),
      displayString(description),
    ]),
  ];
  const widths = columnWidths(rows);
  const table = rows.map((row) => alignedRow(row, widths).trimEnd()).join('\n');
  return [table, ...refusalLines(interfaces)].join('\n') + '\n';
}

/** A JSON array of everything that is known. */
export function interfacesJson(interfaces: readonly CaptureInterface[]): string {
  return `${JSON.stringify(interfaces, null, 2)}\n`;
}

/** Why no engine may capture: each reason once, with the interfaces it holds for, and the engines when it is not all. */
function refusalLines(interfaces: readonly CaptureInterface[]): readonly string[] {
  const names = new Map<string, string[]>();
  for (const { name, engine, permissions } of interfaces) {
    if (engine !== null) continue;
    for (const refusal of refusals(permissions)) {
      const told = names.get(refusal) ?? [];
      told.push(displayString(name));
      names.set(refusal, told);
    }
  }
  return [...names].flatMap(([refusal, told]) => ['', `${told.join(', ')}${refusal}`]);
}

/** What follows the name of an interface, for each reason. */
function refusals(permissions: readonly CapturePermission[]): readonly string[] {
  return [...groupedByReason(permissions)].map(([reason, { engines, fix }]) => {
    const which = engines.length === permissions.length ? '' : ` (${engines.join(', ')})`;
    return `${which}: ${displayString(reason)}${fix === '' ? '' : `\n  ${displayString(fix)}`}`;
  });
}

function groupedByReason(
  permissions: readonly CapturePermission[],
): ReadonlyMap<string, { readonly engines: string[]; readonly fix: string }> {
  const groups = new Map<string, { readonly engines: string[]; readonly fix: string }>();
  for (const { engine, reason, fix } of permissions) {
    const group = groups.get(reason) ?? { engines: [], fix };
    group.engines.push(engine);
    groups.set(reason, group);
  }
  return groups;
}
