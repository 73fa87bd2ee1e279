/**
 * Commands that wait for their answer, oldest first (RFC 2449 6.6). A ring of
 * numbers that grows to its bound; what would go beyond pushes the oldest out.
 */
import { LIMIT_DEFAULTS } from '../../limits.js';

/** Numbers per command: verb, line, form, login. */
const FIELDS = 4;

export class Pending {
  size = 0;
  private ring = new Int32Array(16 * FIELDS);
  private head = 0;

  /** A command was sent in `line`; `form` is that of its answer. */
  push(verb: number, line: number, form: number): void {
    if (this.size === LIMIT_DEFAULTS.pendingCommands) this.pop();
    if (this.size * FIELDS === this.ring.length) this.grow();
    const at = this.index(this.size);
    this.ring[at] = verb;
    this.ring[at + 1] = line;
    this.ring[at + 2] = form;
    this.ring[at + 3] = 0;
    this.size++;
  }

  /** The login that the newest command's answer decides. */
  setLastLogin(login: number): void {
    if (this.size > 0) this.ring[this.index(this.size - 1) + 3] = login;
  }

  /** Verb of the oldest command, -1 when there is none. */
  get verb(): number {
    return this.size === 0 ? -1 : (this.ring[this.head] as number);
  }

  get line(): number {
    return this.size === 0 ? 0 : (this.ring[this.head + 1] as number);
  }

  get form(): number {
    return this.size === 0 ? 0 : (this.ring[this.head + 2] as number);
  }

  get login(): number {
    return this.size === 0 ? 0 : (this.ring[this.head + 3] as number);
  }

  pop(): void {
    if (this.size === 0) return;
    this.head = (this.head + FIELDS) % this.ring.length;
    this.size--;
  }

  clear(): void {
    this.size = 0;
    this.head = 0;
  }

  private index(position: number): number {
    return (this.head + position * FIELDS) % this.ring.length;
  }

  private grow(): void {
    const larger = new Int32Array(this.ring.length * 2);
    larger.set(this.ring.subarray(this.head));
    larger.set(this.ring.subarray(0, this.head), this.ring.length - this.head);
    this.ring = larger;
    this.head = 0;
  }
}
