/**
 * What counts as a policy document before its meaning is judged: known keys,
 * the right kinds of values, bounded sizes. What the values mean, and whether
 * they are allowed, is the engine's to say.
 */
import { z, type ZodType } from 'zod';
import type { PolicyDocument } from '../../shared/policy.js';

/** Longest text of a policy document, in characters. */
export const LONGEST_DOCUMENT = 4 * 1024 * 1024;

const TEXT = z.string().max(20_000);
const LINES = z.array(TEXT).max(50_000);
const NAME = z.string().min(1).max(128);
const VALUE = z.union([z.number(), z.boolean(), TEXT, LINES]);

const ENTRY = z
  .strictObject({
    action: z.enum(['off', 'detect', 'prevent']),
    settings: z.record(NAME, VALUE),
    servers: LINES,
  })
  .partial();

const NETWORKS = z
  .strictObject({
    own: LINES,
    mailServers: LINES,
    relays: LINES,
    exchangeServers: LINES,
    trustedProxies: LINES,
    ownDomains: LINES,
  })
  .partial();

/** A document as it crosses from the page; a present `undefined` counts as absent. */
export const POLICY_DOCUMENT: ZodType<PolicyDocument> = z
  .strictObject({
    schema: z.literal(1),
    profile: NAME.optional(),
    networks: NETWORKS.optional(),
    protections: z.record(NAME, ENTRY).optional(),
    perimeter: LINES.optional(),
    limits: z.record(NAME, z.number()).optional(),
  })
  .refine((document) => JSON.stringify(document).length <= LONGEST_DOCUMENT, 'is too large')
  .transform((document) => JSON.parse(JSON.stringify(document)) as PolicyDocument);
