import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SEVERITIES } from '../../shared/severity.js';

const CSS = readFileSync(join(import.meta.dirname, '../../renderer/theme/tokens.css'), 'utf8');
const ENOUGH = 4.5;

/** The colour tokens of a theme, `--name` without dashes to `#rrggbb`. */
function tokensOf(theme: 'dark' | 'light'): ReadonlyMap<string, string> {
  const block = new RegExp(`data-theme='${theme}'\\] \\{([^}]*)\\}`).exec(CSS)?.[1] ?? '';
  return new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] as string, match[2] as string]),
  );
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const PAIRS: readonly (readonly [text: string, on: string])[] = [
  ...['text', 'text-2', 'text-3', 'accent', 'tls', 'note', 'ok'].flatMap((text) =>
    ['bg', 'panel', 'raised', 'sel'].map((on) => [text, on] as const),
  ),
  ...['text', 'text-2', 'client', 'server'].flatMap((text) =>
    SEVERITIES.map((severity) => [text, `${severity}-bg`] as const),
  ),
  ...['client', 'server'].map((text) => [text, 'bg'] as const),
  ...SEVERITIES.flatMap(
    (severity) =>
      [
        [severity, `${severity}-bg`],
        [`${severity}-ink`, severity],
        [severity, 'panel'],
      ] as const,
  ),
  ['accent-ink', 'accent'],
  ['accent', 'accent-bg'],
];

describe.each(['dark', 'light'] as const)('the %s theme', (theme) => {
  it('gives every text at least 4.5:1 on every ground it stands on', () => {
    const tokens = tokensOf(theme);
    const value = (name: string): string => tokens.get(name) ?? `missing ${name}`;
    const short = PAIRS.filter(([text, on]) => !(contrast(value(text), value(on)) >= ENOUGH)).map(
      ([text, on]) => `${text} on ${on}`,
    );
    expect(short).toEqual([]);
  });
});
