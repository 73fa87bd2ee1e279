/** Kept header fields to the summary that transactions carry: decoded, bounded, display-safe. */
import type { EmailSummary } from '../../../shared/transaction.js';
import { displayText } from '../../text/display.js';
import { parseAddressList } from './address-list.js';
import { decodeHeaderText } from './encoded-word.js';
import { FIELD, isBlank, type FieldNumber } from './field-names.js';
import type { KeptFields } from './kept-fields.js';
import { parameterText, readParameters } from './parameters.js';

const TEXT_CHARACTERS = 1000;

/** Decodes what was kept of one message. */
export function summarize(kept: KeptFields): Omit<EmailSummary, 'status'> {
  return {
    from: addresses(kept, FIELD.from).join(', '),
    to: addresses(kept, FIELD.to),
    cc: addresses(kept, FIELD.cc),
    subject: text(kept, FIELD.subject, true),
    messageId: text(kept, FIELD.messageId, false),
    date: text(kept, FIELD.date, false),
    attachment: attachments(kept),
  };
}

function addresses(kept: KeptFields, field: FieldNumber): string[] {
  const start = kept.ranges[field * 2] as number;
  return start === -1 ? [] : parseAddressList(kept.octets, start, kept.ranges[field * 2 + 1] as number);
}

function text(kept: KeptFields, field: FieldNumber, decode: boolean): string {
  let start = kept.ranges[field * 2] as number;
  let end = kept.ranges[field * 2 + 1] as number;
  if (start === -1) return '';
  while (start < end && isBlank(kept.octets[start] as number)) start++;
  while (end > start && isBlank(kept.octets[end - 1] as number)) end--;
  return decode
    ? decodeHeaderText(kept.octets, start, end, TEXT_CHARACTERS)
    : displayText(kept.octets, start, end, TEXT_CHARACTERS);
}

/** Content-Disposition's `filename` before Content-Type's `name` (RFC 2183 2.3). */
function attachments(kept: KeptFields): string[] {
  const names: string[] = [];
  for (let i = 0; i < kept.parts.length; i += 4) {
    const name =
      fileName(kept, kept.parts[i] as number, kept.parts[i + 1] as number, 'filename') ||
      fileName(kept, kept.parts[i + 2] as number, kept.parts[i + 3] as number, 'name');
    if (name !== '') names.push(name);
  }
  return names;
}

function fileName(kept: KeptFields, start: number, end: number, parameter: string): string {
  return start === -1 ? '' : parameterText(readParameters(kept.octets, start, end), parameter);
}
