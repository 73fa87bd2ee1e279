/**
 * What a connection established, as label and value for the Facts tab. In: the
 * dialogue's facts, the summary, and the pace of the conversation. Out:
 * display-safe text; passwords are not among the facts.
 */
import type { Knowledge, SessionEnd, SessionSummary, TlsUse } from '../../shared/session.js';
import type { Fact } from '../../shared/transcript.js';
import type { ConnectionFacts } from '../protocols/facts.js';
import { displayString, displayText } from '../text/display.js';
import { endpointText } from './endpoint.js';
import { countOf, formatBytes, formatDuration } from './quantity.js';
import { readableTime } from './timestamp.js';
import type { ConversationPace } from './transcript.js';

export interface FactsInput {
  readonly session: SessionSummary;
  /** Null for connections without a mail dialogue. */
  readonly facts: ConnectionFacts | null;
  readonly pace: ConversationPace | null;
}

/** Facts in the order in which they are read; what was not seen is left out. */
export function sessionFacts({ session, facts, pace }: FactsInput): readonly Fact[] {
  const list = new FactList();
  connection(list, session);
  if (facts !== null) dialogue(list, session, facts);
  tls(list, session);
  timing(list, session, pace);
  volume(list, session);
  return list.facts;
}

class FactList {
  readonly facts: Fact[] = [];

  /** Adds a fact unless its value is empty. */
  add(group: string, label: string, value: string): void {
    if (value !== '') this.facts.push({ group, label, value });
  }
}

const KNOWLEDGE_WORDS: Readonly<Record<Knowledge, string>> = {
  synced: 'seen from its greeting, without a gap',
  resynced: 'picked up again after a gap or in the middle',
  guessed: 'guessed, because one side is missing',
  unknown: 'not known',
};
const END_WORDS: Readonly<Record<SessionEnd, string>> = {
  open: 'still open',
  closed: 'closed by both sides',
  reset: 'reset',
  timeout: 'silent for too long',
  'capture-end': 'still open when the capture ended',
  replaced: 'its ports were used again',
};

function connection(list: FactList, session: SessionSummary): void {
  const { client, server } = session;
  list.add('Connection', 'Protocol', session.protocol.toUpperCase());
  list.add('Connection', 'Client', endpointText(client));
  list.add('Connection', 'Server', endpointText(server));
  list.add('Connection', 'VLAN', session.vlan.join(', '));
  list.add('Connection', 'End', END_WORDS[session.end]);
  list.add('Connection', 'Dialogue', KNOWLEDGE_WORDS[session.knowledge]);
  list.add('Connection', 'Marks', session.tags.join(', '));
}

const AUTHENTICATED_WORDS = { yes: 'accepted', no: 'not authenticated', unknown: 'outcome not seen' } as const;

function dialogue(list: FactList, session: SessionSummary, facts: ConnectionFacts): void {
  list.add('Server', 'Greeting', octets(facts.greeting));
  list.add('Server', 'Middlebox', facts.middlebox);
  list.add(
    'Server',
    'Capabilities',
    facts.capabilities === null ? '' : displayString([...facts.capabilities].join(' ')),
  );
  list.add('Client', facts.heloVerb === '' ? 'Name' : displayString(facts.heloVerb), octets(facts.helo));
  list.add('Authentication', 'Outcome', AUTHENTICATED_WORDS[facts.authenticated]);
  list.add('Authentication', 'Mechanism', displayString(facts.authMechanism));
  list.add('Authentication', 'User', octets(facts.user));
  list.add('Authentication', 'Failed attempts', facts.failedLogins === 0 ? '' : String(facts.failedLogins));
  if (facts.protocol === 'smtp') {
    list.add('Envelope', 'From', octets(facts.mailFrom));
    list.add('Envelope', 'To', recipients(facts));
  }
  list.add('Conversation', 'Commands', String(facts.commands));
  list.add('Conversation', 'Messages', String(facts.messages));
  list.add('Conversation', 'State at the end', facts.state);
  list.add('Conversation', 'Last reply', session.lastReply);
}

function recipients(facts: ConnectionFacts): string {
  const first = octets(facts.firstRcptTo);
  const others = facts.rcptCount - 1;
  return first !== '' && others > 0 ? `${first} and ${countOf(others, 'other')}` : first;
}

const TLS_WORDS: Readonly<Record<TlsUse, string>> = {
  none: 'not used, not offered',
  offered: 'offered, not used',
  starttls: 'begun with STARTTLS',
  implicit: 'from the first octet',
};

function tls(list: FactList, session: SessionSummary): void {
  list.add('TLS', 'Use', TLS_WORDS[session.tls]);
  list.add('TLS', 'Version', session.tlsVersion);
  list.add('TLS', 'Server name (SNI)', session.sni);
}

function timing(list: FactList, session: SessionSummary, pace: ConversationPace | null): void {
  list.add('Timing', 'Start', `${readableTime(session.startUs)} UTC`);
  list.add('Timing', 'End', `${readableTime(session.endUs)} UTC`);
  list.add('Timing', 'Duration', formatDuration(session.endUs - session.startUs));
  if (pace === null) return;
  const after = (timeUs: number): string =>
    timeUs < 0 ? '' : `after ${formatDuration(Math.max(0, timeUs - session.startUs))}`;
  list.add('Timing', 'Server spoke', after(pace.firstToClientUs));
  list.add('Timing', 'Client spoke', after(pace.firstToServerUs));
  if (pace.longestPauseLine > 0) {
    list.add('Timing', 'Longest pause', `${formatDuration(pace.longestPauseUs)} before line ${pace.longestPauseLine}`);
  }
}

function volume(list: FactList, session: SessionSummary): void {
  const side = (bytes: number, packets: number): string => `${formatBytes(bytes)} in ${countOf(packets, 'packet')}`;
  list.add('Volume', 'To the server', side(session.bytesToServer, session.packetsToServer));
  list.add('Volume', 'To the client', side(session.bytesToClient, session.packetsToClient));
  if (session.gaps > 0)
    list.add('Volume', 'Missing', `${formatBytes(session.missingBytes)} in ${countOf(session.gaps, 'gap')}`);
}

function octets(text: Uint8Array | null): string {
  return text === null ? '' : displayText(text);
}
