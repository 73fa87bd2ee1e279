/** What the capture helper says, one JSON object a line, and the ear for it. Other lines are libpcap's own chatter. */
import type { CaptureDevice, CaptureStatistics } from './capture-engine.js';
import type { ProgramEar, ToldError } from './child-capture.js';

export type CapAnswer =
  | { readonly kind: 'filter' | 'error' | 'not-loaded'; readonly text: string }
  | { readonly kind: 'probe'; readonly canOpen: boolean; readonly devices: readonly CaptureDevice[] };

const LINE_LIMIT = 65_536;

/** The helper's answers in a text; lines that are none are left out. */
export function capAnswers(text: string): readonly CapAnswer[] {
  return text.split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return isAnswer(value) ? [value] : [];
    } catch {
      return [];
    }
  });
}

function isAnswer(value: unknown): value is CapAnswer {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'probe') return 'canOpen' in value && 'devices' in value && Array.isArray(value.devices);
  return 'text' in value && typeof value.text === 'string';
}

export class CapEar implements ProgramEar {
  told: ToldError | null = null;
  private rest = '';

  push(chunk: Uint8Array): void {
    const text = this.rest + Buffer.from(chunk).toString('utf8');
    const end = text.lastIndexOf('\n') + 1;
    this.rest = text.slice(end).slice(0, LINE_LIMIT);
    for (const answer of capAnswers(text.slice(0, end))) {
      if (answer.kind === 'probe') continue;
      this.told ??= { kind: answer.kind === 'filter' ? 'filter' : 'error', text: answer.text };
    }
  }

  /** cap counts nothing: not known is not zero. */
  statistics(): CaptureStatistics {
    return { received: null, dropped: null };
  }
}
