/** An address with its port as text: `10.0.0.25:25`, `[2001:db8::1]:25`. */
import type { Endpoint } from '../../shared/session.js';

/** IPv6 addresses stand in brackets (RFC 3986 section 3.2.2). */
export function endpointText({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
