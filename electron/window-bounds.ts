/** Remembers where the window was; a place that no screen shows any more is not used. */
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from './json-file.js';

const BOUNDS = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  maximized: z.boolean(),
});
export type WindowBounds = z.infer<typeof BOUNDS>;

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Smallest strip of a window that must be on a screen, so that it can be moved. */
const VISIBLE = 100;

export function readBounds(path: string, screens: readonly Area[]): WindowBounds | null {
  const bounds = readJsonFile(path, BOUNDS);
  return bounds !== null && screens.some((screen) => shows(screen, bounds)) ? bounds : null;
}

export function writeBounds(path: string, bounds: WindowBounds): void {
  writeJsonFile(path, bounds);
}

function shows(screen: Area, bounds: Area): boolean {
  const across = Math.min(screen.x + screen.width, bounds.x + bounds.width) - Math.max(screen.x, bounds.x);
  const down = Math.min(screen.y + screen.height, bounds.y + bounds.height) - Math.max(screen.y, bounds.y);
  return across >= VISIBLE && down >= VISIBLE;
}
