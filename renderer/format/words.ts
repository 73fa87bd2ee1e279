/** The words of closed sets: severities, protocols, TLS use, ends, actions. */
import type { SessionProtocol, TlsUse } from '../../shared/session.js';
import type { Severity } from '../../shared/severity.js';
import type { Violation } from '../../shared/violation.js';

export const SEVERITY_WORD: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
};

export const PROTOCOL_WORD: Readonly<Record<SessionProtocol, string>> = {
  smtp: 'SMTP',
  pop3: 'POP3',
  imap: 'IMAP',
  tls: 'TLS',
  failed: 'Unknown',
};

export const TLS_WORD: Readonly<Record<TlsUse, string>> = {
  none: 'none',
  offered: 'offered',
  starttls: 'STARTTLS',
  implicit: 'implicit',
};

export const ACTION_WORD: Readonly<Record<Violation['action'], string>> = {
  detect: 'Detected, not blocked',
  prevent: 'Prevented',
};

export const ACTION_SHORT: Readonly<Record<Violation['action'], string>> = { detect: 'Detect', prevent: 'Prevent' };

/** `10.0.0.25:25`, with brackets around IPv6. */
export function formatEndpoint(endpoint: { readonly address: string; readonly port: number }): string {
  return endpoint.address.includes(':')
    ? `[${endpoint.address}]:${endpoint.port}`
    : `${endpoint.address}:${endpoint.port}`;
}
