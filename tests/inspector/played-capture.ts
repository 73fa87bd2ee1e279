/**
 * Stands in for dumpcap where nothing may be captured: a program of that name,
 * first in the PATH, whose packets a test writes to a file as it goes on.
 */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface PlayedCapture {
  /** Empty, for spools; removed in the end. */
  readonly folder: string;
  /** More of what is captured. */
  play(octets: Uint8Array): void;
}

/** `refusal`: what it says instead of capturing. */
export function playedCapture(refusal = ''): PlayedCapture {
  const folder = mkdtempSync(join(tmpdir(), 'mailscope-played-'));
  const programs = join(folder, 'programs');
  const stream = join(folder, 'stream');
  mkdirSync(programs);
  writeFileSync(stream, '');
  const capturing = refusal === '' ? `exec tail -c +1 -f '${stream}'` : `printf '%s' '${refusal}' >&2; exit 2`;
  const script = `#!/bin/sh\ncase " $* " in *" -L "* | *" -d "*) exit 0 ;; esac\n${capturing}\n`;
  writeFileSync(join(programs, 'dumpcap'), script, { mode: 0o755 });
  const before = process.env['PATH'] ?? '';
  process.env['PATH'] = `${programs}${delimiter}${before}`;
  onTestFinished(() => {
    process.env['PATH'] = before;
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, play: (octets) => appendFileSync(stream, octets) };
}
