/**
 * Where a recipient's mail would go: the domain behind its `@`, or, where the
 * path asks a server to pass the mail on (RFC 5321 Appendix C and F.2), the
 * domain inside. In: the path of RCPT. Out: short strings, lower case, for
 * comparing only; never to be shown.
 */
import { latin1Text } from '../octets.js';
import type { CommandEvent } from '../protocols/events.js';
import { emptyPath, readPath } from './smtp-path.js';

/** How a path can ask for being passed on. */
type RoutingForm =
  | 'none'
  /** `@relay:user@domain`. */
  | 'source route'
  /** `user%domain@relay`. */
  | 'percent'
  /** `domain!user@relay`. */
  | 'bang'
  /** `"user@domain"@relay`. */
  | 'quoted'
  /** `user@domain@relay`. */
  | 'double at'
  /** `user@[192.0.2.1]`. */
  | 'address literal';

export interface RelayRecipient {
  /** Before the `@`, as far as 64 characters. */
  readonly localPart: string;
  /** Behind the last `@`; empty without one. */
  readonly domain: string;
  readonly form: RoutingForm;
  /** Where the mail would go in the end; `domain` where nothing is routed. */
  readonly target: string;
}

/** RFC 5321 4.5.3.1: a path has at most 256 octets; longer ones are no address. */
const LONGEST_PATH = 1024;
const LOCAL_PART = 64;

/** Used within one call only. */
const path = emptyPath();

/** The recipient of a RCPT line; null when it has no path, or none that can be one. */
export function relayRecipient(event: CommandEvent): RelayRecipient | null {
  const { buffer, argumentStart, end } = event;
  if (!readPath(buffer, argumentStart, end, 'TO', path) || !path.closed) return null;
  if (path.end - path.start > LONGEST_PATH || path.end <= path.mailboxStart) return null;
  const localEnd = path.at === -1 ? path.end : path.at;
  const local = latin1Text(buffer, path.mailboxStart, localEnd).toLowerCase();
  const domain = path.at === -1 ? '' : domainText(latin1Text(buffer, path.at + 1, path.end));
  const localPart = local.slice(0, LOCAL_PART);
  const inner = innerTarget(local);
  if (inner !== null) return { localPart, domain, ...inner };
  if (path.mailboxStart > path.start) return { localPart, domain, form: 'source route', target: domain };
  const isLiteral = domain.startsWith('[');
  return { localPart, domain, form: isLiteral ? 'address literal' : 'none', target: domain };
}

/** Address inside `[...]`, also `[IPv6:...]`; the text itself where there are no brackets. */
export function literalAddress(target: string): string {
  const end = target.endsWith(']') ? target.length - 1 : target.length;
  const inside = target.slice(1, end);
  return inside.startsWith('ipv6:') ? inside.slice(5) : inside;
}

/** A further address inside the local part. Only names with a dot count: `50%off` is no route. */
function innerTarget(local: string): { readonly form: RoutingForm; readonly target: string } | null {
  const isQuoted = local.startsWith('"');
  const text = isQuoted ? local.replaceAll(/["\\]/g, '') : local;
  const at = text.lastIndexOf('@');
  if (at > 0) return routed(isQuoted ? 'quoted' : 'double at', text.slice(at + 1));
  const percent = text.lastIndexOf('%');
  if (percent > 0) return routed('percent', text.slice(percent + 1));
  const bang = text.indexOf('!');
  return bang > 0 && bang < text.length - 1 ? routed('bang', text.slice(0, bang)) : null;
}

function routed(form: RoutingForm, name: string): { readonly form: RoutingForm; readonly target: string } | null {
  const target = domainText(name);
  return /^[^.\s]+(?:\.[^.\s]+)+$/.test(target) ? { form, target } : null;
}

/** RFC 1034 3.1: a final dot means the root and changes nothing. */
function domainText(text: string): string {
  const lower = text.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}
