import type { ChargeTerms, Pulses } from '@tollwire/telecom';
import { z } from 'zod';
import { amount, cents, date, increments, lengthSec, name, percent, prefixes, seconds, timeOfDay, timeOfDayFrom, weekdays, writtenInstant } from './fields.ts';

/** Pulses of a card type. */
export const pulses = z
  .strictObject({
    policy: z.enum(['first_pulse', 'incoming_leg']).default('first_pulse')
      .describe('Whether startpulse is the length of the first pulse, or is charged flat for the incoming leg, before the pulses.'),
    startpulseSec: seconds,
    frequencySec: lengthSec,
  })
  .meta({ id: 'pulses', description: 'Seconds are counted in pulses instead of increments.' });

/** What may be charged beside a rate: of a plan for all its rates, of a rate for itself. */
export const termsShape = {
  connectFee: amount.optional().describe('Once for an answered call.'),
  disconnectFee: amount.optional().describe('Once for an answered call of at least disconnectFeeAfterSec.'),
  disconnectFeeAfterSec: seconds.optional(),
  attemptFee: amount.optional().describe('A customer pays it once, where the last attempt failed; a carrier charges each that failed.'),
  minCharge: amount.optional().describe('What a charged call costs at least, before tax.'),
  minDurationSec: seconds.optional().describe('Shorter calls cost nothing.'),
  addedGraceSec: seconds.optional().describe('Added to the conversation before it is charged.'),
  callTimeRounding: z.strictObject({ toSec: seconds, aboveSec: seconds }).optional()
    .describe('A call of more than aboveSec and less than toSec counts as toSec.'),
  blockCharge: z.strictObject({ amount, everySec: lengthSec }).optional().describe('A fee for every everySec seconds that are complete.'),
  maxCost: z.strictObject({ amount, strategy: z.enum(['free', 'disconnect']) }).optional()
    .describe('What a call costs at most, before tax: it goes on for nothing, or ends there.'),
  pulses: pulses.optional(),
  taxPercent: percent.optional(),
};

type StatedTerms = { readonly [Name in keyof typeof termsShape]?: z.output<(typeof termsShape)[Name]> };

/** The terms that are stated, as the engine has them; what is not stated is left out. */
export function chargeTermsOfStated(stated: StatedTerms): Partial<ChargeTerms> {
  const { callTimeRounding, blockCharge, maxCost } = stated;
  const terms: { readonly [Name in keyof ChargeTerms]: ChargeTerms[Name] | undefined } = {
    connectFeeNanos: stated.connectFee,
    disconnectFeeNanos: stated.disconnectFee,
    disconnectFeeAfterSec: stated.disconnectFeeAfterSec,
    attemptFeeNanos: stated.attemptFee,
    minChargeNanos: stated.minCharge,
    minDurationSec: stated.minDurationSec,
    addedGraceSec: stated.addedGraceSec,
    raisedToSec: callTimeRounding?.toSec,
    raisedAboveSec: callTimeRounding?.aboveSec,
    blockFeeNanos: blockCharge?.amount,
    blockSec: blockCharge?.everySec,
    maxCost: maxCost === undefined ? undefined : { nanos: maxCost.amount, strategy: maxCost.strategy },
    taxPpm: stated.taxPercent,
    pulses: stated.pulses satisfies Pulses | undefined,
  };
  return Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined));
}

const step = z
  .strictObject({
    from: seconds.describe('Seconds of the call at which the step begins; the first begins at 0.'),
    rate: amount,
    per: lengthSec.default(60).describe('The seconds that the rate is for.'),
    increment: lengthSec.default(1).describe('Counted from where the step begins.'),
    entryFee: amount.optional().describe('Taken once, when a call reaches the step.'),
  })
  .meta({ id: 'step' });

export const window = z
  .strictObject({
    name: name.default('').describe('For people, and in results.'),
    weekdays: weekdays.optional().describe('1 (Monday) to 7 (Sunday), or "Mon-Fri", "Sat,Sun"; "*": any.'),
    monthDays: z.array(z.int().min(1).max(31)).optional(),
    months: z.array(z.int().min(1).max(12)).optional(),
    years: z.array(z.int().min(1970).max(9999)).optional(),
    dates: z.array(date).min(1).optional().describe('Days by themselves, such as holidays.'),
    from: timeOfDayFrom.default(0).describe('Inclusive, by the clocks of the plan; "00:00" unless stated.'),
    until: timeOfDay.default(86_400).describe('Exclusive; not after from: the window runs past midnight and belongs to the day on which it began.'),
    weight: z.int().min(0).max(1_000_000).default(0).describe('Of windows that hold the heaviest counts, then the one that begins later in the day.'),
  })
  .superRefine(({ dates, monthDays, months, years }, context) => {
    if (dates !== undefined && (monthDays ?? months ?? years) !== undefined) {
      context.addIssue({ code: 'custom', path: ['dates'], message: 'cannot stand beside monthDays, months or years' });
    }
  })
  .meta({ id: 'window', description: 'When a rate counts; what is not stated is any.' });

const rateObject = z.strictObject({
  prefix: prefixes.describe('1 to 15 digits at the start of numbers, or several of them.'),
  rate: amount.optional().describe('What `per` seconds cost.'),
  ratePerMin: amount.optional(),
  rateCents: cents.optional(),
  per: lengthSec.optional().describe('The seconds that `rate` is for; 60 unless stated.'),
  increments: increments.optional().describe('A first block and the increments after it, as "30/6"; "1/1" unless stated.'),
  initialIncrement: seconds.optional(),
  increment: lengthSec.optional(),
  steps: z.array(step).min(1).max(100).optional().describe('Instead of a rate: progressive rates, in rising order.'),
  window: window.optional(),
  validFrom: writtenInstant.optional().describe('Inclusive.'),
  validUntil: writtenInstant.optional().describe('Exclusive.'),
  knownFrom: writtenInstant.optional().describe('When the rate was loaded: a call with an earlier knownAt does not see it.'),
  blocked: z.boolean().default(false).describe('The destination is refused, not priced.'),
  ...termsShape,
});

type RateIssue = { readonly path: readonly (string | number)[]; readonly message: string };

/** One rate of a plan or carrier. */
export const rate = rateObject
  .superRefine((stated, context) => {
    for (const { path, message } of faultsOf(stated)) context.addIssue({ code: 'custom', path: [...path], message });
  })
  .meta({ id: 'rate' });

export type StatedWindow = z.output<typeof window>;
export type StatedRate = z.output<typeof rate>;

function faultsOf(stated: z.output<typeof rateObject>): RateIssue[] {
  const { rate: per, ratePerMin, rateCents, steps, blocked, increments: pair, initialIncrement, increment } = stated;
  const prices = [per, ratePerMin, rateCents, steps].filter((price) => price !== undefined).length;
  const issue = (message: string, ...path: (string | number)[]): RateIssue => ({ path, message });
  return [
    ...(prices === 0 && !blocked ? [issue('must have a rate, ratePerMin, rateCents or steps, or be blocked')] : []),
    ...(prices > 1 ? [issue('must have only one of rate, ratePerMin, rateCents and steps')] : []),
    ...(stated.per !== undefined && per === undefined ? [issue('belongs to rate', 'per')] : []),
    ...(pair !== undefined && (initialIncrement ?? increment) !== undefined ? [issue('stands instead of initialIncrement and increment', 'increments')] : []),
    ...(steps !== undefined && (pair ?? initialIncrement ?? increment) !== undefined ? [issue('has increments of its own in each step', 'steps')] : []),
    ...(steps ?? []).flatMap(({ from }, at, all) => {
      const rises = at === 0 ? from === 0 : from > (all[at - 1]?.from ?? 0);
      return rises ? [] : [issue('must begin at 0, and each later one after the one before', 'steps', at, 'from')];
    }),
  ];
}
