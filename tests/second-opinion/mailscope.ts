/** Mailscope's own view of a capture in the numbers that tshark can give too. */
import { PROTOCOLS, type MailProtocol } from '../../shared/session.js';
import { inspectOctets } from '../captures/inspect-octets.js';
import { readCapture } from '../captures/real-captures.js';
import type { Count, Counts } from './tshark.js';

export function countWithMailscope(path: string): Counts {
  const { sessions } = inspectOctets(readCapture(path));
  const count = (protocol: MailProtocol): Count => {
    const own = sessions.filter((session) => session.protocol === protocol);
    return { sessions: own.length, commands: own.reduce((sum, { commands }) => sum + commands, 0) };
  };
  const [smtp, pop3, imap] = PROTOCOLS.map(count) as [Count, Count, Count];
  return { smtp, pop3, imap };
}
