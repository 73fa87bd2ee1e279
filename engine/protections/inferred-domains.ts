/**
 * Which domains a mail server is responsible for, where the policy does not say:
 * those for which it accepted at least 20 messages from at least three outside
 * sources within seven days (packet time). Kept in a protection's memory across
 * connections; until a server has one such domain nothing is known of it.
 */
import type { Past } from './protection.js';

const INFERRED_MESSAGES = 20;
const INFERRED_SOURCES = 3;
const WINDOW_US = 7 * 86_400_000_000;

/** A message for `domain` was accepted from `source`. Returns whether the domain is now taken for the server's own. */
export function noteAcceptedMessage(past: Past, server: string, domain: string, source: string): boolean {
  const key = `${server} ${domain}`;
  const messages = past.count(`messages ${key}`, WINDOW_US);
  const sources = past.distinct(`sources ${key}`, source, WINDOW_US);
  if (messages < INFERRED_MESSAGES || sources < INFERRED_SOURCES) return isInferredOwn(past, server, domain);
  past.distinct(`own ${key}`, HELD, WINDOW_US);
  past.distinct(`any ${server}`, HELD, WINDOW_US);
  return true;
}

/** The domain is taken for one of the server's own. */
export function isInferredOwn(past: Past, server: string, domain: string): boolean {
  return isMarked(past, `own ${server} ${domain}`);
}

/** At least one domain of the server is known, so that others can be told from its own. */
export function hasInferredDomains(past: Past, server: string): boolean {
  return isMarked(past, `any ${server}`);
}

const HELD = 'held';
/** Asking leaves a value of its own behind. */
const ASKED = 'asked';

function isMarked(past: Past, key: string): boolean {
  return past.distinct(key, ASKED, WINDOW_US) > 1;
}
