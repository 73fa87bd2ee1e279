/**
 * What each channel accepts: one schema per channel of `shared/ipc.ts`. Input
 * that does not fit is refused before any code sees it. Sizes are bounded.
 */
import { z, type ZodType } from 'zod';
import { CAPTURE_ENGINES } from '../../shared/capture.js';
import type { InvokeChannel, InvokeChannels, LiveStart } from '../../shared/ipc.js';
import type { ViewSpec } from '../../shared/inspection.js';
import { POLICY_DOCUMENT } from '../policy/document-shape.js';
import { SETTING_SHAPES } from '../settings.js';

type Schemas = { readonly [C in InvokeChannel]: ZodType<InvokeChannels[C]['input']> };

const NOTHING = z.null();
const ID = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const INDEX = z
  .number()
  .int()
  .min(0)
  .max(2 ** 40);
const REVEAL = z.boolean();
/** Longest path that an operating system takes, with room. */
const PATH = z
  .string()
  .min(1)
  .max(32_768)
  .refine((path) => !path.includes('\0'), 'holds a NUL');

const SPEC_FIELDS = {
  kind: z.enum(['sessions', 'violations']),
  sort: z.strictObject({ column: z.string().max(64), descending: z.boolean() }),
  search: z.string().max(1000),
};
/** With or without `sessionId`; a present `undefined`, as structured clone keeps it, counts as absent. */
const SPEC: ZodType<ViewSpec> = z
  .strictObject({ ...SPEC_FIELDS, sessionId: ID.optional() })
  .transform(({ sessionId, ...spec }) => (sessionId === undefined ? spec : { ...spec, sessionId }));

/** Linux allows 15 characters, Windows names a device by its GUID. */
const INTERFACE = z
  .string()
  .min(1)
  .max(256)
  .refine((name) => !name.includes('\0'), 'holds a NUL');
const FILTER = z
  .string()
  .max(4096)
  .refine((filter) => !filter.includes('\0'), 'holds a NUL');
const LIVE_START: ZodType<LiveStart> = z
  .strictObject({
    interfaceName: INTERFACE,
    engine: z.enum(['auto', ...CAPTURE_ENGINES]).optional(),
    filter: FILTER.optional(),
    promiscuous: z.boolean().optional(),
  })
  .transform(({ interfaceName, ...options }) => ({ interfaceName, ...withoutUndefined(options) }));

const SETTINGS_CHANGE = z.strictObject(SETTING_SHAPES).partial().transform(withoutUndefined);

export const INPUT_SCHEMAS: Schemas = {
  'interfaces:list': NOTHING,
  'interfaces:listen': z.strictObject({ listening: z.boolean() }),
  'live:start': LIVE_START,
  'live:stop': NOTHING,
  'live:pause': z.strictObject({ paused: z.boolean() }),
  'live:save': NOTHING,
  'live:default-filter': z.strictObject({ interfaceName: INTERFACE }),
  'live:check-filter': z.strictObject({ interfaceName: INTERFACE, filter: FILTER }),
  'live:left': NOTHING,
  'live:reopen': z.strictObject({ folder: PATH }),
  'live:remove': z.strictObject({ folder: PATH }),
  'window:close': NOTHING,
  'clipboard:write': z.strictObject({ text: z.string().min(1).max(4096) }),
  'app:info': NOTHING,
  'settings:get': NOTHING,
  'settings:set': SETTINGS_CHANGE,
  'recent:list': NOTHING,
  'recent:clear': NOTHING,
  'capture:choose': NOTHING,
  'capture:open': z.strictObject({ path: PATH }),
  'capture:open-sample': NOTHING,
  'capture:cancel': NOTHING,
  'capture:close': NOTHING,
  'capture:reinspect': NOTHING,
  'capture:status': NOTHING,
  'view:open': SPEC,
  'view:change': z.strictObject({ viewId: ID, spec: SPEC }),
  'view:rows': z.strictObject({ viewId: ID, from: INDEX, count: z.number().int().min(0).max(1000) }),
  'view:index-of': z.strictObject({ viewId: ID, id: ID }),
  'view:close': z.strictObject({ viewId: ID }),
  'session:transcript': z.strictObject({
    sessionId: ID,
    reveal: REVEAL,
    expand: z.array(ID).max(10_000),
    from: INDEX,
    count: z.number().int().min(0).max(20_000),
  }),
  'session:facts': z.strictObject({ sessionId: ID, reveal: REVEAL }),
  'session:findings': z.strictObject({ sessionId: ID }),
  'session:hex': z.strictObject({
    sessionId: ID,
    direction: z.enum(['to_server', 'to_client']),
    offset: INDEX,
    count: z.number().int().min(0).max(65_536),
    reveal: REVEAL,
  }),
  'protections:list': NOTHING,
  'policy:get': NOTHING,
  'policy:check': z.strictObject({ document: POLICY_DOCUMENT }),
  'policy:apply': z.strictObject({ document: POLICY_DOCUMENT, path: PATH.nullable() }),
  'policy:import': NOTHING,
  'policy:export': z.strictObject({ document: POLICY_DOCUMENT }),
};

/** The same without keys whose value is undefined, which JSON and the contract do not know. */
function withoutUndefined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const present = Object.entries(value).filter(([, content]) => content !== undefined);
  return Object.fromEntries(present) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
