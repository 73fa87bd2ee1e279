/** `mailscope protections`: the catalogue as a table, one protection in words, or everything as JSON. */
import type { ProtectionDescription, SettingDeclaration } from '../shared/protection.js';
import { alignedRow, columnWidths } from '../engine/index.js';
import { CommandError, EXIT } from './exit-status.js';
import { wrapped } from './wrapped-text.js';

/** One row each: id, title, severity, default action. */
export function protectionsTable(protections: readonly ProtectionDescription[]): string {
  const rows = [
    ['ID', 'TITLE', 'SEVERITY', 'ACTION'],
    ...protections.map(({ id, title, severity, defaultAction }) => [id, title, severity, defaultAction]),
  ];
  const widths = columnWidths(rows);
  return `${rows.map((row) => alignedRow(row, widths)).join('\n')}\n`;
}

/** The protection with this id. Throws a `CommandError` for an unknown one. */
export function knownProtection(id: string, protections: readonly ProtectionDescription[]): ProtectionDescription {
  const one = protections.find((known) => known.id === id);
  if (one !== undefined) return one;
  const alike = protections.map((known) => known.id).filter((known) => known.includes(id));
  const hint = alike.length === 0 ? '`mailscope protections` lists them all.' : `Did you mean ${alike.join(', ')}?`;
  throw new CommandError(EXIT.usage, `there is no protection ${id}`, hint);
}

/** Everything about one protection, wrapped to `columns`. Throws a `CommandError` for an unknown id. */
export function protectionText(id: string, protections: readonly ProtectionDescription[], columns: number): string {
  const one = knownProtection(id, protections);
  const seed = one.seedText === undefined ? '' : ` (the document writes: ${one.seedText})`;
  const lines = [
    `${one.id}: ${one.title}`,
    '',
    ...wrapped(one.why, columns),
    '',
    ...wrapped(`What to do: ${one.remedy}`, columns),
    '',
    ...wrapped(`Logged as: ${one.attackName}: ${one.attackInfo}${seed}`, columns),
    `Severity: ${one.severity}, confidence ${one.confidence}; action by default: ${one.defaultAction}`,
    ...wrapped(`Sources: ${one.sources.join('; ')}`, columns),
    ...wrapped(`References: ${one.references.join(', ')}`, columns),
    ...one.settings.flatMap((setting) => ['', ...settingLines(setting, columns)]),
  ];
  return `${lines.join('\n')}\n`;
}

function settingLines(setting: SettingDeclaration, columns: number): string[] {
  const value = setting.kind === 'list' ? `[${setting.default.join(', ')}]` : String(setting.default);
  const head = `Setting ${setting.name}: ${setting.title}; default ${value}${allowedWords(setting)}`;
  return [...wrapped(head, columns), ...wrapped(setting.reason, columns - 2).map((line) => `  ${line}`)];
}

function allowedWords(setting: SettingDeclaration): string {
  switch (setting.kind) {
    case 'number':
      return ` ${setting.unit}, ${setting.minimum} to ${setting.maximum}`;
    case 'choice':
      return `, one of ${setting.choices.join(', ')}`;
    case 'flag':
      return ', true or false';
    case 'list':
      return `, a list of ${setting.of}`;
  }
}

/** A JSON array of complete descriptions. */
export function protectionsJson(protections: readonly ProtectionDescription[]): string {
  return `${JSON.stringify(protections, null, 2)}\n`;
}
