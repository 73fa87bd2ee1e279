/**
 * What a benchmark says, as tables: printed as they come, and kept in
 * `results.md`, where each run replaces the sections that it measured anew.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';

const FILE = join(__dirname, 'results.md');
const HEAD = '# Benchmark results\n\nWritten by `npm run bench`; each section says when and where it was measured.\n';

export interface Section {
  readonly title: string;
  /** What was done, and what its columns mean. */
  readonly about: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What follows from the rows. */
  readonly findings: readonly string[];
}

/** Prints the section and puts it into `results.md`; `versions` of the programs that took part. */
export function publish(section: Section, versions: readonly string[], isKept: boolean): void {
  const { title, rows, columns, findings } = section;
  const widths = columns.map((column, i) => Math.max(column.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  process.stdout.write(`\n${title}\n${[columns, ...rows].map(line).join('\n')}\n`);
  for (const finding of findings) process.stdout.write(`${finding}\n`);
  if (isKept) keep(title, markdown(section, versions));
}

function markdown({ about, columns, rows, findings }: Section, versions: readonly string[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = line(columns.map((_, i) => (i === 0 ? '---' : '---:')));
  const list = findings.length === 0 ? '' : `\n${findings.map((finding) => `- ${finding}`).join('\n')}\n`;
  const date = new Date().toISOString().slice(0, 10);
  return `${about}\n\n${line(columns)}\n${rule}\n${rows.map(line).join('\n')}\n${list}\n${date}; ${machine()}; ${versions.join('; ')}.\n`;
}

function keep(title: string, text: string): void {
  const before = existsSync(FILE) ? readFileSync(FILE, 'utf8') : HEAD;
  const sections = before.split(/^## /m);
  const others = sections.slice(1).filter((section) => !section.startsWith(`${title}\n`));
  const all = [...others, `${title}\n\n${text}`].sort();
  writeFileSync(FILE, [HEAD, ...all.map((section) => `## ${section.trim()}\n`)].join('\n'));
}

function machine(): string {
  const [first] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${cpus().length} cores (${first?.model.trim() ?? 'unknown'}), ${memory}, ${type()} ${release()}`;
}

/** What a program says to `--version`, its first line; null when it is not installed. */
export function versionOf(command: string, argument = '--version'): string | null {
  const { status, stdout, stderr } = spawnSync(command, [argument], { encoding: 'utf8' });
  if (status !== 0) return null;
  const line = `${stdout}${stderr}`.split('\n').find((text) => /\d/.test(text) && !/root/.test(text));
  return (line ?? '')
    .replace(/^This is /, '')
    .replace(/ \(.*/, '')
    .trim();
}

export function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}
