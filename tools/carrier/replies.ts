import { z } from 'zod';

const window = z.object({ weekdays: z.array(z.number()).default([]), fromSec: z.number(), untilSec: z.number() }).loose();

export const limits = z.object({
  hours: z.array(window).default([]), timeZone: z.string().default('UTC'), concurrentCallsMax: z.number().optional(), callsPerSecMax: z.number().optional(),
  asrPpmMin: z.number().optional(), acdSecMin: z.number().optional(), pddMsMax: z.number().optional(), attemptCountMin: z.number(), lockSec: z.number(),
  codecs: z.array(z.string()).default([]), attestationMin: z.string().default(''), accountsOnly: z.array(z.string()).default([]), accountsNot: z.array(z.string()).default([]),
});
export type Limits = z.infer<typeof limits>;

export const limited = z.object({ limits });

const callerId = z.object({ rule: z.string(), number: z.string().default(''), stripDigits: z.number().default(0), addPrefix: z.string().default('') });
export type CallerId = z.infer<typeof callerId>;

export const gateways = z.array(z.object({
  name: z.string(), gateway: z.object({ address: z.string().default(''), callerId: callerId.optional() }).loose().optional(), gatewayId: z.number(),
  priority: z.number().default(0), weight: z.number().default(0), suspended: z.boolean().default(false), groups: z.array(z.string()).default([]), groupIds: z.array(z.number()).default([]),
}));
export type NamedGateway = z.infer<typeof gateways>[number];

export const providers = z.object({
  providers: z.array(z.object({
    providerId: z.number(), carrierCode: z.string(), name: z.string().default(''), active: z.boolean(), priority: z.number().default(0),
    gateway: z.object({ address: z.string().default('') }).loose().optional(), limits: limits.optional(), gateways: gateways.default([]),
  })),
});
export type Provider = z.infer<typeof providers>['providers'][number];

const money = z.object({ amount: z.string(), currency: z.string() });
export const balance = z.object({ left: money.optional() });
const figure = z.number().optional();
export const measured = z.object({
  windowSec: z.number(),
  qualities: z.array(z.object({
    carrierCode: z.string(), destination: z.string().default(''), attemptCount: z.number(), asrPercent: figure, nerPercent: figure, acdSec: figure, pddMs: figure,
    lockedUntil: z.string().optional(), lockedFor: z.string().default(''),
  })),
  balances: z.array(z.object({ carrierCode: z.string(), stated: money, statedAt: z.string(), spent: money, left: money })).default([]),
  capacities: z.array(z.object({
    carrierCode: z.string(), concurrentCalls: z.number(), concurrentCallsMax: figure, callsPerSec: z.number(), callsPerSecMax: figure,
  })).default([]),
});
export type Measured = z.infer<typeof measured>;
