/** Sessions made by hand for the tests of store and views: handles whose values a test changes. */
import type { CaptureStretch, SessionHandle } from '../../engine/index.js';
import { ConnectionFacts } from '../../engine/protocols/facts.js';
import type { SessionOutline } from '../../engine/outline.js';
import type { SessionSummary } from '../../shared/session.js';
import type { Severity, SeverityCounts } from '../../shared/severity.js';
import { SEVERITIES, SEVERITY_RANK } from '../../shared/severity.js';
import type { Violation } from '../../shared/violation.js';

export function makeSummary(id: number, changes: Partial<SessionSummary> = {}): SessionSummary {
  return {
    id,
    protocol: 'smtp',
    client: { address: '198.51.100.7', port: 40_000 + (id % 20_000) },
    server: { address: '10.0.0.25', port: 25 },
    startUs: id * 1_000_000,
    endUs: id * 1_000_000 + 5000,
    end: 'closed',
    knowledge: 'synced',
    tls: 'none',
    tlsVersion: '',
    sni: '',
    helo: 'client.example',
    user: '',
    mailFrom: '',
    rcptTo: '',
    rcptCount: 0,
    messages: 0,
    commands: 3,
    lastReply: '221 bye',
    packetsToServer: 5,
    packetsToClient: 5,
    bytesToServer: 100,
    bytesToClient: 200,
    gaps: 0,
    missingBytes: 0,
    worst: null,
    violations: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
    tags: [],
    vlan: [],
    ...changes,
  };
}

export function makeViolation(sessionId: number, protection: string, changes: Partial<Violation> = {}): Violation {
  return {
    id: 0,
    sessionId,
    protection,
    title: protection,
    attackName: 'Attack',
    attackInfo: protection,
    severity: 'medium',
    confidence: 90,
    knowledge: 'synced',
    timeUs: sessionId * 1_000_000,
    packet: sessionId,
    direction: 'to_server',
    offset: 0,
    length: 10,
    line: 2,
    measured: null,
    limit: null,
    unit: '',
    count: 1,
    state: 'GREETED',
    evidence: 'XYZZY',
    detail: 'It fired.',
    action: 'detect',
    also: [],
    remedy: '',
    references: [],
    protocol: 'smtp',
    client: { address: '198.51.100.7', port: 40_000 },
    server: { address: '10.0.0.25', port: 25 },
    ...changes,
  };
}

/** A connection whose summary and violations the test sets. */
export class MadeSession implements SessionHandle {
  readonly id: number;
  version = 0;
  isOver = false;
  readonly facts = new ConnectionFacts('smtp');
  stretch: CaptureStretch = { firstByte: 24, lastByte: 1024, firstPacket: 1, lastPacket: 10 };
  #summary: SessionSummary;
  #violations: readonly Violation[] = [];

  constructor(id: number, changes: Partial<SessionSummary> = {}) {
    this.id = id;
    this.#summary = makeSummary(id, changes);
  }

  get identity(): SessionSummary {
    return this.#summary;
  }

  change(changes: Partial<SessionSummary>): this {
    this.#summary = { ...this.#summary, ...changes };
    this.version++;
    return this;
  }

  find(...violations: readonly Violation[]): this {
    this.#violations = violations;
    return this.change({ worst: worst(violations), violations: counts(violations) });
  }

  summary(): SessionSummary {
    return { ...this.#summary };
  }

  outlineIdentity(into: SessionOutline): void {
    into.takeIdentity(this.#summary);
  }

  outline(into: SessionOutline): void {
    into.take(this.#summary, this.stretch.lastPacket);
  }

  violations(): readonly Violation[] {
    return this.#violations.map((violation) => ({ ...violation }));
  }
}

function worst(violations: readonly Violation[]): Severity | null {
  return violations.reduce<Severity | null>(
    (found, { severity }) => (found === null || SEVERITY_RANK[severity] > SEVERITY_RANK[found] ? severity : found),
    null,
  );
}

function counts(violations: readonly Violation[]): SeverityCounts {
  const of = (severity: Severity): number => violations.filter((violation) => violation.severity === severity).length;
  return Object.fromEntries(SEVERITIES.map((severity) => [severity, of(severity)])) as SeverityCounts;
}
