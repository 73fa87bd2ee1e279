/**
 * Plays a transcript to a dialogue, cut as wished, and records what it says.
 * In: a transcript, a cut, a function that makes the dialogue. Out: copied
 * events, wire lines, transactions, the facts.
 *
 * Lines of one direction that follow each other are one packet, whatever the
 * cut: so packet numbers and times are the same in every replay.
 */
import type { MailTransaction } from '../../shared/transaction.js';
import type { Dialogue, DialogueContext, WireListener } from '../../engine/protocols/dialogue.js';
import { TO_CLIENT, TO_SERVER, type Direction } from '../../engine/protocols/events.js';
import { ConnectionFacts } from '../../engine/protocols/facts.js';
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import { displayText } from '../../engine/text/display.js';
import { copyEvent, settleEvents, type CopiedEvent } from './describe-event.js';
import type { Step, Transcript } from './transcript-file.js';

/** `whole`: a chunk per packet; `bytes`: a chunk per octet; else chunk sizes, used in turn. */
export type CutMode = 'whole' | 'bytes' | { readonly sizes: readonly number[] };
export type DialogueFactory = (context: DialogueContext) => Dialogue;

export interface Replay {
  /** Settled (see `settleEvents`): the same for every cut. */
  readonly events: readonly CopiedEvent[];
  /** What the wire listener heard, one line each. Empty unless asked for. */
  readonly wire: readonly string[];
  readonly transactions: readonly Omit<MailTransaction, 'sessionId'>[];
  readonly facts: ConnectionFacts;
}

export const FIRST_PACKET_US = 1_700_000_000_000_000;

export function replay(
  transcript: Transcript,
  cut: CutMode,
  factory: DialogueFactory,
  options: { readonly wire?: boolean } = {},
): Replay {
  const facts = new ConnectionFacts(transcript.protocol);
  const position = { timeUs: FIRST_PACKET_US, packet: 0 };
  const events: CopiedEvent[] = [];
  const transactions: Omit<MailTransaction, 'sessionId'>[] = [];
  const wire = new WireRecorder();
  const dialogue = factory({
    limits: DEFAULT_LIMITS,
    facts,
    position,
    events: { emit: (event) => void events.push(copyEvent(event)) },
    wire: options.wire ? wire : null,
    transaction: (transaction) => void transactions.push(transaction.summary(0)),
    fromStart: transcript.fromStart,
    isMissing: (direction) => transcript.missing[direction],
  });
  const offsets = [0, 0];
  for (const packet of packetsOf(transcript.steps)) {
    position.packet++;
    position.timeUs += 1000 + packet.waitUs;
    if (packet.gapBytes > 0) dialogue.gap(packet.direction, offsets[packet.direction] as number, packet.gapBytes);
    else deliver(dialogue, packet, offsets[packet.direction] as number, cut);
    offsets[packet.direction] = (offsets[packet.direction] as number) + packet.gapBytes + packet.octets.length;
  }
  dialogue.end();
  return { events: settleEvents(events), wire: wire.lines, transactions, facts };
}

/** Octets (or a gap) of one direction, sent at once. */
export interface Packet {
  direction: Direction;
  octets: Uint8Array;
  gapBytes: number;
  waitUs: number;
}

/** The packets of a conversation, in order. */
export function packetsOf(steps: readonly Step[]): Packet[] {
  const packets: Packet[] = [];
  let waitUs = 0;
  let joins = false;
  for (const step of steps) {
    const last = packets.at(-1);
    if (step.kind === 'packet') {
      waitUs += step.waitUs;
      joins = false;
    } else if (step.kind === 'gap') {
      packets.push({ direction: step.direction, octets: new Uint8Array(0), gapBytes: step.lengthBytes, waitUs });
      waitUs = 0;
      joins = false;
    } else if (joins && last && last.direction === step.direction) {
      last.octets = Uint8Array.from([...last.octets, ...step.octets]);
    } else {
      packets.push({ direction: step.direction, octets: step.octets, gapBytes: 0, waitUs });
      waitUs = 0;
      joins = true;
    }
  }
  return packets;
}

/** Every chunk lies in a buffer of its own that is overwritten afterwards: nobody may keep a borrowed octet. */
function deliver(dialogue: Dialogue, packet: Packet, offset: number, cut: CutMode): void {
  const total = packet.octets.length;
  for (let done = 0, turn = 0; done < total; turn++) {
    const size = Math.min(total - done, chunkSize(cut, turn, total));
    const padding = turn % 3;
    const buffer = new Uint8Array(padding + size + 2).fill(0x21);
    buffer.set(packet.octets.subarray(done, done + size), padding);
    dialogue.data(packet.direction, buffer, padding, padding + size, offset + done);
    buffer.fill(0x3f);
    done += size;
  }
}

function chunkSize(cut: CutMode, turn: number, total: number): number {
  if (cut === 'whole') return total;
  if (cut === 'bytes') return 1;
  return Math.max(1, cut.sizes[turn % cut.sizes.length] ?? 1);
}

class WireRecorder implements WireListener {
  readonly lines: string[] = [];
  private readonly blobs = new Map<number, number>();

  line: WireListener['line'] = (line) => {
    const arrow = line.direction === TO_SERVER ? '->' : '<-';
    const secret =
      line.secretEnd > line.secretStart
        ? ` <${line.secretLabel} ${line.secretStart - line.start}..${line.secretEnd - line.start}>`
        : '';
    const text = displayText(line.buffer, line.start, line.end, 80);
    this.lines.push(`${line.line} ${arrow} ${line.role} ${text}${secret}`);
  };
  blob: WireListener['blob'] = (_direction, what, line, _buffer, start, end, _offset, last) => {
    const bytes = (this.blobs.get(line) ?? 0) + end - start;
    this.blobs.set(line, bytes);
    if (last) this.lines.push(`${line} ${what} ${bytes}`);
  };
  gap: WireListener['gap'] = (direction, _offset, lengthBytes) =>
    void this.lines.push(`gap ${direction === TO_CLIENT ? 'S' : 'C'} ${lengthBytes}`);
  tls: WireListener['tls'] = (direction, offset) =>
    void this.lines.push(`tls ${direction === TO_CLIENT ? 'S' : 'C'} ${offset}`);
  note: WireListener['note'] = (text) => void this.lines.push(`note ${text}`);
}
