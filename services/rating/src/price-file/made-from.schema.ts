import { z } from 'zod';
import { amount, increments, name, percent, writtenInstant } from './fields.ts';

/** As much as a deck says a minute may cost: a million units. */
const PER_MINUTE_NANOS_MAX = 1_000_000_000_000_000n;

const perMinute = amount.refine((nanos) => nanos <= PER_MINUTE_NANOS_MAX, 'must be at most 1000000');

/** How rates are made from what carriers charge: the fields of `POST /v1/decks/make`. */
export const madeFrom = z
  .strictObject({
    carriers: z.array(name).min(1).max(100).describe('Each counts with its longest prefix that covers the one that is made.'),
    take: z.enum(['cheapest', 'dearest', 'average']).default('cheapest').describe('Whose rate, of several.'),
    averageCount: z.int().min(1).max(100).optional().describe('Of how many of the cheapest the average is.'),
    marginPercent: percent.optional().describe('On the rate of the carrier, and on its fees.'),
    margin: perMinute.optional().describe('An amount per minute on top of that.'),
    marginMin: perMinute.optional().describe('A made rate is at least so much above that of the carrier.'),
    floor: perMinute.optional().describe('A made rate is never below this.'),
    step: perMinute.refine((nanos) => nanos > 0n, 'must be above 0').optional().describe('A made rate is a multiple of this.'),
    rounding: z.enum(['up', 'down', 'half_up']).default('up').describe('To a multiple of the step.'),
    increments: increments.optional().describe('Those of the carrier, unless stated.'),
    connectFee: perMinute.optional().describe('That of the carrier with the margin in percent, unless stated.'),
    policy: z.enum(['max', 'min', 'fixed', 'carrier_plus_margin']).default('carrier_plus_margin')
      .describe('Of a made rate and one that the plan states itself for the prefix: the dearer, the cheaper, the stated or the made one counts.'),
    at: writtenInstant.optional().describe('Made from the rates that are valid then; at the start of the first call, unless stated.'),
  })
  .superRefine(({ take, averageCount }, context) => {
    if ((take === 'average') === (averageCount !== undefined)) return;
    context.addIssue({ code: 'custom', path: ['averageCount'], message: 'must be stated for an average, and only for that' });
  })
  .meta({ id: 'madeFrom', description: 'Rates that are made from those of carriers, with a margin. Rates of the plan itself are the fixed ones beside them.' });

export type MadeFrom = z.output<typeof madeFrom>;
