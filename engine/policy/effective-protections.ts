/** Joins what protections declare with what a profile and a policy file say about them. */
import type { PolicyEntry } from '../../shared/policy.js';
import type { Action } from '../../shared/violation.js';
import { CATALOGUE } from '../protections/catalogue.js';
import type { ActiveProtection, EffectivePolicy, InactiveProtection } from './policy.js';
import { resolveSettings } from './settings.js';

/** What a profile or a file says about one protection; what is absent comes from the layer below. */
export type ProtectionEntry = PolicyEntry;

/** The whole catalogue in two parts. Layers from the lowest (the profile) to the highest, by id; checked before. */
export function effectiveProtections(
  ...layers: readonly ReadonlyMap<string, ProtectionEntry>[]
): Pick<EffectivePolicy, 'active' | 'inactive'> {
  const active: ActiveProtection[] = [];
  const inactive: InactiveProtection[] = [];
  for (const protection of CATALOGUE) {
    const entries = layers.map((layer) => layer.get(protection.id) ?? {});
    const action = entries.reduce<Action>((below, entry) => entry.action ?? below, protection.defaultAction);
    const overrides = entries.flatMap((entry) => Object.entries(entry.settings ?? {}));
    const settings = resolveSettings(protection.settings, Object.fromEntries(overrides));
    const servers = entries.reduce<readonly string[] | null>((below, entry) => entry.servers ?? below, null);
    if (action === 'off') inactive.push({ protection, settings, servers });
    else active.push({ protection, action, settings, servers });
  }
  return { active, inactive };
}
