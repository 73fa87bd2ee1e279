/**
 * The states of an IMAP conversation (PROTECTIONS 1.3) and how commands and
 * completions move them. The *sent* state moves with commands, as if each will be
 * accepted, because clients pipeline; the *confirmed* one with completions.
 */
import { needsLogin, VERB } from './grammar.js';

export const STATE = {
  connect: 'CONNECT',
  notAuth: 'NOTAUTH',
  auth: 'AUTH',
  authd: 'AUTHD',
  selected: 'SELECTED',
  idling: 'IDLING',
  logout: 'LOGOUT',
  tlsWait: 'TLS_WAIT',
  tls: 'TLS',
  compressed: 'COMPRESSED',
  uninspectable: 'UNINSPECTABLE',
  unknown: 'UNKNOWN',
} as const;
export type State = (typeof STATE)[keyof typeof STATE];

/** State after a command was sent and before anything is known of its fate. */
export function stateWhenSent(state: State, verb: number): State {
  switch (verb) {
    case VERB.AUTHENTICATE:
      return STATE.auth;
    case VERB.STARTTLS:
      return STATE.tlsWait;
    case VERB.IDLE:
      return STATE.idling;
    case VERB.COMPRESS:
      return state;
    default:
      return stateWhenAccepted(state, verb);
  }
}

/** State after a completion: OK, or NO and BAD. */
export function stateWhenAnswered(state: State, verb: number, accepted: boolean): State {
  if (accepted) return stateWhenAccepted(state, verb);
  // A failed SELECT leaves no mailbox selected (RFC 9051 6.3.2).
  return (verb === VERB.SELECT || verb === VERB.EXAMINE) && state === STATE.selected ? STATE.authd : state;
}

function stateWhenAccepted(state: State, verb: number): State {
  switch (verb) {
    case VERB.LOGIN:
    case VERB.AUTHENTICATE:
    case VERB.CLOSE:
    case VERB.UNSELECT:
      return STATE.authd;
    case VERB.SELECT:
    case VERB.EXAMINE:
      return STATE.selected;
    case VERB.UNAUTHENTICATE:
      return STATE.notAuth;
    case VERB.LOGOUT:
      return STATE.logout;
    case VERB.STARTTLS:
      return STATE.tls;
    case VERB.COMPRESS:
      return STATE.compressed;
    default:
      return state === STATE.unknown && needsLogin(verb) ? STATE.authd : state;
  }
}

/** Where a command stands that is met in the middle: the least state in which it is legal. */
export function stateWhereLegal(verb: number): State {
  if (needsLogin(verb)) return STATE.authd;
  return verb === VERB.LOGIN || verb === VERB.AUTHENTICATE || verb === VERB.STARTTLS ? STATE.notAuth : STATE.unknown;
}
