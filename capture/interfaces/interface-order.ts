/** The order in which people look for an interface. */
import type { CaptureInterface, InterfaceKind } from '../../shared/capture.js';

type Ordered = Pick<CaptureInterface, 'name' | 'kind' | 'isUp' | 'addresses'>;

const KINDS: readonly InterfaceKind[] = [
  'ethernet',
  'wireless',
  'bridge',
  'tunnel',
  'virtual',
  'other',
  'any',
  'loopback',
];
/** Made when it is needed first: to make one takes longer than to inspect a small capture. */
let natural: Intl.Collator | null = null;

/** Compares: up with addresses first, then `any`, loopback, up without addresses, down; physical before virtual. */
export function byUsefulness(a: Ordered, b: Ordered): number {
  return rank(a) - rank(b) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || byName(a.name, b.name);
}

function byName(a: string, b: string): number {
  natural ??= new Intl.Collator('en', { numeric: true });
  return natural.compare(a, b);
}

function rank({ kind, isUp, addresses }: Ordered): number {
  if (!isUp) return 4;
  if (kind === 'any') return 1;
  if (kind === 'loopback') return 2;
  return addresses.length > 0 ? 0 : 3;
}
