/**
 * The states of a POP3 conversation (PROTECTIONS 1.2) and how commands and
 * answers move them. The *confirmed* state moves with answers; the *sent* one
 * moves with commands, as if each will be accepted, because a pipelined command
 * is judged by what was sent before it (RFC 2449 6.6).
 */
import { needsLogin, VERB } from './grammar.js';

export const STATE = {
  connect: 'CONNECT',
  authorization: 'AUTHORIZATION',
  userSent: 'USER_SENT',
  auth: 'AUTH',
  transaction: 'TRANSACTION',
  update: 'UPDATE',
  closed: 'CLOSED',
  refused: 'REFUSED',
  tlsWait: 'TLS_WAIT',
  tls: 'TLS',
  uninspectable: 'UNINSPECTABLE',
  unknown: 'UNKNOWN',
} as const;
export type State = (typeof STATE)[keyof typeof STATE];

/** State after a command was sent; `isExchange` for AUTH with a mechanism. */
export function stateWhenSent(state: State, verb: number, isExchange: boolean): State {
  switch (verb) {
    case VERB.AUTH:
      return isExchange ? STATE.auth : state;
    case VERB.STLS:
      return STATE.tlsWait;
    default:
      return stateWhenAccepted(state, verb, isExchange);
  }
}

/** State after the command was answered `+OK` or `-ERR`. */
export function stateWhenAnswered(state: State, verb: number, accepted: boolean, isExchange: boolean): State {
  if (accepted) return stateWhenAccepted(state, verb, isExchange);
  const isLogin = verb === VERB.USER || verb === VERB.PASS || verb === VERB.APOP || (verb === VERB.AUTH && isExchange);
  return isLogin && state !== STATE.transaction ? STATE.authorization : state;
}

function stateWhenAccepted(state: State, verb: number, isExchange: boolean): State {
  switch (verb) {
    case VERB.USER:
      return state === STATE.transaction ? state : STATE.userSent;
    case VERB.PASS:
    case VERB.APOP:
      return STATE.transaction;
    case VERB.AUTH:
      return isExchange ? STATE.transaction : state;
    case VERB.STLS:
      return STATE.tls;
    case VERB.QUIT:
      return state === STATE.transaction ? STATE.update : STATE.closed;
    default:
      return state === STATE.unknown && needsLogin(verb) ? STATE.transaction : state;
  }
}

/** Where a command stands that is met in the middle: the state in which it is legal. */
export function stateWhereLegal(verb: number): State {
  if (needsLogin(verb)) return STATE.transaction;
  switch (verb) {
    case VERB.PASS:
      return STATE.userSent;
    case VERB.USER:
    case VERB.APOP:
    case VERB.AUTH:
    case VERB.STLS:
    case VERB.UTF8:
      return STATE.authorization;
    default:
      return STATE.unknown;
  }
}
