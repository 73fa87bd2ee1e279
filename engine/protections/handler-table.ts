/**
 * Which checks an event calls. In: the handlers of one kind of event, in the order of the policy. Out: those
 * that want this event, by its knowledge and, where a kind has them, its verb or what it answers. Each
 * choice is made once and kept; verbs come from the protocols' tables, so there are few.
 */
import { EVENT, type KnowledgeLevel, type ProtocolEvent } from '../protocols/events.js';
import type { ReusedContext } from './reused-context.js';

export type Check = (event: ProtocolEvent, context: ReusedContext) => void;

export interface Handler {
  readonly context: ReusedContext;
  readonly check: Check;
  readonly minimumKnowledge: KnowledgeLevel;
  readonly hearsProvisional: boolean;
  /** Null: it wants every verb, or what it wants has none. */
  readonly hearsWord: ((word: string) => boolean) | null;
}

/** More words than the protocols' tables have: beyond it choices are made anew each time. */
const WORDS_KEPT = 512;

export class HandlerTable {
  private readonly handlers: Handler[] = [];
  private readonly byWord: Map<string, readonly Handler[]>[] = [];
  private hasWords = false;

  add(handler: Handler): void {
    this.handlers.push(handler);
    this.hasWords ||= handler.hearsWord !== null;
  }

  /** Those that want the event. */
  of(event: ProtocolEvent): readonly Handler[] {
    if (this.handlers.length === 0) return this.handlers;
    const isProvisional = isCommand(event) && event.provisional;
    const group = event.knowledge * 2 + (isProvisional ? 1 : 0);
    const word = this.hasWords ? wordOf(event) : '';
    return this.byWord[group]?.get(word) ?? this.choose(group, word, event.knowledge, isProvisional);
  }

  private choose(group: number, word: string, knowledge: KnowledgeLevel, isProvisional: boolean): readonly Handler[] {
    const chosen = this.handlers.filter(
      (handler) =>
        knowledge >= handler.minimumKnowledge &&
        (!isProvisional || handler.hearsProvisional) &&
        (handler.hearsWord === null || handler.hearsWord(word)),
    );
    const lists = (this.byWord[group] ??= new Map<string, readonly Handler[]>());
    if (lists.size < WORDS_KEPT) lists.set(word, chosen);
    return chosen;
  }
}

function isCommand(event: ProtocolEvent): event is ProtocolEvent & { readonly provisional: boolean } {
  return event.kind === EVENT.command || event.kind === EVENT.partialCommand;
}

function wordOf(event: ProtocolEvent): string {
  if (event.kind === EVENT.command || event.kind === EVENT.partialCommand) return event.verb;
  return event.kind === EVENT.reply ? event.answers : '';
}
