/**
 * Every bound of the engine: default, unit, and what happens when it is
 * reached. What connections, segments and fragments lose to one is counted
 * under its name in the totals (`bounded`); a packet or block beyond its bound
 * is told as damage of the file; transcripts say what they leave out. What the
 * bounds inside a dialogue cut (`lineBytes`, `pendingCommands`) is not counted.
 *
 * Bounds hold for an inspection. Where several threads share it, each has its
 * part of `flows` and `outOfOrderTotalBytes`; fragments, which every thread puts
 * together, and `pastKeys`, which one has for all, are not divided.
 */
export const LIMIT_DEFAULTS = {
  /**
   * Connections tracked at once, those that are over but remembered included. Beyond it one that is over is
   * forgotten, else one is ended and counted: not mail before mail, of these the one queued first. A living one
   * is queued anew once in an eighth of its time-out while it has packets, so this may not be the one idle for
   * longest. Each has a row of 256 octets; after a flood the rows stay allocated.
   */
  flows: 262_144,
  /** Out-of-order octets held per direction; beyond it the hole before them is declared a gap. */
  outOfOrderBytes: 1_048_576,
  /** Out-of-order octets held in all; beyond it the segment's own hole is declared a gap. */
  outOfOrderTotalBytes: 268_435_456,
  /** Segments held out of order per direction; same consequence. */
  outOfOrderSegments: 4096,
  /** Octets of a line held without LF; the rest is counted only. */
  lineBytes: 65_536,
  /** Commands waiting for their reply; the oldest is forgotten. */
  pendingCommands: 4096,
  /** Datagrams being put together from fragments; the oldest is given up. */
  fragmentSets: 8192,
  /** Octets held in fragments in all; the oldest datagrams are given up. */
  fragmentBytes: 67_108_864,
  /** Seconds of packet time until an incomplete datagram is given up. */
  fragmentSeconds: 30,
  /** Seconds of packet time that a connection is remembered after its end, so that late packets open no new one. */
  lingerSeconds: 10,
  /** Seconds of packet time without a packet until a connection ends: not mail, mail, IMAP IDLE. */
  idleSeconds: 600,
  idleMailSeconds: 1800,
  idleImapSeconds: 7200,
  /** Violations recorded per session (one per protection, cross-connection ones beside); then counted only. */
  violationsPerSession: 1000,
  /** Keys that each protection remembers across connections, of each kind; the one touched longest ago is forgotten. */
  pastKeys: 100_000,
  /** Sessions kept by a viewer; the oldest are discarded. */
  sessionsKept: 1_000_000,
  /** Longest packet a file may announce; more means the file is damaged. */
  packetBytes: 16_777_216,
  /** Longest pcapng block that is no packet; a longer one is skipped unread. */
  blockBytes: 16_777_216,
  /** Interfaces described in one pcapng section; packets of further ones are counted, not decoded. */
  interfaces: 65_536,
  /** Nested headers (tags, tunnels, extension headers) of one packet. */
  headerDepth: 16,
  /** Octets of one message's header section that are read for its summary. */
  headerSectionBytes: 262_144,
  /** Items (lines, folds, gaps) of one transcript; further ones are counted in its warnings. */
  transcriptItems: 200_000,
  /** Octets of one transcript's lines that are kept; further lines are shown without their text. */
  transcriptBytes: 33_554_432,
  /** Octets of one transcript's folded bodies, chunks and literals that are kept; the rest is counted in the fold. */
  transcriptBodyBytes: 8_388_608,
} as const;

export type LimitName = keyof typeof LIMIT_DEFAULTS;
export type Limits = Readonly<Record<LimitName, number>>;
export const DEFAULT_LIMITS: Limits = LIMIT_DEFAULTS;
