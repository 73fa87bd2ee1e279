/** Focuses the field that somebody asked for, once it is on the screen; fields say which they are in `data-policy-path`. */
import { useEffect, useRef } from 'react';
import type { FieldRequest } from '../store/policy-desk.js';

export function useFieldRequest(request: FieldRequest | null): void {
  const served = useRef(0);
  useEffect(() => {
    if (request === null || request.serial === served.current) return;
    const field = document.querySelector<HTMLElement>(`[data-policy-path="${CSS.escape(request.field)}"]`);
    // The catalogue may still be on its way; the next render tries again.
    if (field === null) return;
    served.current = request.serial;
    field.focus();
    field.scrollIntoView({ block: 'nearest' });
  });
}
