import type { ChargeTermsSchema } from '@tollwire/contracts';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { zoneOf } from '@tollwire/telecom';
import { z } from 'zod';
import { price, whole } from '../http/primitives.ts';

/** Longer than anything that counts seconds of one call is meant. */
const daySec = 86_400;
/** 1,000 %. */
const taxPercentMax = 1000;

const taxPercent = z
  .string()
  .regex(/^\d{1,4}(?:\.\d{1,4})?$/, 'must be a percentage with at most four decimals, as text')
  .transform((text) => {
    const [percent = '', fraction = ''] = text.split('.');
    return Number(percent) * 10_000 + Number(fraction.padEnd(4, '0'));
  })
  .refine((ppm) => ppm <= taxPercentMax * 10_000, 'must be at most 1000')
  .meta({ type: 'string', example: '23' });

/** What a plan charges beside its rates, where a rate states nothing else. Amounts are before tax, in the plan's currency. */
export const chargeTerms = z
  .strictObject({
    connectFee: price.optional(),
    disconnectFee: price.optional(),
    disconnectFeeAfterSec: whole(0, daySec).optional(),
    attemptFee: price.optional().meta({ description: 'For a call whose last attempt failed.' }),
    minCharge: price.optional(),
    minDurationSec: whole(0, daySec).optional().meta({ description: 'Shorter calls cost nothing.' }),
    addedGraceSec: whole(0, daySec).optional().meta({ description: 'Added to the conversation before it is charged.' }),
    raisedToSec: whole(0, daySec).optional().meta({ description: 'What a call of more than raisedAboveSec seconds counts as at least.' }),
    raisedAboveSec: whole(0, daySec).optional(),
    blockFee: price.optional().meta({ description: 'For every blockSec seconds that are complete.' }),
    blockSec: whole(0, daySec).optional(),
    maxCost: z.strictObject({ amount: price, strategy: z.enum(['free', 'disconnect']) }).optional(),
    taxPercent: taxPercent.optional(),
  })
  .transform(({ connectFee, disconnectFee, attemptFee, minCharge, blockFee, maxCost, taxPercent: taxPpm, ...seconds }) => {
    const amounts = { connectFeeNanos: connectFee, disconnectFeeNanos: disconnectFee, attemptFeeNanos: attemptFee, minChargeNanos: minCharge, blockFeeNanos: blockFee };
    const stated = Object.fromEntries(Object.entries({ ...amounts, ...seconds, taxPpm }).filter(([, value]) => value !== undefined));
    const limit = maxCost === undefined ? {} : { maxCost: { nanos: maxCost.amount, disconnects: maxCost.strategy === 'disconnect' } };
    return { ...stated, ...limit } satisfies MessageInitShape<typeof ChargeTermsSchema>;
  });

/** Whether a call that crosses into another time window is split there, or keeps the window that it began in. */
export const windowPolicy = z.enum(['split', 'start']).default('split');

/** The zone whose clocks the windows of a plan's rates go by. */
export const timeZone = z
  .string()
  .max(64)
  .refine((name) => zoneOf(name).ok, 'must be the IANA name of a time zone')
  .default('')
  .meta({ example: 'Europe/Madrid' });
