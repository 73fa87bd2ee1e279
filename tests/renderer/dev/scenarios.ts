/** What the dev page can show: states that are hard to reach by hand. */
import { IDLE, NO_TOTALS } from '../../../renderer/store/initial.js';
import type { InvokeChannels } from '../../../shared/ipc.js';
import type { TranscriptItem } from '../../../shared/transcript.js';
import type { FakeOptions } from '../fake-bridge.js';
import { FAKE_FOLDER, FAKE_LEFT, fakeLive, REFUSED_INTERFACES } from '../fake-live.js';
import { START_US, text } from '../fake-sessions.js';

const RECENT = [
  {
    path: '/srv/captures/mx1-2026-11-20.pcapng',
    name: 'mx1-2026-11-20.pcapng',
    sizeBytes: 2_100_000_000,
    openedAtMs: 0,
    missing: false,
  },
  {
    path: '/home/kim/Downloads/brute-force.pcap.gz',
    name: 'brute-force.pcap.gz',
    sizeBytes: 48_211,
    openedAtMs: 0,
    missing: false,
  },
  { path: '/tmp/gone.pcap', name: 'gone.pcap', sizeBytes: 0, openedAtMs: 0, missing: true },
];

const LIVE = { phase: 'live', path: FAKE_FOLDER, name: 'eth0', live: fakeLive() } as const;
const KILLED = {
  code: 'capture-killed',
  message: 'The capture process (dumpcap) was killed from outside by SIGKILL.',
  hint: 'What was captured until then is kept. Start the capture again.',
};
const BROKEN = {
  ...LIVE,
  phase: 'done',
  problem: KILLED,
  live: fakeLive({ phase: 'failed', problem: KILLED }),
} as const;

const LONG_LINES = 60_000;

/** A transcript of many lines, so that paging can be seen. */
function longTranscript(
  input: InvokeChannels['session:transcript']['input'],
): InvokeChannels['session:transcript']['output'] {
  const { sessionId, from, count, reveal } = input;
  const items = Array.from({ length: Math.max(0, Math.min(count, LONG_LINES - from)) }, (_, at) => bodyLine(from + at));
  return { sessionId, items, from, total: LONG_LINES, startUs: START_US, revealed: reveal, masked: 0, warnings: [] };
}

function bodyLine(index: number): TranscriptItem {
  return {
    kind: 'line',
    number: index + 1,
    timeUs: START_US + index * 1000,
    packet: index,
    direction: 'to_server',
    secure: false,
    role: 'body',
    runs: [text(`Line ${index + 1} of a long body, as mailers wrap it.`)],
    lengthBytes: 60,
    omittedBytes: 0,
    terminator: 'crlf',
    severity: null,
    findings: [],
  };
}

/** Options of the fake bridge for a query string. */
export function scenario(query: URLSearchParams): FakeOptions {
  const theme = query.get('theme') === 'light' ? 'light' : 'dark';
  const settings = { theme } as const;
  if (query.has('refused'))
    return { open: false, settings, recent: RECENT, answers: { 'interfaces:list': () => REFUSED_INTERFACES } };
  if (query.has('left')) return { open: false, settings, answers: { 'live:left': () => [FAKE_LEFT] } };
  if (query.has('live')) return { sessions: 60, settings, status: LIVE };
  if (query.has('broken')) return { sessions: 60, settings, status: BROKEN };
  if (query.has('idle')) return { open: false, settings, recent: query.has('first') ? [] : RECENT };
  if (query.has('failed')) {
    const problem = {
      code: 'not-a-capture',
      message: 'holiday.jpg is not a capture: it begins with FF D8 FF E0, a JPEG picture.',
      hint: 'Mailscope opens pcap and pcapng files, plain or compressed with gzip.',
    };
    return { open: false, settings, recent: RECENT, status: { ...IDLE, phase: 'failed', problem } };
  }
  if (query.has('empty')) {
    const totals = { ...NO_TOTALS, packets: 10_482, bytes: 9_100_000, notDecoded: { udp: 9_120, arp: 810, icmp: 22 } };
    return { sessions: 0, settings, status: { totals } };
  }
  if (query.has('long')) return { settings, answers: { 'session:transcript': longTranscript } };
  const sessions = Number(query.get('sessions') ?? 12_480);
  if (query.has('loading')) return { sessions, settings, status: { phase: 'loading', readBytes: 882_000_000 } };
  if (query.has('truncated')) {
    const problem = {
      code: 'truncated',
      message: 'The file ends in the middle of a packet at byte 1,048,576.',
      hint: 'Everything before it was read. Copy the file again if it should be longer.',
    };
    return { sessions, settings, status: { problem } };
  }
  return { sessions, settings };
}
