/**
 * Every command argument and every decoded response of the public mail
 * captures, and whether code is seen in it. Skipped when they are absent.
 */
import { expect, describe, it, vi } from 'vitest';
import { isMachineCode, type CodeKind } from '../../engine/machine-code/index.js';
import { EVENT, type ProtocolEvent } from '../../engine/protocols/events.js';
import { JudgedConnection } from '../../engine/protections/run.js';
import { inspectOctets } from '../captures/inspect-octets.js';
import { captureNames, capturePath, hasRealCaptures, readCapture } from '../captures/real-captures.js';
import { inWords, verdictOn } from './octets.js';

/** PROTECTIONS: shorter arguments are not looked at. */
const LEAST = 24;

interface Seen {
  examined: number;
  readonly alarms: string[];
}

function examine(content: Uint8Array, kind: CodeKind, seen: Seen): void {
  if (content.length < LEAST) return;
  seen.examined++;
  const verdict = verdictOn(content, kind);
  if (verdict !== null && isMachineCode(verdict)) seen.alarms.push(`${kind}: ${inWords(verdict)}`);
}

function examineEvent(event: ProtocolEvent, seen: Seen): void {
  if (event.kind === EVENT.command || event.kind === EVENT.partialCommand) {
    examine(Uint8Array.from(event.buffer.subarray(event.argumentStart, event.end)), 'argument', seen);
  } else if (event.kind === EVENT.authStep && event.decoded !== null) {
    examine(Uint8Array.from(event.decoded), 'decoded-auth', seen);
  }
}

type Emit = (this: JudgedConnection, event: ProtocolEvent) => void;

function originalEmit(): Emit {
  return Object.getOwnPropertyDescriptor(JudgedConnection.prototype, 'emit')?.value as Emit;
}

/** Inspects a capture and looks at all that its dialogues say. */
function examineCapture(name: string): Seen {
  const seen: Seen = { examined: 0, alarms: [] };
  const emit = originalEmit();
  const spy = vi.spyOn(JudgedConnection.prototype, 'emit').mockImplementation(function see(
    this: JudgedConnection,
    event: ProtocolEvent,
  ) {
    examineEvent(event, seen);
    emit.call(this, event);
  });
  inspectOctets(readCapture(capturePath('mail', name)));
  spy.mockRestore();
  return seen;
}

describe.skipIf(!hasRealCaptures)('real captures', () => {
  it('hold no machine code in commands and responses, of which there are many', () => {
    let examined = 0;
    const alarms = captureNames('mail').flatMap((name) => {
      const seen = examineCapture(name);
      examined += seen.examined;
      return seen.alarms.map((alarm) => `${name}: ${alarm}`);
    });
    expect(alarms).toEqual([]);
    expect(examined).toBeGreaterThan(100);
  }, 120_000);
});
