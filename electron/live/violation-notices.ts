/**
 * Announces severe violations of a live capture on the desktop. In: violations
 * as they become known. Out: notifications with the names of protection and
 * attack and the two addresses, never with captured text; a click leads to the
 * violation.
 */
import { Notification } from 'electron';
import type { NotifyChoice } from '../../shared/ipc.js';
import type { Violation } from '../../shared/violation.js';
import { NoticeLimit } from './notice-limit.js';
import { isWorthNotice, noticeWords } from './notice-words.js';

/** Notifications that can still be clicked: they must not be collected before. */
const HELD = 50;

export interface NoticeSurroundings {
  readonly from: () => NotifyChoice;
  readonly clicked: (violation: Violation) => void;
}

export class ViolationNotices {
  readonly #surroundings: NoticeSurroundings;
  readonly #limit: NoticeLimit;
  readonly #held = new Set<Notification>();

  constructor(surroundings: NoticeSurroundings, limit: NoticeLimit = new NoticeLimit()) {
    this.#surroundings = surroundings;
    this.#limit = limit;
  }

  announce(violations: readonly Violation[]): void {
    const from = this.#surroundings.from();
    if (!Notification.isSupported()) return;
    for (const violation of violations) {
      if (!isWorthNotice(violation, from)) continue;
      if (this.#limit.admits(violation.protection, violation.client.address)) this.#show(violation);
    }
  }

  #show(violation: Violation): void {
    const notice = new Notification(noticeWords(violation));
    const forget = (): void => void this.#held.delete(notice);
    notice.on('click', () => {
      forget();
      this.#surroundings.clicked(violation);
    });
    notice.on('close', forget);
    const [oldest] = this.#held;
    if (this.#held.size >= HELD && oldest !== undefined) this.#held.delete(oldest);
    this.#held.add(notice);
    notice.show();
  }
}
