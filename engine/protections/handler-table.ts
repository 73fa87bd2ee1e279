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
  /** It is called only on connections that have all of these marks. */
  readonly marks: number;
}

/** More words than the protocols' tables have: beyond it choices are made anew each time. */
const WORDS_KEPT = 512;
const NO_HANDLERS: readonly Handler[] = [];

export class HandlerTable {
  /** Class of the line that `of` was asked for last; above 0 for a plain one. */
  lineClass = 0;
  private readonly handlers: Handler[] = [];
  private readonly byWord: (Map<string, readonly Handler[]> | undefined)[] = [];
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
  of(event: ProtocolEvent): readonly Handler[] {
    if (this.handlers.length === 0) return NO_HANDLERS;
    // Each reads events of few shapes, which is what makes it quick.
    if (this.isCommands) return this.ofCommand(event as CommandEvent);
    return this.isReplies ? this.ofReply(event as ReplyEvent) : this.ofOther(event);
  }

  private ofCommand(event: CommandEvent): readonly Handler[] {
    const line = this.hasShapes ? lineClass(event) : 0;
    this.lineClass = line;
    const word = this.hasShapes ? event.verb : '';
    const group = (event.knowledge * 2 + (event.provisional ? 1 : 0)) * LINE_CLASSES + line;
    const known = this.byWord[group]?.get(word);
    if (known !== undefined) return known;
    return this.choose(group, commandShape(this.kind, word, line), event.knowledge, event.provisional);
  }

  private ofReply(event: ReplyEvent): readonly Handler[] {
    const outcome = outcomeClass(event);
    const word = this.hasShapes ? event.answers : '';
    const group = event.knowledge * OUTCOME_CLASSES + outcome;
    const known = this.byWord[group]?.get(word);
    if (known !== undefined) return known;
    return this.choose(group, otherShape(this.kind, word, outcome), event.knowledge, false);
  }

  private ofOther(event: ProtocolEvent): readonly Handler[] {
    const word = event.kind === EVENT.login ? event.phase : '';
    const group = event.knowledge;
    const known = this.byWord[group]?.get(word);
    if (known !== undefined) return known;
    return this.choose(group, otherShape(this.kind, word, -1), event.knowledge, false);
  }

  private choose(
    group: number,
    shape: EventShape,
    knowledge: KnowledgeLevel,
    isProvisional: boolean,
  ): readonly Handler[] {
    const chosen: Handler[] = [];
    for (const handler of this.handlers) {
      if (knowledge < handler.minimumKnowledge || (isProvisional && !handler.hearsProvisional)) continue;
      const heed = handler.hears === null ? 'always' : handler.hears(shape);
      if (heed !== 'never') chosen.push({ ...handler, marks: marksOf(heed, handler.context) });
    }
    const lists = (this.byWord[group] ??= new Map<string, readonly Handler[]>());
    if (lists.size < WORDS_KEPT) lists.set(shape.word, chosen);
    return chosen;
  }
}

function marksOf(heed: Heed, context: ReusedContext): number {
  if (heed === 'before-reply') return BEFORE_REPLY;
  return heed === 'noted' ? context.mark : 0;
}
