/** The sessions that are not over: entered and taken out without a look-up, because it happens for each. */
import type { Session } from './session.js';

export class LivingSessions implements Iterable<Session> {
  private readonly sessions: Session[] = [];

  add(session: Session): void {
    session.place = this.sessions.length;
    this.sessions.push(session);
  }

  /** Takes out a session that is in; the last one takes its place. */
  remove(session: Session): void {
    const { sessions } = this;
    const last = sessions.pop() as Session;
    if (last !== session) {
      sessions[session.place] = last;
      last.place = session.place;
    }
    session.place = -1;
  }

  has(session: Session): boolean {
    return session.place !== -1;
  }

  [Symbol.iterator](): Iterator<Session> {
    return this.sessions.values();
  }
}
