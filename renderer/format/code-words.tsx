/** A text of the product's own in which `code` stands between backticks, as on the page: never for captured text. */
import type { ReactNode } from 'react';

/** Every second piece is code; a backtick without a partner stays as it is. */
export function withCode(text: string): ReactNode {
  const pieces = text.split('`');
  if (pieces.length === 1) return text;
  const paired = pieces.length % 2 === 1 ? pieces.length : pieces.length - 1;
  return pieces.map((piece, at) => {
    if (at >= paired) return `\`${piece}`;
    return at % 2 === 1 ? <code key={at}>{piece}</code> : piece;
  });
}
