import { z } from 'zod';
import { onePlan, planFields } from '../http/parties.ts';
import { accountCode, carrierCode, instant, digest, prefix, price, rowId, whole } from '../http/primitives.ts';

const ppm = whole(0, 1_000_000);

const staticRoute = z
  .strictObject({ prefix, carrierCodes: z.array(carrierCode).min(1).max(100), exclusive: z.boolean().default(false) })
  .meta({ description: 'Carriers that go first for numbers with the prefix; the others are failover, or out where it is exclusive.' });

const status = z.array(whole(300, 699)).max(200).default([]);
const failover = z
  .strictObject({ q850: z.array(whole(1, 999)).max(200).default([]), sipGoesOn: status, sipStops: status })
  .meta({ description: 'Which answers of a carrier go on to the next one: Q.850 causes in place of the usual ones, and SIP statuses whatever their cause says. The switch is told all of it.' });

const policy = z
  .strictObject({
    prefixMode: z.enum(['longest_per_carrier', 'longest_overall', 'tiered']).optional(),
    order: z.enum(['least_cost', 'priority', 'sell_price', 'quality', 'weights']).optional(),
    delta: price.optional().meta({ description: 'Of least_cost: prices within it of the cheapest of their group are equal, and priority decides.' }),
    deltaPpm: ppm.optional(),
    seed: whole(0, 4_294_967_295).optional(),
    expectedSec: whole(1, 86_400).optional().meta({ description: 'How long the call is whose exact price is compared; 60 where nothing is said.' }),
    lossAllowed: z.boolean().optional(),
    marginPpmMin: ppm.optional().meta({ description: 'Sell less buy, in millionths of the sell price.' }),
    marginMin: price.optional().meta({ description: 'Sell less buy of the expected call.' }),
    staticRoutes: z.array(staticRoute).max(1_000).optional(),
    metrics: z.array(z.strictObject({ carrierPlanId: rowId, metric: whole(0) })).max(1_000).optional(),
    weights: z.array(z.strictObject({ carrierCode, weight: whole(0) })).max(1_000).optional(),
    failover: failover.optional(),
    sellRateMax: price.optional().meta({ description: 'The destination rate limit: a call that sells for more a minute is refused before any carrier is looked at.' }),
    blacklisted: z.enum(['stop', 'mark']).optional().meta({ description: 'What becomes of a call to a number on the blacklist; stopped where nothing is said.' }),
  })
  .transform(({ delta, marginMin, sellRateMax, staticRoutes, metrics, weights, ...terms }) => ({
    ...(staticRoutes === undefined ? {} : { staticRoutes }),
    ...(metrics === undefined ? {} : { metrics }),
    ...(weights === undefined ? {} : { weights }),
    ...Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined)),
    ...(delta === undefined ? {} : { deltaNanos: delta }),
    ...(marginMin === undefined ? {} : { marginMinNanos: marginMin }),
    ...(sellRateMax === undefined ? {} : { sellRateMaxNanos: sellRateMax }),
  }));

/** How the calls of a plan are routed from now on, as a whole: what is not said is as in least cost. */
export const routingPolicy = z.strictObject({ ...planFields, policy }).check(onePlan);
export type RoutingPolicyBody = z.output<typeof routingPolicy>;

/** Calls of a plan by one policy and by another; one that is not stated is the plan's own. */
export const whatIfBody = z
  .strictObject({
    ...planFields,
    before: policy.optional().meta({ description: 'The plan’s own, where nothing is said.' }),
    after: policy.optional().meta({ description: 'The plan’s own, where nothing is said.' }),
    decks: z.array(z.strictObject({ ownerId: rowId, digest })).max(10).default([])
      .meta({ description: 'Versions of carrier plans that need not be in force: the second of the two goes over these.' }),
    from: instant.optional().meta({ description: 'Calls that began from here; a week before the end, where nothing is said.' }),
    until: instant.optional().meta({ description: 'Until here; now, where nothing is said.' }),
    accountCode: accountCode.optional(),
  })
  .check(onePlan, somethingCompared);
export type WhatIfBody = z.output<typeof whatIfBody>;

function somethingCompared(context: z.core.ParsePayload<{ before?: unknown; after?: unknown; decks: readonly unknown[] }>): void {
  const { before, after, decks } = context.value;
  if (before !== undefined || after !== undefined || decks.length > 0) return;
  context.issues.push({ code: 'custom', message: 'is missing: state the policy, or the decks, to compare with the plan’s own', input: undefined, path: ['after'] });
}
