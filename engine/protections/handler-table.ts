/**
 * Which checks an event calls. In: the handlers of one kind of event, in the order of the policy. Out: those
 * that want this event, by its knowledge and its shape: its verb or what it answers, and what its line or its
 * outcome shows at a glance. Each choice is made once and kept; words come from the protocols' tables, so
 * there are few.
 */
import {
  EVENT,
  type CommandEvent,
  type EventKind,
  type KnowledgeLevel,
  type ProtocolEvent,
  type ReplyEvent,
} from '../protocols/events.js';
import {
  commandShape,
  LINE_CLASSES,
  lineClass,
  otherShape,
  OUTCOME_CLASSES,
  outcomeClass,
  type EventShape,
  type Heed,
} from './event-shape.js';
import { BEFORE_REPLY } from './marks.js';
import type { ReusedContext } from './reused-context.js';

export type Check = (event: ProtocolEvent, context: ReusedContext) => void;

export interface Handler {
  readonly context: ReusedContext;
  readonly check: Check;
  readonly minimumKnowledge: KnowledgeLevel;
  readonly hearsProvisional: boolean;
  /** Null: it wants events of every shape. */
  readonly hears: ((shape: EventShape) => Heed) | null;
}

/** A check that an event calls: no more than that takes, because all of them together are to stay near the processor. */
export interface Call {
  readonly check: Check;
  readonly context: ReusedContext;
  /** It is called only on connections that have all of these marks. */
  readonly marks: number;
}

/** More words than the protocols' tables have: beyond it choices are made anew each time. */
const WORDS_KEPT = 512;
/** Numbers of words are below this. */
const NUMBERS = 256;
const NO_CALLS: readonly Call[] = [];

export class HandlerTable {
  /** Class of the line that `of` was asked for last; above 0 for a plain one. */
  lineClass = 0;
  private readonly handlers: Handler[] = [];
  /** Choices by the number of the event's word, which finds them quickest; -1 is none. */
  private readonly byNumber: ((readonly Call[] | null)[] | undefined)[] = [];
  private readonly byWord: (Map<string, readonly Call[]> | undefined)[] = [];
  /** All that were ever chosen, each once. */
  private readonly calls: Call[] = [];
  private hasShapes = false;
  private readonly isCommands: boolean;
  private readonly isReplies: boolean;

  constructor(private readonly kind: EventKind) {
    this.isCommands = kind === EVENT.command || kind === EVENT.partialCommand;
    this.isReplies = kind === EVENT.reply;
  }

  add(handler: Handler): void {
    this.handlers.push(handler);
    this.hasShapes ||= handler.hears !== null;
  }

  /** Those that want the event. */
  of(event: ProtocolEvent): readonly Call[] {
    if (this.handlers.length === 0) return NO_CALLS;
    // Each reads events of few shapes, which is what makes it quick.
    if (this.isCommands) return this.ofCommand(event as CommandEvent);
    return this.isReplies ? this.ofReply(event as ReplyEvent) : this.ofOther(event);
  }

  private ofCommand(event: CommandEvent): readonly Call[] {
    const line = this.hasShapes ? lineClass(event) : 0;
    this.lineClass = line;
    const group = (event.knowledge * 2 + (event.provisional ? 1 : 0)) * LINE_CLASSES + line;
    const known = this.known(group, event.verbNumber);
    if (known !== null) return known;
    const shape = commandShape(this.kind, this.hasShapes ? event.verb : '', line);
    return this.find(group, event.verbNumber, shape, event.knowledge, event.provisional);
  }

  private ofReply(event: ReplyEvent): readonly Call[] {
    const outcome = outcomeClass(event);
    const group = event.knowledge * OUTCOME_CLASSES + outcome;
    const known = this.known(group, event.answersNumber);
    if (known !== null) return known;
    const shape = otherShape(this.kind, this.hasShapes ? event.answers : '', outcome);
    return this.find(group, event.answersNumber, shape, event.knowledge, false);
  }

  private ofOther(event: ProtocolEvent): readonly Call[] {
    const word = event.kind === EVENT.login ? event.phase : '';
    const number = word === '' ? 0 : word === 'attempt' ? 1 : 2;
    const known = this.known(event.knowledge, number);
    if (known !== null) return known;
    return this.find(event.knowledge, number, otherShape(this.kind, word, -1), event.knowledge, false);
  }

  /** What was chosen for the word of this number; null when nothing was. */
  private known(group: number, number: number): readonly Call[] | null {
    const lists = this.byNumber[group];
    return lists === undefined || number < 0 || number >= NUMBERS ? null : (lists[number] as readonly Call[] | null);
  }

  private find(
    group: number,
    number: number,
    shape: EventShape,
    knowledge: KnowledgeLevel,
    isProvisional: boolean,
  ): readonly Call[] {
    const chosen = this.byWord[group]?.get(shape.word) ?? this.choose(group, shape, knowledge, isProvisional);
    if (number >= 0 && number < NUMBERS) {
      const lists = (this.byNumber[group] ??= new Array<readonly Call[] | null>(NUMBERS).fill(null));
      lists[number] = chosen;
    }
    return chosen;
  }

  private choose(group: number, shape: EventShape, knowledge: KnowledgeLevel, isProvisional: boolean): readonly Call[] {
    const chosen: Call[] = [];
    for (const handler of this.handlers) {
      if (knowledge < handler.minimumKnowledge || (isProvisional && !handler.hearsProvisional)) continue;
      const heed = handler.hears === null ? 'always' : handler.hears(shape);
      if (heed !== 'never') chosen.push(this.callOf(handler, marksOf(heed, handler.context)));
    }
    const lists = (this.byWord[group] ??= new Map<string, readonly Call[]>());
    if (lists.size < WORDS_KEPT) lists.set(shape.word, chosen);
    return chosen;
  }

  private callOf({ check, context }: Handler, marks: number): Call {
    const known = this.calls.find((call) => call.check === check && call.context === context && call.marks === marks);
    if (known !== undefined) return known;
    const call = { check, context, marks };
    this.calls.push(call);
    return call;
  }
}

function marksOf(heed: Heed, context: ReusedContext): number {
  if (heed === 'before-reply') return BEFORE_REPLY;
  return heed === 'noted' ? context.mark : 0;
}
