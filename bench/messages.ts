/** Made-up mail: header, a few paragraphs and, for large messages, a base64 attachment. CRLF line ends. */
import type { Random } from './random.js';

const WORDS =
  'the of mail server meeting invoice attached please find below regards tomorrow project harbour wall report number question answer thank you for your order delivery week plan budget draft version'.split(
    ' ',
  );
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE64_LINE = 76;

function sentence(random: Random): string {
  const words = Array.from({ length: random.between(6, 12) }, () => random.pick(WORDS));
  return `${words.join(' ')}.`;
}

export function address(random: Random, domain = 'example.org'): string {
  return `${random.pick(WORDS)}.${random.pick(WORDS)}${random.below(100)}@${domain}`;
}

/** Different lines of an attachment; more would change nothing that a reader of lines can notice. */
const POOL_LINES = 101;

function base64Line(random: Random): string {
  let line = '';
  for (let i = 0; i < BASE64_LINE; i++) line += BASE64[random.below(64)];
  return line;
}

function base64Lines(random: Random, lengthBytes: number): string {
  const pool = Array.from({ length: POOL_LINES }, () => base64Line(random));
  const lines: string[] = [];
  for (let made = 0; made < lengthBytes; made += BASE64_LINE + 2) lines.push(random.pick(pool));
  return lines.join('\r\n');
}

/** A message with an attachment of about `attachmentBytes` encoded octets (0 for none); ends with CRLF. */
export function message(random: Random, attachmentBytes: number): string {
  const header = [
    `From: ${address(random)}`,
    `To: ${address(random)}`,
    `Subject: ${sentence(random)}`,
    'Date: Sat, 21 Nov 2026 08:00:00 +0000',
    `Message-ID: <${random.below(1e9)}.${random.below(1e9)}@example.org>`,
    'MIME-Version: 1.0',
  ];
  const text = Array.from({ length: random.between(3, 12) }, () => sentence(random)).join('\r\n');
  if (attachmentBytes === 0) return `${header.join('\r\n')}\r\nContent-Type: text/plain\r\n\r\n${text}\r\n`;
  return [
    ...header,
    'Content-Type: multipart/mixed; boundary="part-4711"',
    '',
    '--part-4711',
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
    '--part-4711',
    'Content-Type: application/pdf; name="report.pdf"',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename="report.pdf"',
    '',
    base64Lines(random, attachmentBytes),
    '--part-4711--',
    '',
  ].join('\r\n');
}

/** A message of three lines; ends with CRLF. */
export function shortMessage(random: Random): string {
  return `From: ${address(random)}\r\nSubject: ${random.pick(WORDS)}\r\n\r\n${random.pick(WORDS)}\r\n`;
}
