/**
 * The states of an SMTP conversation and how commands and replies move them
 * (RFC 5321 4.1.4, 4.3.2). Two states run side by side: the *confirmed* one
 * moves when a reply arrives, the *sent* one when a command is sent, as if it
 * will be accepted (RFC 2920: a pipelined command is judged by what was sent).
 */
import { PENDING, VERB } from './verbs.js';

export const STATE = {
  connect: 0,
  greeted: 1,
  ready: 2,
  mail: 3,
  rcpt: 4,
  data: 5,
  eodWait: 6,
  bdat: 7,
  bdatIdle: 8,
  auth: 9,
  refused: 10,
  tlsWait: 11,
  tls: 12,
  quitWait: 13,
  closing: 14,
  closed: 15,
  uninspectable: 16,
  unknown: 17,
} as const;
export type State = (typeof STATE)[keyof typeof STATE];

const NAMES: readonly string[] = [
  'CONNECT',
  'GREETED',
  'READY',
  'MAIL',
  'RCPT',
  'DATA',
  'EOD_WAIT',
  'BDAT',
  'BDAT_IDLE',
  'AUTH_X',
  'REFUSED',
  'TLS_WAIT',
  'TLS',
  'QUIT_WAIT',
  'CLOSING',
  'CLOSED',
  'UNINSPECTABLE',
  'UNKNOWN',
];

/** Name as the events carry it. */
export function stateName(state: State): string {
  return NAMES[state] as string;
}

/** State after a command was sent and before anything is known of its fate. */
export function stateWhenSent(state: State, verb: number): State {
  switch (verb) {
    case VERB.EHLO:
    case VERB.HELO:
    case VERB.LHLO:
      return STATE.ready;
    case VERB.MAIL:
    case VERB.SEND:
    case VERB.SOML:
    case VERB.SAML:
      return STATE.mail;
    case VERB.RCPT:
      return state === STATE.mail ? STATE.rcpt : state;
    case VERB.DATA:
      return STATE.data;
    case VERB.BDAT:
      return STATE.bdatIdle;
    case PENDING.lastChunk:
    case PENDING.endOfData:
      return STATE.eodWait;
    case VERB.RSET:
      return stateAfterReset(state);
    case VERB.AUTH:
    case VERB['X-EXPS']:
    case VERB.XAUTH:
      return STATE.auth;
    case VERB.STARTTLS:
    case VERB.TLS:
    case VERB['X-ANONYMOUSTLS']:
      return STATE.tlsWait;
    case VERB.QUIT:
      return STATE.quitWait;
    default:
      return state;
  }
}

/** State after `verb` was answered with `code` (three digits). */
export function stateWhenAnswered(state: State, verb: number, code: number): State {
  if (code === 421) return STATE.closing;
  const accepted = code >= 200 && code < 400;
  switch (verb) {
    case PENDING.greeting:
      return accepted ? STATE.greeted : code >= 400 ? STATE.refused : STATE.uninspectable;
    case PENDING.endOfData:
    case PENDING.lastChunk:
      return STATE.ready;
    case VERB.BDAT:
      return accepted ? STATE.bdatIdle : STATE.ready;
    case VERB.DATA:
      return code === 354 ? STATE.data : state;
    case VERB.AUTH:
    case VERB['X-EXPS']:
    case VERB.XAUTH:
      return code === 334 ? STATE.auth : state;
    default:
      return accepted ? stateWhenAccepted(state, verb, code) : state;
  }
}

function stateWhenAccepted(state: State, verb: number, code: number): State {
  switch (verb) {
    case VERB.EHLO:
    case VERB.HELO:
    case VERB.LHLO:
      return STATE.ready;
    case VERB.MAIL:
    case VERB.SEND:
    case VERB.SOML:
    case VERB.SAML:
      return STATE.mail;
    case VERB.RCPT:
      return STATE.rcpt;
    case VERB.RSET:
      return stateAfterReset(state);
    case VERB.STARTTLS:
    case VERB.TLS:
    case VERB['X-ANONYMOUSTLS']:
      return code === 220 ? STATE.tls : state;
    case VERB.XCLIENT:
      return code === 220 ? STATE.greeted : state;
    case VERB.QUIT:
      return STATE.closed;
    default:
      return state;
  }
}

/** Where a command stands that is met in the middle: the state in which it is legal. */
export function stateWhereLegal(verb: number): State {
  switch (verb) {
    case VERB.EHLO:
    case VERB.HELO:
    case VERB.LHLO:
      return STATE.greeted;
    case VERB.RCPT:
      return STATE.mail;
    case VERB.DATA:
    case VERB.BDAT:
    case PENDING.lastChunk:
      return STATE.rcpt;
    default:
      return STATE.ready;
  }
}

function stateAfterReset(state: State): State {
  return state === STATE.connect || state === STATE.greeted || state === STATE.refused ? state : STATE.ready;
}
