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

/**
 * A check that an event calls, and those after it: a chain, because a list would be two more places in memory
 * to look at for each event. No more than that takes: all of them together are to stay near the processor.
 */
export interface Call {
  readonly check: Check;
  readonly context: ReusedContext;
  /** It is called only on connections that have all of these marks. */
  readonly marks: number;
  readonly next: Call | null;
}

/** The first of those that an event calls; null for none. */
type Chain = Call | null;

/** More words than the protocols' tables have: beyond it choices are made anew each time. */
const WORDS_KEPT = 512;
/** Numbers of words are below this. */
const NUMBERS = 256;

export class HandlerTable {
  /** Class of the line that `of` was asked for last; above 0 for a plain one. */
  lineClass = 0;
  private readonly handlers: Handler[] = [];
  /** Choices by the number of the event's word, which finds them quickest; -1 is none. */
  private readonly byNumber: ((Chain | undefined)[] | undefined)[] = [];
  private readonly byWord: (Map<string, Chain> | undefined)[] = [];
  private isEmpty = true;
  /** All that were ever chosen, each once; chains that end alike share their end. */
  private readonly calls: Call[] = [];
  private hasShapes = false;
  private readonly isCommands: boolean;
  private readonly isReplies: boolean;

  constructor(private readonly kind: EventKind) {
    this.isCommands = kind === EVENT.command || kind === EVENT.partialCommand;
    this.isReplies = kind === EVENT.reply;
  }

  add(handler: Handler): void {
    this.isEmpty = false;
    this.handlers.push(handler);
    this.hasShapes ||= handler.hears !== null;
  }

  /** Those that want the event. */
  of(event: ProtocolEvent): Chain {
    if (this.isEmpty) return null;
    // Each reads events of few shapes, which is what makes it quick.
    if (this.isCommands) return this.ofCommand(event as CommandEvent);
    return this.isReplies ? this.ofReply(event as ReplyEvent) : this.ofOther(event);
  }

  private ofCommand(event: CommandEvent): Chain {
    const line = this.hasShapes ? lineClass(event) : 0;
    this.lineClass = line;
    const group = (event.knowledge * 2 + (event.provisional ? 1 : 0)) * LINE_CLASSES + line;
    const known = this.known(group, event.verbNumber);
    if (known !== undefined) return known;
    const shape = commandShape(this.kind, this.hasShapes ? event.verb : '', line);
    return this.find(group, event.verbNumber, shape, event.knowledge, event.provisional);
  }

  private ofReply(event: ReplyEvent): Chain {
    const outcome = outcomeClass(event);
    const group = event.knowledge * OUTCOME_CLASSES + outcome;
    const known = this.known(group, event.answersNumber);
    if (known !== undefined) return known;
    const shape = otherShape(this.kind, this.hasShapes ? event.answers : '', outcome);
    return this.find(group, event.answersNumber, shape, event.knowledge, false);
  }

  private ofOther(event: ProtocolEvent): Chain {
    const word = event.kind === EVENT.login ? event.phase : '';
    const number = word === '' ? 0 : word === 'attempt' ? 1 : 2;
    const known = this.known(event.knowledge, number);
    if (known !== undefined) return known;
    return this.find(event.knowledge, number, otherShape(this.kind, word, -1), event.knowledge, false);
  }

  /** What was chosen for the word of this number; undefined when no choice was made. */
  private known(group: number, number: number): Chain | undefined {
    const chains = this.byNumber[group];
    return chains === undefined || number < 0 || number >= NUMBERS ? undefined : chains[number];
  }

  private find(
    group: number,
    number: number,
    shape: EventShape,
    knowledge: KnowledgeLevel,
    isProvisional: boolean,
  ): Chain {
    const words = (this.byWord[group] ??= new Map<string, Chain>());
    let chosen = words.get(shape.word);
    if (chosen === undefined) {
      chosen = this.choose(shape, knowledge, isProvisional);
      if (words.size < WORDS_KEPT) words.set(shape.word, chosen);
    }
    if (number >= 0 && number < NUMBERS) {
      const chains = (this.byNumber[group] ??= new Array<Chain | undefined>(NUMBERS).fill(undefined));
      chains[number] = chosen;
    }
    return chosen;
  }

  private choose(shape: EventShape, knowledge: KnowledgeLevel, isProvisional: boolean): Chain {
    let chain: Chain = null;
    for (let i = this.handlers.length - 1; i >= 0; i--) {
      const handler = this.handlers[i] as Handler;
      if (knowledge < handler.minimumKnowledge || (isProvisional && !handler.hearsProvisional)) continue;
      const heed = handler.hears === null ? 'always' : handler.hears(shape);
      if (heed !== 'never') chain = this.callOf(handler, marksOf(heed, handler.context), chain);
    }
    return chain;
  }

  private callOf({ check, context }: Handler, marks: number, next: Chain): Call {
    const known = this.calls.find(
      (call) => call.check === check && call.context === context && call.marks === marks && call.next === next,
    );
    if (known !== undefined) return known;
    const call = { check, context, marks, next };
    this.calls.push(call);
    return call;
  }
}

function marksOf(heed: Heed, context: ReusedContext): number {
  if (heed === 'before-reply') return BEFORE_REPLY;
  return heed === 'noted' ? context.mark : 0;
}
