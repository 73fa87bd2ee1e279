/** Relaying across connections: probes of one source, and own domains that are inferred from accepted mail. */
import { describe, expect, it } from 'vitest';
import { Correlator } from '../../engine/correlate/correlator.js';
import { parsePolicy } from '../../engine/policy/parse.js';
import { ProtectionRunner } from '../../engine/protections/run.js';
import { createSmtpDialogue } from '../../engine/protocols/smtp/index.js';
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import { TO_CLIENT, TO_SERVER } from '../../engine/protocols/events.js';
import { connectionView, octets } from './made-events.js';

const DAY_US = 86_400_000_000;
const SERVER = '10.0.0.25';

interface Visit {
  readonly client: string;
  readonly recipient: string;
  /** Reply to RCPT; a message follows when it is 250. */
  readonly code: 250 | 554;
  readonly timeUs: number;
}

/** What is found when these connections come one after the other, one word for each. */
function found(visits: readonly Visit[], protections = {}): string[] {
  const networks = { own: ['10.0.0.0/8'] };
  const policy = parsePolicy(JSON.stringify({ networks, protections }), 'test');
  const runner = new ProtectionRunner(policy);
  const words: string[] = [];
  const correlator = new Correlator(policy, ({ record, fact }) => {
    if (/relay/.test(record.protection)) words.push(`${fact.sessionId} ${record.severity} ${record.attackInfo}`);
  });
  visits.forEach(({ client, recipient, code, timeUs }, index) => {
    const view = connectionView('smtp', { id: index, clientAddress: client, serverAddress: SERVER });
    const judged = runner.open(view);
    judged.onFact = (fact) => correlator.take(fact);
    const dialogue = createSmtpDialogue({
      limits: DEFAULT_LIMITS,
      facts: view.facts,
      events: judged,
      wire: null,
      position: { timeUs, packet: 1 },
      transaction: () => undefined,
      fromStart: true,
      isMissing: () => false,
    });
    const at = [0, 0];
    const say = (direction: 0 | 1, text: string): void => {
      const line = octets(`${text}\r\n`);
      dialogue.data(direction, line, 0, line.length, at[direction] as number);
      at[direction] = (at[direction] as number) + line.length;
    };
    say(TO_CLIENT, '220 mx');
    say(TO_SERVER, 'EHLO c');
    say(TO_CLIENT, '250 mx');
    say(TO_SERVER, 'MAIL FROM:<a@spam.example>');
    say(TO_CLIENT, '250 ok');
    say(TO_SERVER, `RCPT TO:<${recipient}>`);
    say(TO_CLIENT, `${code} x`);
    if (code === 250) {
      say(TO_SERVER, 'DATA');
      say(TO_CLIENT, '354 go');
      say(TO_SERVER, 'text\r\n.');
      say(TO_CLIENT, '250 queued');
    }
    dialogue.end();
  });
  return words;
}

const START_US = 1_700_000_000_000_000;

/** So many accepted messages for `u@ours.example`, in turn from so many sources, a minute apart. */
function accepted(messages: number, sources: number): Visit[] {
  return Array.from({ length: messages }, (_, i) => ({
    client: `198.51.100.${(i % sources) + 1}`,
    recipient: 'u@ours.example',
    code: 250 as const,
    timeUs: START_US + i * 60_000_000,
  }));
}

const stranger = (recipient: string, code: 250 | 554, laterUs: number): Visit => ({
  client: '203.0.113.66',
  recipient,
  code,
  timeUs: START_US + laterUs,
});

describe('own domains that nobody named', () => {
  const foreign = stranger('v@elsewhere.example', 250, DAY_US);

  it('are those with twenty messages of three sources within seven days', () => {
    expect(found([...accepted(20, 3), foreign])).toEqual([
      '20 low Relay probe accepted',
      '20 medium Mail for a foreign domain was relayed',
    ]);
    expect(found([...accepted(20, 3), stranger('u@ours.example', 250, DAY_US)])).toEqual([]);
  });

  it('are not known after nineteen messages, or from two sources', () => {
    expect(found([...accepted(19, 3), foreign])).toEqual([]);
    expect(found([...accepted(40, 2), foreign])).toEqual([]);
  });

  it('are forgotten after seven days without a message', () => {
    expect(found([...accepted(20, 3), stranger('v@elsewhere.example', 250, 8 * DAY_US)])).toEqual([]);
  });

  it('are not inferred where the policy does not want it', () => {
    const off = { settings: { inferred: false } };
    const visits = [...accepted(20, 3), foreign];
    expect(found(visits, { 'smtp-open-relay': off, 'smtp-bounce-relay': off })).toEqual([]);
  });

  it('let refused recipients of other domains be told as probes', () => {
    const refused = [1, 2, 3].map((i) => stranger(`v@elsewhere${i}.example`, 554, DAY_US + i * 60_000_000));
    expect(found([...accepted(20, 3), ...refused])).toEqual(['22 low Relay probe']);
    expect(found(refused)).toEqual([]);
  });
});

describe('a search for a relay', () => {
  const probe = (client: string, minutes: number): Visit => ({
    client,
    recipient: 'v%elsewhere.example@mx.example',
    code: 554,
    timeUs: START_US + minutes * 60_000_000,
  });

  it('is told from the third refused recipient of a source on, over several connections', () => {
    const probes = [0, 4, 9, 9.5].map((minutes) => probe('198.51.100.7', minutes));
    expect(found(probes)).toEqual(['2 low Relay probe', '3 low Relay probe']);
  });

  it('is not told of three sources', () => {
    expect(found([probe('198.51.100.7', 0), probe('198.51.100.8', 1), probe('198.51.100.9', 2)])).toEqual([]);
  });

  it('takes the addresses of one IPv6 network for one source', () => {
    const probes = ['2001:db8::1', '2001:db8::2', '2001:db8::3'].map((client, i) => probe(client, i));
    expect(found(probes)).toEqual(['2 low Relay probe']);
  });

  it('is not told beyond ten minutes', () => {
    expect(found([probe('198.51.100.7', 0), probe('198.51.100.7', 6), probe('198.51.100.7', 10.1)])).toEqual([]);
  });
});
