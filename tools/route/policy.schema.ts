import { z } from 'zod';
import { idleTerm } from '../../services/routing/src/domain/routing-policy.ts';
import { amount, lengthSec, name, percent } from '../../services/rating/src/price-file/fields.ts';

export const digits = z.string().regex(/^[1-9]\d{0,14}$/, 'must be 1 to 15 digits that do not begin with 0');
const country = z.string().regex(/^[A-Z]{2}$/, 'must be a country of two capital letters');
const listed = z.union([digits, country]).describe('A prefix, or a country of this document: all its prefixes.');

const staticRoute = z
  .strictObject({ prefix: digits, carriers: z.array(name).min(1), exclusive: z.boolean().default(false).describe('Whether other carriers are out; else they are failover.') })
  .meta({ id: 'staticRoute', description: 'Carriers that go first for numbers with the prefix, in this order. The longest prefix counts.' });

/** A share of a price: no more than the whole. */
const share = percent.refine((ppm) => ppm <= 1_000_000, 'must be at most 100').meta({ description: 'A percentage from 0 to 100, as decimal text.' });

const failover = z
  .strictObject({
    q850: z.array(z.int().min(0).max(999)).optional().describe('The causes that go on, instead of those that are usual.'),
    sipGoesOn: z.array(z.int().min(300).max(699)).default([]),
    sipStops: z.array(z.int().min(300).max(699)).default([]),
  })
  .meta({ id: 'failover', description: 'Which answers of a carrier go on to the next one.' });

/** How the calls of a plan are routed. */
export const routingPolicy = z
  .strictObject({
    prefixMode: z.enum(['longest_per_carrier', 'longest_overall', 'tiered']).default('longest_per_carrier'),
    order: z.enum(['least_cost', 'priority', 'sell_price', 'quality', 'weights']).default('least_cost'),
    delta: amount.optional().describe('Of least_cost: prices so close to the cheapest of their group are equal, and priority decides.'),
    deltaPercent: share.optional(),
    seed: z.int().min(0).max(4_294_967_295).default(0).describe('Of weights: another seed draws other orders.'),
    expectedSec: lengthSec.default(60).describe('How long the call is whose exact price is compared.'),
    lossAllowed: z.boolean().default(false),
    marginMin: amount.optional().describe('Sell less buy of the expected call.'),
    marginPercentMin: share.optional().describe('The same, of the sell price.'),
    metrics: z.record(name, z.int().min(0).max(1_000_000)).default({}).describe('By carrier; lower goes first where the order is priority.'),
    staticRoutes: z.array(staticRoute).default([]),
    ban: z.array(digits).default([]).describe('Prefixes that are refused before any carrier is looked at.'),
    whitelist: z.array(listed).default([]).describe('Goes before the blacklist.'),
    blacklist: z.array(listed).default([]),
    blacklisted: z.enum(['stop', 'mark']).default('stop'),
    sellRateMax: amount.optional().describe('The destination rate limit: a call that sells for more a minute is refused.'),
    failover: failover.default({ sipGoesOn: [], sipStops: [] }),
  })
  .superRefine(({ order, delta, deltaPercent, metrics, seed }, context) => {
    const idle = idleTerm(order, { delta: (delta ?? deltaPercent) !== undefined, metrics: Object.keys(metrics).length > 0, weights: false, seed: seed !== 0 });
    if (idle !== undefined) context.addIssue({ code: 'custom', path: ['order'], message: `must be ${idle.order} where ${idle.when}` });
  })
  .meta({ id: 'routing', description: 'How the calls of a plan are routed.' });

export type StatedPolicy = z.output<typeof routingPolicy>;
