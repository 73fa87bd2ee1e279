/**
 * Words in the place of a verb that a mailbox server has not to know, for POP3
 * and IMAP alike. In: the line and the word. Out: a finding, worse when the
 * connection has used several different ones.
 */
import type { CommandEvent } from '../protocols/events.js';
import type { CheckContext, Finding } from './protection.js';

/** More different ones than this are no slip of a program but somebody trying things out. */
const FEW_WORDS = 3;

/** The different unknown words of one connection, as many as decide. */
export class UnknownWords {
  private readonly words = new Set<string>();

  /** How many different ones there are with this one; a word counts once, so an unfinished line may say it too. */
  countWith(word: string): number {
    if (this.words.size <= FEW_WORDS) this.words.add(word);
    return this.words.size;
  }
}

/** Reports `word`, which stands at [start, end) of the line. */
export function reportUnknown(
  event: CommandEvent,
  context: CheckContext<UnknownWords>,
  word: string,
  place: Pick<Finding, 'start' | 'end' | 'detail'>,
): void {
  const isSeveral = context.state.countWith(word) > FEW_WORDS;
  context.report({
    event,
    ...place,
    severity: isSeveral ? 'medium' : 'low',
    detail: isSeveral ? `${place.detail} The connection has used more than ${FEW_WORDS} of the kind.` : place.detail,
  });
}

/** The rest of a credential, or a response that missed its exchange, is no command. */
export function isStrayResponse(event: CommandEvent): boolean {
  return event.verb === '' && event.secretLabel === 'response' && event.secretStart === event.start;
}

/** The verbs of proxies are for those that the policy trusts. */
export function isFromTrustedProxy(context: CheckContext<UnknownWords>): boolean {
  return context.networks.isTrustedProxy(context.connection.clientAddress);
}

/** What a finding says of a verb that has a name; both make a text of a fixed word, never of captured octets. */
export const WORDS_OF = {
  proxyVerb: (verb: string): string =>
    `The command ${verb} is for proxies, and the client is none that the policy trusts.`,
  removedVerb: (verb: string): string => `The command ${verb} is not among those that are allowed here.`,
} as const;
