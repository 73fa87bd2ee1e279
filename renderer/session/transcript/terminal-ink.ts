/**
 * The terminal's colours are the theme's tokens: each has its place in the
 * 256-colour palette from 16 up, so a change of theme changes the palette and
 * nothing has to be written again.
 */
import type { ITheme } from '@xterm/xterm';
import { SEVERITIES } from '../../../shared/severity.js';

const PLAIN_INKS = ['text', 'text-2', 'text-3', 'client', 'server', 'tls', 'note', 'accent'] as const;
const SEVERITY_INKS = SEVERITIES.flatMap((severity) => [severity, `${severity}-bg`, `${severity}-ink`] as const);
const INKS: readonly Ink[] = [...PLAIN_INKS, ...SEVERITY_INKS];

/** Name of a colour token without its dashes. */
export type Ink = (typeof PLAIN_INKS)[number] | (typeof SEVERITY_INKS)[number];

const FIRST = 16;

/** Palette number of a token. */
export function inkNumber(ink: Ink): number {
  return FIRST + INKS.indexOf(ink);
}

/** The palette as the document's current theme has it. */
export function terminalTheme(root: Element): ITheme {
  const style = getComputedStyle(root);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    background: token('bg'),
    foreground: token('text'),
    cursor: token('bg'),
    selectionBackground: token('selection'),
    selectionInactiveBackground: token('selection'),
    // Translucent, because the marks of findings lie below it.
    scrollbarSliderBackground: `${token('scroll')}80`,
    scrollbarSliderHoverBackground: `${token('scroll-hover')}80`,
    scrollbarSliderActiveBackground: `${token('scroll-hover')}80`,
    // Transparent: the ruler's edge would cut the tinted rows.
    overviewRulerBorder: token('none'),
    extendedAnsi: INKS.map(token),
  };
}
