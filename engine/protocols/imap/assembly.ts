/**
 * The command being put together from its fragments: the first line (a copy when
 * literals follow), the joined length without literal octets, the arguments.
 * A command on one line is never copied, and needs its assembly no longer than it
 * is being read: one serves all conversations of a thread, until a literal makes
 * it its connection's own.
 */
import type { CommandEvent } from '../events.js';
import { NO_OCTETS, type Mutable } from '../reused-events.js';
import type { Side } from '../mailbox/side.js';
import { wipe } from '../wipe.js';
import { CommandLine, VERB } from './grammar.js';
import { LoginArguments } from './login-arguments.js';

/** First lines up to this length leave no buffer behind. */
const RETAINED_BYTES = 4096;
/** Assemblies that wait for further use. */
const SPARE = 64;

export class CommandAssembly {
  /** Fragments so far; 0 when no command is open. */
  fragments = 0;
  /** Joined length of the fragments, line ends included, literal octets not. */
  lengthBytes = 0;
  /** Serial number of its entry among the outstanding commands. */
  serial = 0;
  /** Arguments so far, literals included. */
  arguments = 0;
  readonly login = new LoginArguments();
  /** Parts of the first line; indexes of its copy, or of the side's line while there is one fragment. */
  readonly line = new CommandLine();
  secretStart = 0;
  secretEnd = 0;
  secretLabel = '';
  userStart = -1;
  userEnd = -1;
  passwordStart = -1;
  passwordEnd = -1;

  /** Holds nothing of a command that is closed: it may have been a password. */
  private first: Uint8Array = NO_OCTETS;
  private firstBytes = 0;
  private firstOffset = 0;
  private firstLine = 0;
  private firstTimeUs = 0;
  private firstPacket = 0;
  private firstTerminator: CommandEvent['terminator'] = 'none';
  private isCopied = false;

  get isOpen(): boolean {
    return this.fragments > 0;
  }

  get verb(): number {
    return this.fragments > 0 ? this.line.verb : -1;
  }

  begin(side: Side): void {
    const { buffer, start, end, lengthBytes } = side.current;
    this.line.parse(buffer, start, end);
    this.fragments = 1;
    this.lengthBytes = lengthBytes;
    this.arguments = 0;
    this.isCopied = false;
    this.secretStart = this.secretEnd = start;
    this.secretLabel = '';
    this.userStart = this.userEnd = this.passwordStart = this.passwordEnd = -1;
    if (this.line.verb === VERB.LOGIN) this.login.begin();
  }

  /** Octets of the first line, or of what follows it, are a credential. */
  markSecret(start: number, end: number, label: string): void {
    this.secretStart = start;
    this.secretEnd = end;
    this.secretLabel = label;
  }

  /** LOGIN's arguments stand in the first line. */
  placeCredentials(): void {
    const { user, password } = this.login;
    this.userStart = user.start;
    this.userEnd = user.end;
    this.passwordStart = password.start;
    this.passwordEnd = password.end;
  }

  /** A literal follows: the first line must outlive its packet. All indexes become relative to the copy. */
  keepFirst(side: Side): void {
    const { current } = side;
    if (this.isCopied) return;
    this.isCopied = true;
    const { start } = current;
    const length = current.end - start;
    if (length > this.first.length) this.first = new Uint8Array(Math.max(256, length));
    for (let i = 0; i < length; i++) this.first[i] = current.buffer[start + i] as number;
    this.firstBytes = length;
    this.firstOffset = current.offset;
    this.firstTerminator = current.terminator;
    this.firstLine = current.line;
    this.firstTimeUs = current.timeUs;
    this.firstPacket = current.packet;
    this.moveIndexesBack(start);
  }

  /** A further fragment ended. */
  addFragment(side: Side): void {
    this.fragments++;
    this.lengthBytes += side.current.lengthBytes;
  }

  /** The command is over: forgets, and wipes, what it said. */
  close(): void {
    this.fragments = 0;
    if (this.isCopied) this.wipeFirst();
    this.isCopied = false;
    if (this.line.verb === VERB.LOGIN) this.login.begin();
  }

  /** One that is not open. */
  static spare(): CommandAssembly {
    return spare.pop() ?? new CommandAssembly();
  }

  /** Gives one back that was closed. */
  static giveBack(closed: CommandAssembly): void {
    if (spare.length < SPARE) spare.push(closed);
  }

  /** Puts the first line and the parts into an event that was filled from the side. */
  fill(event: Mutable<CommandEvent>): void {
    if (this.isCopied) this.place(event);
    const { line } = this;
    event.verbStart = line.verbStart;
    event.verbEnd = line.verbEnd;
    event.argumentStart = line.argumentStart;
    event.tagStart = line.tagStart;
    event.tagEnd = line.tagEnd;
    event.lengthBytes = this.lengthBytes;
    event.secretStart = this.secretStart;
    event.secretEnd = this.secretEnd;
    event.secretLabel = this.secretLabel;
  }

  /** Puts the copied first line into an event; nothing while the side still has it. */
  place(
    event: Mutable<
      Pick<CommandEvent, 'buffer' | 'start' | 'end' | 'offset' | 'terminator' | 'line' | 'timeUs' | 'packet'>
    >,
  ): void {
    if (!this.isCopied) return;
    event.buffer = this.first;
    event.start = 0;
    event.end = this.firstBytes;
    event.offset = this.firstOffset;
    event.terminator = this.firstTerminator;
    event.line = this.firstLine;
    event.timeUs = this.firstTimeUs;
    event.packet = this.firstPacket;
  }

  /** Transcript number of its first line. */
  lineNumber(side: Side): number {
    return this.isCopied ? this.firstLine : side.current.line;
  }

  private wipeFirst(): void {
    wipe(this.first, this.firstBytes);
    this.firstBytes = 0;
    if (this.first.length > RETAINED_BYTES) this.first = NO_OCTETS;
  }

  /** Subtracts: `+= -by` would add -0 at times, by which V8 makes these fields doubles and discards what it optimised. */
  private moveIndexesBack(by: number): void {
    const { line } = this;
    line.tagStart -= by;
    line.tagEnd -= by;
    line.verbStart -= by;
    line.verbEnd -= by;
    line.argumentStart -= by;
    this.secretStart -= by;
    this.secretEnd -= by;
    if (this.userStart !== -1) this.userStart -= by;
    if (this.userEnd !== -1) this.userEnd -= by;
    if (this.passwordStart !== -1) this.passwordStart -= by;
    if (this.passwordEnd !== -1) this.passwordEnd -= by;
  }
}

const spare: CommandAssembly[] = [];
