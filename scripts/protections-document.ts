/**
 * Writes docs/PROTECTIONS.md from the catalogue: what each protection means, how
 * it is logged, what it can be set to, and what each profile does with it.
 * `npm run docs` runs it; a test fails when the document is stale.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { describePolicy, describeProtections, PROFILES, profilePolicy } from '../engine/index.js';
import type { ProtectionDescription, SettingDeclaration } from '../shared/protection.js';

export const DOCUMENT = join(import.meta.dirname, '../docs/PROTECTIONS.md');

const FAMILY_TITLES: Readonly<Record<string, string>> = {
  smtp: 'SMTP',
  pop3: 'POP3',
  imap: 'IMAP',
  sasl: 'Authentication (SASL)',
  starttls: 'STARTTLS',
  perimeter: 'Perimeter',
};

const HEAD = `# Protections

What Mailscope looks for, made from its catalogue by \`npm run docs\`; change the catalogue (engine/protections), not this file.

Every finding names its protection by the permanent id and is logged under the words of the document that the protection comes from. An action of a policy is \`off\`, \`detect\` or \`prevent\`; on a capture, which cannot hold anything back, \`prevent\` says what would have been blocked. Settings are given in a policy file under \`protections.<id>.settings\`; \`servers\` beside them restricts a protection to some servers.
`;

/** The document's text, formatted as the repository formats Markdown. */
export async function protectionsDocument(): Promise<string> {
  const all = describeProtections();
  const families = [...new Set(all.map(({ family }) => family))];
  const parts = families.map((family) =>
    familySection(
      family,
      all.filter((one) => one.family === family),
    ),
  );
  return format([HEAD, ...parts].join('\n'), { parser: 'markdown', printWidth: 120 });
}

function familySection(family: string, members: readonly ProtectionDescription[]): string {
  const title = FAMILY_TITLES[family];
  if (title === undefined) throw new Error(`no title for the family ${family}`);
  const profiles = PROFILES.map((name) => describePolicy(profilePolicy(name)).protections);
  const rows = members.map(({ id, title: what, severity }) => {
    const actions = profiles.map((protections) => protections.find((one) => one.id === id)?.action ?? '');
    return `| [${id}](#${id}) | ${what} | ${severity} | ${actions.join(' | ')} |`;
  });
  const head = `| id | what | severity | ${PROFILES.join(' | ')} |\n|---|---|---|${'---|'.repeat(PROFILES.length)}`;
  return `## ${title}\n\n${head}\n${rows.join('\n')}\n\n${members.map(entry).join('\n')}`;
}

function entry(one: ProtectionDescription): string {
  const seed = one.seedText === undefined ? '' : ` (the document writes: \`${one.seedText}\`)`;
  const lines = [
    `### ${one.id}\n`,
    `**${one.title}.** ${one.why}\n`,
    `- Protocols: ${one.protocols.map((name) => name.toUpperCase()).join(', ')}`,
    `- Logged as: \`${one.attackName}\` / \`${one.attackInfo}\`${seed}`,
    `- Severity ${one.severity}, confidence ${one.confidence}`,
    `- Sources: ${one.sources.join('; ')}`,
    `- References: ${one.references.join(', ')}\n`,
    `What to do: ${one.remedy}\n`,
  ];
  return [...lines, settingsTable(one.settings)].join('\n');
}

function settingsTable(settings: readonly SettingDeclaration[]): string {
  if (settings.length === 0) return '';
  const rows = settings.map(
    (setting) =>
      `| \`${setting.name}\` | ${setting.title} | ${defaultText(setting)} | ${allowedText(setting)} | ${setting.reason} |`,
  );
  return `| setting | what | default | allowed | why |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

function defaultText(setting: SettingDeclaration): string {
  if (setting.kind === 'list') return setting.default.length === 0 ? 'none' : `\`${setting.default.join(' ')}\``;
  if (setting.kind === 'number') return `${setting.default} ${setting.unit}`.trimEnd();
  return `\`${String(setting.default)}\``;
}

function allowedText(setting: SettingDeclaration): string {
  switch (setting.kind) {
    case 'number':
      return `${setting.minimum} to ${setting.maximum}`;
    case 'choice':
      return setting.choices.map((choice) => `\`${choice}\``).join(', ');
    case 'flag':
      return '`true`, `false`';
    case 'list':
      return `list of ${setting.of}`;
  }
}

if (process.argv[1] === import.meta.filename) {
  void protectionsDocument().then((text) => writeFileSync(DOCUMENT, text));
}
