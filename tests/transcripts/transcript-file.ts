/**
 * Reads transcript files: Markdown that shows a conversation and what is
 * expected of it. In: the file's text. Out: steps (octets, gaps) to replay, and
 * every other fenced block by its name. Refuses what it does not understand.
 *
 * The notation is described in `README.md` beside this file.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PROTOCOLS, type MailProtocol } from '../../shared/session.js';
import { TO_CLIENT, TO_SERVER, type Direction } from '../../engine/protocols/events.js';

export type Step =
  | { readonly kind: 'data'; readonly direction: Direction; readonly octets: Uint8Array }
  | { readonly kind: 'gap'; readonly direction: Direction; readonly lengthBytes: number }
  /** The next octets are in a packet of their own, so much later. */
  | { readonly kind: 'packet'; readonly waitUs: number };

export interface Transcript {
  /** Heading of its section. */
  readonly name: string;
  readonly protocol: MailProtocol;
  readonly steps: readonly Step[];
  /** False with `MIDSTREAM`. */
  readonly fromStart: boolean;
  /** Directions that were not captured (`ONE-SIDED C`: the client's is there, the server's is not). */
  readonly missing: readonly [boolean, boolean];
  /** Lines of the fenced block `events`; null without one. */
  readonly events: readonly string[] | null;
  /** Every fenced block of the section by its info string. */
  readonly blocks: ReadonlyMap<string, string>;
}

/** All transcripts of a file: one for each section that has a block `transcript`. */
export function parseTranscripts(markdown: string): Transcript[] {
  const title = /^# +(\w+)\b:? *(.*)$/m.exec(markdown);
  const protocol = PROTOCOLS.find((name) => name === title?.[1]?.toLowerCase());
  if (!title || !protocol) throw new Error('a transcript file begins with a heading like "# SMTP: what it is about"');
  const sections = markdown.split(/^## +/m);
  const transcripts: Transcript[] = [];
  sections.forEach((section, index) => {
    const blocks = fencedBlocks(section);
    const conversation = blocks.get('transcript');
    if (conversation === undefined) return;
    const name = index === 0 ? (title[2] as string) : (section.split('\n', 1)[0] as string).trim();
    transcripts.push({
      name,
      protocol,
      blocks,
      events: blockLines(blocks.get('events')),
      ...parseConversation(conversation),
    });
  });
  if (transcripts.length === 0) throw new Error('no fenced block "transcript" in the file');
  return transcripts;
}

/** The only (or first) transcript of a file. */
export function parseTranscript(markdown: string): Transcript {
  return parseTranscripts(markdown)[0] as Transcript;
}

/** Transcripts of every `.md` file in a folder but `README.md`, in the order of file names, with the file's name. */
export function readTranscripts(folder: string): { readonly file: string; readonly transcript: Transcript }[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .sort()
    .flatMap((file) =>
      parseTranscripts(readFileSync(join(folder, file), 'utf8')).map((transcript) => ({ file, transcript })),
    );
}

/** Non-empty lines of a block, null without block. */
export function blockLines(block: string | undefined): string[] | null {
  return block === undefined
    ? null
    : block
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
}

/** Octets of `text` after `{600*A}` and `\r \n \t \xNN \\`; other characters are UTF-8. */
export function unescapeOctets(text: string): Uint8Array {
  const repeated = text.replace(/\{(\d+)\*((?:\\.|[^}\\])+)\}/g, (_, count: string, what: string) =>
    what.repeat(Number(count)),
  );
  const octets: number[] = [];
  const encoder = new TextEncoder();
  for (const match of repeated.matchAll(/\\x([0-9A-Fa-f]{2})|\\([rnt\\])|([^\\]+)|(\\)/g)) {
    if (match[1] !== undefined) octets.push(Number.parseInt(match[1], 16));
    else if (match[2] !== undefined) octets.push({ r: 13, n: 10, t: 9, '\\': 92 }[match[2]] as number);
    else if (match[3] !== undefined) for (const octet of encoder.encode(match[3])) octets.push(octet);
    else throw new Error(`unknown escape in transcript text: ${text.slice(0, 60)}`);
  }
  return Uint8Array.from(octets);
}

function fencedBlocks(section: string): Map<string, string> {
  const blocks = new Map<string, string>();
  for (const match of section.matchAll(/^```(\S+)[^\n]*\n([\s\S]*?)^```/gm)) {
    blocks.set(match[1] as string, match[2] as string);
  }
  return blocks;
}

function parseConversation(text: string): Pick<Transcript, 'steps' | 'fromStart' | 'missing'> {
  const steps: Step[] = [];
  let fromStart = true;
  let missing: readonly [boolean, boolean] = [false, false];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('--') || line === 'END') continue;
    const spoken = /^([CS])(?:\*(\d+))?:(?: (.*))?$/s.exec(line);
    if (spoken) {
      const octets = spokenOctets(spoken[3] ?? '');
      const direction = directionOf(spoken[1]);
      for (let i = Number(spoken[2] ?? 1); i > 0; i--) steps.push({ kind: 'data', direction, octets });
      continue;
    }
    const [word, first, second] = line.trim().split(/ +/);
    if (word === 'GAP' && second)
      steps.push({ kind: 'gap', direction: directionOf(first), lengthBytes: Number(second) });
    else if (word === 'ONE-SIDED') missing = directionOf(first) === TO_SERVER ? [false, true] : [true, false];
    else if (word === 'MIDSTREAM') fromStart = false;
    else if (word === 'PACKET') steps.push({ kind: 'packet', waitUs: 0 });
    else if (word === 'WAIT') steps.push({ kind: 'packet', waitUs: Number(first) * 1e6 });
    else throw new Error(`not a transcript line: ${line}`);
  }
  return { steps, fromStart, missing };
}

/** CRLF is added unless the text ends with a single backslash. */
function spokenOctets(text: string): Uint8Array {
  const trailing = /\\*$/.exec(text)?.[0].length ?? 0;
  return trailing % 2 === 1 ? unescapeOctets(text.slice(0, -1)) : unescapeOctets(`${text}\\r\\n`);
}

function directionOf(letter: string | undefined): Direction {
  if (letter === 'C') return TO_SERVER;
  if (letter === 'S') return TO_CLIENT;
  throw new Error(`a direction is C or S, not ${letter ?? 'nothing'}`);
}
