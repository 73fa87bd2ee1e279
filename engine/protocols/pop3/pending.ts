/**
 * Commands that wait for their answer, oldest first (RFC 2449 6.6). The oldest
 * is kept by itself, because mostly it is the only one; those behind it are in a
 * ring of numbers that grows to its bound. What would go beyond pushes the oldest
 * out.
 */
import { LIMIT_DEFAULTS } from '../../limits.js';

/** Numbers per command: verb, line, form, login. */
const FIELDS = 4;
const FIRST_COMMANDS = 4;

export class Pending {
  size = 0;
  /** The oldest command: its verb, -1 when there is none. */
  verb = -1;
  line = 0;
  form = 0;
  login = 0;
  /** Those behind it; made for the first that does not wait for an answer. */
  private ring: Int32Array | null = null;
  private head = 0;

  /** A command was sent in `line`; `form` is that of its answer. */
  push(verb: number, line: number, form: number): void {
    if (this.size === LIMIT_DEFAULTS.pendingCommands) this.pop();
    if (this.size++ === 0) this.take(verb, line, form, 0);
    else this.append(verb, line, form);
  }

  /** The login that the newest command's answer decides. */
  setLastLogin(login: number): void {
    if (this.size === 1) this.login = login;
    else if (this.ring !== null && this.size > 1) this.ring[this.index(this.ring, this.size - 2) + 3] = login;
  }

  pop(): void {
    const { ring, head } = this;
    if (this.size === 0) return;
    if (--this.size === 0 || ring === null) return this.take(-1, 0, 0, 0);
    this.take(ring[head] as number, ring[head + 1] as number, ring[head + 2] as number, ring[head + 3] as number);
    this.head = (head + FIELDS) % ring.length;
  }

  clear(): void {
    this.size = 0;
    this.take(-1, 0, 0, 0);
  }

  private take(verb: number, line: number, form: number, login: number): void {
    this.verb = verb;
    this.line = line;
    this.form = form;
    this.login = login;
  }

  /** Puts a command into the ring; `size` counts it already. */
  private append(verb: number, line: number, form: number): void {
    const behind = this.size - 2;
    let ring = (this.ring ??= new Int32Array(FIRST_COMMANDS * FIELDS));
    if (behind * FIELDS === ring.length) ring = this.grow(ring);
    const at = this.index(ring, behind);
    ring[at] = verb;
    ring[at + 1] = line;
    ring[at + 2] = form;
    ring[at + 3] = 0;
  }

  private index(ring: Int32Array, position: number): number {
    return (this.head + position * FIELDS) % ring.length;
  }

  private grow(ring: Int32Array): Int32Array {
    const larger = new Int32Array(ring.length * 2);
    larger.set(ring.subarray(this.head));
    larger.set(ring.subarray(0, this.head), ring.length - this.head);
    this.head = 0;
    return (this.ring = larger);
  }
}
