/** Numbers for the names that cross between the halves, and the names again. */
import type { SessionEnd, SessionProtocol } from '../../shared/session.js';

export const PROTOCOL_NUMBER: Readonly<Record<SessionProtocol, number>> = {
  smtp: 0,
  pop3: 1,
  imap: 2,
  tls: 3,
  failed: 4,
};
export const PROTOCOL_NAMES = namesOf(PROTOCOL_NUMBER);

export const END_NUMBER: Readonly<Record<SessionEnd, number>> = {
  open: 0,
  closed: 1,
  reset: 2,
  timeout: 3,
  replaced: 4,
  'capture-end': 5,
};
export const END_NAMES = namesOf(END_NUMBER);

function namesOf<Name extends string>(numbers: Readonly<Record<Name, number>>): readonly Name[] {
  const names: Name[] = [];
  for (const name of Object.keys(numbers) as Name[]) names[numbers[name]] = name;
  return names;
}
