/**
 * A login attempt while it waits for its outcome: the event's fields, and a
 * bounded copy of its line. Between attempt and outcome is one round trip, so a
 * few objects serve all connections of a thread in turn; what they held is wiped.
 */
import { TO_SERVER, type LoginEvent } from '../events.js';
import { NO_OCTETS, type Mutable } from '../reused-events.js';
import { wipe } from '../wipe.js';

const LINE_BYTES = 1024;
/** Room for a usual line from the start, small enough to lie within the language's own memory. */
const FIRST_BYTES = 64;
/** Objects that wait for further use. */
const SPARE = 64;

export class KeptLogin {
  serial = 0;
  /** The name as the facts show it. */
  shownUser: Uint8Array | null = null;
  /** The attempt of the same connection that came next. */
  next: KeptLogin | null = null;
  private timeUs = 0;
  private packet = 0;
  private line = 0;
  private buffer: Uint8Array = new Uint8Array(FIRST_BYTES);
  private end = 0;
  private offset = 0;
  private lengthBytes = 0;
  private terminator: LoginEvent['terminator'] = 'none';
  private secretStart = 0;
  private secretEnd = 0;
  private secretLabel = '';
  private mechanism = '';
  private user: Uint8Array | null = null;
  private password: Uint8Array | null = null;
  /** The password is a copy for this attempt alone. */
  private ownsPassword = false;
  private userBytes = -1;
  private passwordBytes = -1;
  private userStart = 0;
  private userEnd = 0;
  private passwordStart = 0;
  private passwordEnd = 0;

  private constructor() {}

  /** Keeps an attempt with its line, indexes made relative to it; to be released, with the password if it is its own. */
  static of(event: LoginEvent, serial: number, shownUser: Uint8Array | null, ownsPassword: boolean): KeptLogin {
    const kept = spare.pop() ?? new KeptLogin();
    kept.serial = serial;
    kept.shownUser = shownUser;
    kept.ownsPassword = ownsPassword;
    kept.keepLine(event);
    kept.keepCredentials(event);
    return kept;
  }

  /** Fills the event with the attempt and its line, which stays valid until `release`. */
  restore(event: Mutable<LoginEvent>): void {
    event.direction = TO_SERVER;
    event.timeUs = this.timeUs;
    event.packet = this.packet;
    event.line = this.line;
    event.buffer = this.buffer;
    event.start = 0;
    event.end = this.end;
    event.offset = this.offset;
    event.lengthBytes = this.lengthBytes;
    event.terminator = this.terminator;
    event.secretStart = this.secretStart;
    event.secretEnd = this.secretEnd;
    event.secretLabel = this.secretLabel;
    event.mechanism = this.mechanism;
    event.user = this.user;
    event.password = this.password;
    event.userBytes = this.userBytes;
    event.passwordBytes = this.passwordBytes;
    event.userStart = this.userStart;
    event.userEnd = this.userEnd;
    event.passwordStart = this.passwordStart;
    event.passwordEnd = this.passwordEnd;
  }

  /** Forgets the secrets; the object is used again. */
  release(): void {
    wipe(this.buffer, this.end);
    if (this.buffer.length > FIRST_BYTES) this.buffer = NO_OCTETS;
    // Wiped, but never used again: whoever judged it knows it by its object.
    if (this.ownsPassword && this.password !== null) wipe(this.password, this.password.length);
    this.user = this.password = this.shownUser = null;
    if (spare.length < SPARE) spare.push(this);
  }

  private keepLine(event: LoginEvent): void {
    const { buffer, start } = event;
    const length = Math.min(event.end - start, LINE_BYTES);
    if (this.buffer.length < length) this.buffer = new Uint8Array(length);
    const own = this.buffer;
    for (let i = 0; i < length; i++) own[i] = buffer[start + i] as number;
    this.end = length;
    this.timeUs = event.timeUs;
    this.packet = event.packet;
    this.line = event.line;
    this.offset = event.offset;
    this.lengthBytes = event.lengthBytes;
    this.terminator = event.terminator;
  }

  private keepCredentials(event: LoginEvent): void {
    this.secretStart = this.within(event.secretStart, event);
    this.secretEnd = this.within(event.secretEnd, event);
    this.secretLabel = event.secretLabel;
    this.mechanism = event.mechanism;
    this.user = event.user;
    this.password = event.password;
    this.userBytes = event.userBytes;
    this.passwordBytes = event.passwordBytes;
    this.userStart = this.within(event.userStart, event);
    this.userEnd = this.within(event.userEnd, event);
    this.passwordStart = this.within(event.passwordStart, event);
    this.passwordEnd = this.within(event.passwordEnd, event);
  }

  /** An index of the event's buffer as one of the kept line. */
  private within(index: number, event: LoginEvent): number {
    return Math.min(index - event.start, this.end);
  }
}

const spare: KeptLogin[] = [];
