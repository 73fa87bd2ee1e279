/** A terminal and an inspector for testing the command line without files, threads or a screen. */
import type { PipelineSink, SessionHandle } from '../../engine/index.js';
import type { WriterState } from '../../cli/fd-writer.js';
import type { Inspector, InspectRequest, Output, Terminal } from '../../cli/host.js';
import { profilePolicy } from '../../engine/policy/profiles.js';
import { ConnectionFacts } from '../../engine/protocols/facts.js';
import type { Problem, Totals } from '../../shared/inspection.js';
import type { ProtectionDescription } from '../../shared/protection.js';
import type { SessionSummary } from '../../shared/session.js';
import type { Violation } from '../../shared/violation.js';
import { totals } from '../report/report-samples.js';

export class TextOutput implements Output {
  state: WriterState = 'open';
  text = '';
  write(text: string): void {
    if (this.state === 'open') this.text += text;
  }
  flush(): void {
    // Everything is in `text` already.
  }
}

export interface FakeTerminal extends Terminal {
  readonly out: TextOutput;
  readonly err: TextOutput;
}

export function fakeTerminal(change: Partial<Omit<FakeTerminal, 'out' | 'err'>> = {}): FakeTerminal {
  return {
    out: new TextOutput(),
    err: new TextOutput(),
    outIsTerminal: false,
    errIsTerminal: false,
    columns: 80,
    noColour: false,
    stop: new AbortController().signal,
    version: '1.2.3',
    ...change,
  };
}

/** What the inspector finds in a capture. */
export interface FakeCapture {
  readonly sessions?: readonly { readonly session: SessionSummary; readonly violations: readonly Violation[] }[];
  readonly totals?: Totals;
  readonly problem?: Problem;
  /** Called while the capture is inspected. */
  readonly meanwhile?: () => void;
}

export interface FakeInspector extends Inspector {
  readonly requests: { readonly path: string; readonly request: InspectRequest }[];
}

export const MISSING: Problem = { code: 'not-found', message: 'there is no such file', hint: 'Check the name.' };

export function fakeInspector(captures: Readonly<Record<string, FakeCapture>> = {}): FakeInspector {
  const requests: FakeInspector['requests'] = [];
  return {
    requests,
    inspectFile: (path, request, sink) => {
      requests.push({ path, request });
      const capture = captures[path] ?? { totals: totals({ packets: 0 }), problem: MISSING };
      request.onProgress?.({ readBytes: 500, sizeBytes: 1000 });
      for (const { session, violations } of capture.sessions ?? []) close(sink, session, violations);
      capture.meanwhile?.();
      return Promise.resolve({
        totals: capture.totals ?? totals(),
        problem: capture.problem ?? null,
        cancelled: request.signal.aborted,
      });
    },
    profiles: ['modern', 'strict'],
    profilePolicy: (name) => ({ ...profilePolicy('modern'), name }),
    parsePolicy: (text, name) => {
      if (text !== '{}')
        throw Object.assign(new Error(`Policy ${name} at protections: found 1, allowed is an object.`), {
          hint: 'See mailscope protections.',
        });
      return { ...profilePolicy('modern'), name };
    },
    describeProtections: () => [PROTECTION],
  };
}

function close(sink: PipelineSink, session: SessionSummary, violations: readonly Violation[]): void {
  const handle: SessionHandle = {
    id: session.id,
    version: 1,
    isOver: true,
    identity: session,
    facts: new ConnectionFacts('smtp'),
    summary: () => session,
    outlineIdentity: (into) => into.takeIdentity(session),
    outline: (into) => into.take(session, 23),
    violations: () => violations,
    stretch: { firstByte: 0, lastByte: 1, firstPacket: 1, lastPacket: 23 },
  };
  sink.sessionClosed?.(handle);
}

export const PROTECTION: ProtectionDescription = {
  id: 'smtp-bad-greeting',
  title: 'Bad SMTP Server Greeting',
  protocols: ['smtp'],
  family: 'smtp',
  attackName: 'SMTP Policy Violation',
  attackInfo: 'Server reply out of expected SMTP state',
  why: 'w',
  sources: [],
  references: [],
  severity: 'medium',
  confidence: 90,
  remedy: 'r',
  defaultAction: 'detect',
  settings: [
    {
      kind: 'number',
      name: 'max_wait',
      title: 'Wait for the greeting',
      unit: 'seconds',
      default: 300,
      minimum: 1,
      maximum: 86_400,
      reason: 'Five minutes.',
    },
    {
      kind: 'choice',
      name: 'refusal',
      title: 'A refusal',
      default: 'info',
      choices: ['info', 'off'],
      reason: 'The standard allows it.',
    },
  ],
};
