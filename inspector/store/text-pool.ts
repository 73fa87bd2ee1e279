/**
 * Makes equal texts the same object: a million sessions name a few thousand
 * addresses, users and replies. A table of fixed size, each place holding the
 * last text that fell on it: what it misses costs memory, never correctness.
 */
import type { Endpoint, SessionSummary } from '../../shared/session.js';
import type { SeverityCounts } from '../../shared/severity.js';

/** A power of two. */
const PLACES = 16_384;
const NO_TEXTS: readonly string[] = [];
const NO_NUMBERS: readonly number[] = [];
const NO_FINDINGS: SeverityCounts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };

export class TextPool {
  readonly #texts: string[] = Array<string>(PLACES).fill('');

  /** The pooled equal of a text. */
  share(text: string): string {
    if (text === '') return '';
    const place = placeOf(text);
    const known = this.#texts[place] as string;
    if (known === text) return known;
    this.#texts[place] = text;
    return text;
  }

  /** The same summary, its texts and empty lists shared with those of others. */
  shareSummary(summary: SessionSummary): SessionSummary {
    return {
      ...summary,
      client: this.#endpoint(summary.client),
      server: this.#endpoint(summary.server),
      tlsVersion: this.share(summary.tlsVersion),
      sni: this.share(summary.sni),
      helo: this.share(summary.helo),
      user: this.share(summary.user),
      mailFrom: this.share(summary.mailFrom),
      rcptTo: this.share(summary.rcptTo),
      lastReply: this.share(summary.lastReply),
      violations: summary.worst === null ? NO_FINDINGS : summary.violations,
      tags: summary.tags.length === 0 ? NO_TEXTS : summary.tags.map((tag) => this.share(tag)),
      vlan: summary.vlan.length === 0 ? NO_NUMBERS : summary.vlan,
    };
  }

  #endpoint(endpoint: Endpoint): Endpoint {
    return { address: this.share(endpoint.address), port: endpoint.port };
  }
}

/** From the length and the last octets, which differ most among addresses and names. */
function placeOf(text: string): number {
  let hash = text.length;
  for (let i = Math.max(0, text.length - 16); i < text.length; i++)
    hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash & (PLACES - 1);
}
