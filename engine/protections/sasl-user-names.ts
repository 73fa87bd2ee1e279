/**
 * How long the names and the password in one SASL response are. In: a response
 * as it crossed, also one that is still growing. Out: lengths in octets as
 * decoded, never the octets. PLAIN has two names; NTLM says its lengths itself.
 */
import type { AuthStepEvent } from '../protocols/events.js';
import { findCredentials, type CredentialRanges } from '../protocols/sasl/credentials.js';

export interface ResponseLengths {
  /** The longest name in it; -1 when it has none. */
  readonly user: number;
  readonly password: number;
}

/** Lengths in the response of this step. */
export function responseLengths(event: AuthStepEvent): ResponseLengths {
  const { decoded, mechanism } = event;
  if (decoded === null) return NONE;
  const beyond = octetsBeyond(event, decoded);
  if (mechanism === 'NTLM') return { user: ntlmNameLength(decoded), password: -1 };
  const ranges: CredentialRanges = { userStart: -1, userEnd: -1, passwordStart: -1, passwordEnd: -1 };
  findCredentials(mechanism, event.step, decoded, ranges);
  const rest = (start: number, end: number): number =>
    start === -1 ? -1 : end - start + (end === decoded.length ? beyond : 0);
  const user = rest(ranges.userStart, ranges.userEnd);
  const password = rest(ranges.passwordStart, ranges.passwordEnd);
  if (mechanism === 'PLAIN') return { user: Math.max(user, authorizationName(decoded, beyond)), password };
  // Without a space nothing of it is a digest.
  if (mechanism === 'CRAM-MD5' && user === -1) return { user: decoded.length + beyond, password };
  return { user, password };
}

const NONE: ResponseLengths = { user: -1, password: -1 };
/** Octets of a response that are decoded at most (RFC 4648: four characters are three octets). */
const DECODED_BYTES = 16_384;

function octetsBeyond(event: AuthStepEvent, decoded: Uint8Array): number {
  if (decoded.length < DECODED_BYTES) return 0;
  return Math.max(0, Math.floor((event.responseBytes * 3) / 4) - decoded.length);
}

/** RFC 4616: the first of three; a response that has no NUL so far is all name. */
function authorizationName(decoded: Uint8Array, beyond: number): number {
  const first = decoded.indexOf(0);
  return first === -1 ? decoded.length + beyond : first;
}

const SIGNATURE = 'NTLMSSP\0';
const AUTHENTICATE_MESSAGE = 3;
const TYPE_AT = 8;
/** [MS-NLMP] 2.2.1.3: length, room and place of the user name, and the flags. */
const NAME_AT = 36;
const FLAGS_AT = 60;
const UNICODE = 1;

/** Characters of the user name according to an AUTHENTICATE message; -1 for any other message. */
function ntlmNameLength(decoded: Uint8Array): number {
  if (decoded.length < NAME_AT + 8) return -1;
  for (let i = 0; i < SIGNATURE.length; i++) if (decoded[i] !== SIGNATURE.charCodeAt(i)) return -1;
  if (decoded[TYPE_AT] !== AUTHENTICATE_MESSAGE) return -1;
  const octets = (decoded[NAME_AT] as number) | ((decoded[NAME_AT + 1] as number) << 8);
  const isUnicode = ((decoded[FLAGS_AT] ?? 0) & UNICODE) !== 0;
  return isUnicode ? Math.ceil(octets / 2) : octets;
}
