import { z } from 'zod';

const terms = z.looseObject({
  sec: z.number(), period: z.string(), timeZone: z.string().optional(), prefixes: z.array(z.string()), weight: z.number(), covers: z.string(),
  validFrom: z.string().optional(), validUntil: z.string().optional(),
});

/** A grant as the API tells it. */
export const grant = z.looseObject({
  grantId: z.string(),
  sequence: z.number(),
  party: z.object({ cardId: z.string().optional(), accountCode: z.string().optional() }).optional(),
  plan: z.object({ tariffId: z.number().optional(), voipPlanId: z.number().optional() }).optional(),
  bundle: z.string().optional(),
  terms,
});
export type Grant = z.infer<typeof grant>;

export const grants = z.object({ grants: z.array(grant), more: z.boolean() });

/** What is left of a grant. */
export const balance = z.looseObject({
  grant, expiresAt: z.string().optional(), grantedSec: z.number(), usedSec: z.number(), heldSec: z.number(), availableSec: z.number(),
});
export type Balance = z.infer<typeof balance>;

export const balances = z.object({ balances: z.array(balance) });
