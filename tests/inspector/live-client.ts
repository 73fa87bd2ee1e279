/** An inspector's client that captures, and waiting for what it says. */
import { onTestFinished } from 'vitest';
import { InspectorClient } from '../../inspector/client.js';
import type { CaptureRequest } from '../../shared/capture.js';
import type { InspectionStatus, ViewSpec } from '../../shared/inspection.js';
import type { SessionSummary } from '../../shared/session.js';
import type { TranscriptPage } from '../../shared/transcript.js';
import type { Violation } from '../../shared/violation.js';
import { buildWorker, type BuiltWorker } from './built-worker.js';

export interface BuiltWorkers {
  readonly inspector: BuiltWorker;
  readonly capture: BuiltWorker;
}

export async function buildWorkers(): Promise<BuiltWorkers> {
  const [inspector, capture] = await Promise.all([buildWorker(), buildWorker('capture/worker.ts')]);
  return { inspector, capture };
}

export function removeWorkers({ inspector, capture }: BuiltWorkers): void {
  inspector.remove();
  capture.remove();
}

const SESSIONS: ViewSpec = { kind: 'sessions', sort: { column: 'time', descending: false }, search: '' };
const VIOLATIONS: ViewSpec = { kind: 'violations', sort: { column: 'time', descending: false }, search: '' };

export interface LiveClient {
  readonly client: InspectorClient;
  readonly statuses: readonly InspectionStatus[];
  /** Resolves with the first status, from now on or the present one, that is so. */
  until(isSo: (status: InspectionStatus) => boolean): Promise<InspectionStatus>;
  sessions(): Promise<readonly SessionSummary[]>;
  /** Without their numbers, which say in which order they became known. */
  violations(): Promise<readonly Omit<Violation, 'id'>[]>;
}

export function liveClient({ inspector, capture }: BuiltWorkers, capHelper = ''): LiveClient {
  const statuses: InspectionStatus[] = [];
  const waiting = new Set<() => void>();
  const client = new InspectorClient({
    workerFile: inspector.file,
    captureWorkerFile: capture.file,
    capHelper: { file: process.execPath, args: [capHelper] },
    policy: { profile: 'modern' },
    onStatus: (status) => {
      statuses.push(status);
      for (const wake of waiting) wake();
    },
  });
  onTestFinished(async () => {
    await client.stopLive();
    client.close();
  });
  return {
    client,
    statuses,
    until: (isSo) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!isSo(client.status)) return;
          waiting.delete(look);
          resolve(client.status);
        };
        waiting.add(look);
        look();
      }),
    sessions: async () => {
      const { viewId } = await client.openView(SESSIONS);
      const rows = await client.rows(viewId, 0, 10_000);
      await client.closeView(viewId);
      return rows.kind === 'sessions' ? rows.rows : [];
    },
    violations: async () => {
      const { viewId } = await client.openView(VIOLATIONS);
      const rows = await client.rows(viewId, 0, 10_000);
      await client.closeView(viewId);
      return rows.kind === 'violations' ? rows.rows.map(({ id: _id, ...violation }) => violation) : [];
    },
  };
}

/** A transcript without the numbers of its findings. */
export function unnumbered({ items }: TranscriptPage): unknown[] {
  return items.map((item) => ('findings' in item ? { ...item, findings: item.findings.length } : item));
}

export function request(folder: string, changes: Partial<CaptureRequest> = {}): CaptureRequest {
  return {
    interfaceName: 'lo',
    engine: 'dumpcap',
    filter: '',
    promiscuous: false,
    ring: { fileBytes: 0, files: 0, fileSeconds: 0 },
    folder,
    ...changes,
  };
}
