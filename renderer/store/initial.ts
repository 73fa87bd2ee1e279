/** What the screens show before the main process has said anything. */
import type { InspectionStatus, Totals } from '../../shared/inspection.js';
import type { Settings } from '../../shared/ipc.js';

export const NO_TOTALS: Totals = {
  packets: 0,
  bytes: 0,
  sessions: 0,
  discardedSessions: 0,
  violations: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
  violationsByProtection: {},
  sessionsByProtocol: {},
  gaps: 0,
  missingBytes: 0,
  sessionsWithGaps: 0,
  droppedPackets: null,
  decoded: {},
  notDecoded: {},
  bounded: {},
  firstPacketUs: null,
  lastPacketUs: null,
};

export const IDLE: InspectionStatus = {
  phase: 'idle',
  path: '',
  name: '',
  sizeBytes: 0,
  readBytes: 0,
  totals: NO_TOTALS,
  problem: null,
  policy: { name: '', active: 0, total: 0 },
  views: [],
};

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  sessionColumns: [],
  sessionColumnWidths: {},
  panels: {},
  captureEngine: 'auto',
  ringFileMebibytes: 256,
  ringFiles: 16,
  notifyFrom: 'high',
};
