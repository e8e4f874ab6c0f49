import { z } from 'zod';

const money = z.object({ amount: z.string(), currency: z.string() });

/** Dialling limits as the API tells them; 0 is none. */
export const setting = z.looseObject({
  name: z.string(), concurrentCallsMax: z.number(), callsPerSecMax: z.number(), callSecMax: z.number(), spendPerHourMax: money.optional(),
  spendPerDayMax: money.optional(), creditToCallMin: money.optional(), creditPolicy: z.string().default('all_free_credit'), sliceSec: z.number(), sliceAmount: money.optional(),
});
export type Setting = z.infer<typeof setting>;

export const settings = z.array(setting);

/** How an account or the cards of a type may dial. */
export const rules = z.looseObject({ setting: setting.optional(), suspendedAt: z.string().optional(), gatewayIds: z.array(z.number()).default([]), gatewayGroupIds: z.array(z.number()).default([]) });
export type Rules = z.infer<typeof rules>;

/** The same, and what of it is in use. */
export const dialling = z.looseObject({ rules: rules.optional(), openCalls: z.number(), spentThisHour: money, spentToday: money });
export type Dialling = z.infer<typeof dialling>;
