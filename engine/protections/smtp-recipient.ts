/**
 * SMTP: recipients without a domain (PROTECTIONS section 3,
 * smtp-recipient-no-domain). One is a slip; a source that tries several names
 * within minutes is looking for addresses, which only shows across connections.
 */
import { indexOfOctet } from '../octets.js';
import type { CommandEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type AcrossContext, type AcrossFact, type CheckContext } from './protection.js';
import { emptyPath, isOrdinaryPath, readPath, type SmtpPath } from './smtp-path.js';
import { sourceKey } from './source-key.js';

/** So many different names of one source within ten minutes are a search for addresses. */
const HARVEST_NAMES = 5;
const HARVEST_WINDOW_US = 600_000_000;
const QUOTE = 0x22;
const PERCENT = 0x25;
const EXCLAMATION = 0x21;
const AT = 0x40;
const LESS = 0x3c;

interface RecipientState {
  /** Lower case. */
  readonly allowed: ReadonlySet<string>;
  readonly longestAllowed: number;
}

/** Used within one call only. */
const path: SmtpPath = emptyPath();

export const smtpRecipientNoDomain = protection<RecipientState>({
  id: 'smtp-recipient-no-domain',
  title: 'Recipient without a domain',
  protocols: ['smtp'],
  attackName: 'SMTP Policy Violation',
  attackInfo: 'No recipient domain',
  why:
    'Mail between servers names its recipients with their domain; only Postmaster may stand alone. Names without a ' +
    'domain are tried by programs that guess which accounts a server has.',
  sources: ['SBP-2010-06: SMTP Recipients with No Domain Name'],
  references: ['RFC 5321 4.1.1.3', 'RFC 5321 4.1.2', 'RFC 5321 4.5.1', 'RFC 6409', 'T1589.002'],
  severity: 'low',
  confidence: 90,
  precedence: 'policy',
  remedy:
    'Have the mail server refuse such recipients from outside (Postfix: reject_non_fqdn_recipient in ' +
    'smtpd_recipient_restrictions; Exim: take the client out of recipient_unqualified_hosts). If a script of your own ' +
    'sends to local names, correct it or add the names to `allow_locals`. Block a source that tries many names.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb) => verb === 'RCPT',
  settings: [
    {
      kind: 'list',
      name: 'allow_locals',
      title: 'Names that may stand without a domain',
      of: 'word',
      default: ['postmaster'],
      reason: 'RFC 5321 4.5.1 asks for Postmaster; often abuse, root and mailer-daemon are added.',
    },
    {
      kind: 'list',
      name: 'ports',
      title: 'Ports where many names are a search for addresses',
      of: 'port',
      default: ['25', '2525'],
      reason: 'On submission ports (587, 465) the server may complete names (RFC 6409): reported, but not counted.',
    },
  ],
  newState: (settings) => {
    const allowed = new Set([...settings.set('allow_locals')].map((name) => name.toLowerCase()));
    return { allowed, longestAllowed: Math.max(0, ...[...allowed].map((name) => name.length)) };
  },
  sharesState: true,
  on: { command: judge, partialCommand: judge },
  across: decide,
});

function judge(event: CommandEvent, context: CheckContext<RecipientState>): void {
  if (event.verb !== 'RCPT') return;
  const { buffer } = event;
  if (isOrdinaryPath(buffer, event.argumentStart, event.end, 'TO')) return;
  if (!readPath(buffer, event.argumentStart, event.end, 'TO', path) || !path.closed) return;
  if (!path.bracketed && mayGoOn(event)) return;
  if (path.end <= path.mailboxStart || hasDomain(path)) return;
  const { connection, networks } = context;
  // Local delivery (RFC 2033) knows no domains of its own.
  if (connection.facts.heloVerb === 'LHLO' || isAllowed(buffer, context.state)) return;
  const finding = {
    event,
    start: path.start,
    end: path.end,
    detail: describe(buffer),
  };
  context.report(finding);
  if (event.terminator === 'none' || !context.settings.set('ports').has(String(connection.serverPort))) return;
  if (networks.hasOwn && networks.isOwn(connection.clientAddress)) return;
  context.tell({ kind: 'name', values: { name: digest(buffer) }, finding });
}

/** A path without `<>` has no end of its own: the line broke off, or a display name stands before the address. */
function mayGoOn({ terminator, buffer, end }: CommandEvent): boolean {
  return terminator === 'none' || indexOfOctet(buffer, LESS, path.after, end) !== -1;
}

function hasDomain({ at, end }: SmtpPath): boolean {
  return at !== -1 && at + 1 < end;
}

/** Where the local part stands: without the quotes around it and an `@` that nothing follows. */
function localPart(buffer: Uint8Array): { readonly start: number; readonly end: number } {
  let start = path.mailboxStart;
  let end = path.at === -1 ? path.end : path.at;
  if (end - start >= 2 && buffer[start] === QUOTE && buffer[end - 1] === QUOTE) {
    start++;
    end--;
  }
  return { start, end };
}

function isAllowed(buffer: Uint8Array, state: RecipientState): boolean {
  const { start, end } = localPart(buffer);
  if (end - start > state.longestAllowed) return false;
  let name = '';
  for (let i = start; i < end; i++) name += String.fromCharCode(lower(buffer[i] as number));
  return state.allowed.has(name);
}

function describe(buffer: Uint8Array): string {
  const { start, end } = localPart(buffer);
  for (let i = start; i < end; i++) {
    const octet = buffer[i] as number;
    if (octet === PERCENT || octet === EXCLAMATION) {
      return 'The recipient has no domain but a host inside its name, a routing hack by which mail is relayed.';
    }
    if (octet === AT) return 'The recipient has no domain: its @ stands within quotes.';
  }
  return 'The recipient has no domain.';
}

/** Tells names apart without keeping them (FNV-1a, 32 bits); letters count the same in both cases. */
function digest(buffer: Uint8Array): string {
  const { start, end } = localPart(buffer);
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ lower(buffer[i] as number), 0x01000193);
  return (hash >>> 0).toString(16);
}

function lower(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet + 32 : octet;
}

function decide(fact: AcrossFact, context: AcrossContext): void {
  const names = context.past.distinct(sourceKey(fact.clientAddress), String(fact.values['name']), HARVEST_WINDOW_US);
  if (names < HARVEST_NAMES) return;
  context.report({
    severity: 'high',
    measured: names,
    limit: HARVEST_NAMES - 1,
    unit: 'names',
    detail: `This source tried ${names} different names without a domain within ten minutes: it is looking for addresses.`,
  });
}
