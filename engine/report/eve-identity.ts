/**
 * Numbers and names of EVE records that must stay the same between runs and
 * versions: signature ids, severities, application protocols.
 */
import type { Severity } from '../../shared/severity.js';

/** Suricata counts severity from 1, the worst. */
export const EVE_SEVERITY: Readonly<Record<Severity, number>> = { critical: 1, high: 2, medium: 3, low: 4, info: 5 };

const FIRST_SIGNATURE = 1_000_000_000;
const SIGNATURES = 1_000_000_000;

/**
 * Signature id of a protection: permanent because it is computed from the permanent id
 * (32-bit FNV-1a), and far from the ranges that public rule sets use.
 */
export function signatureId(protection: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < protection.length; i++) {
    hash = Math.imul(hash ^ protection.charCodeAt(i), 0x01000193);
  }
  return FIRST_SIGNATURE + ((hash >>> 0) % SIGNATURES);
}
