import { z } from 'zod';
import { onePayer, partyFields } from '../http/parties.ts';
import { accountCode, cardId, currency, instant, money, positiveMoney, rowId, text, title, whole } from '../http/primitives.ts';

/** Cards that one request may make or change. */
const cardsMax = 10_000;

export const reseller = z.strictObject({ username: text(20), password: z.string().min(8).max(128) });
export type Reseller = z.output<typeof reseller>;

/**
 * `frequencySec` and `startpulseSec` are the documented pulse (increment) and first pulse of a card's billing. With the policy
 * `incoming_leg` the startpulse is charged flat for the incoming leg, before the pulses. `lifetimeDays` runs from what
 * `expiresFrom` says; with `date` all cards of the type end at `expiresAt`. `activatesOnUse` lets the first call activate a card.
 */
export const cardType = z
  .strictObject({
    description: title,
    value: money.refine(({ nanos }) => nanos >= 0n, 'must not be negative'),
    tariffId: rowId,
    lifetimeDays: whole(0, 36_500).default(0),
    expiresFrom: z.enum(['activation', 'first_use', 'making', 'date']).default('activation'),
    expiresAt: instant.optional(),
    activatesOnUse: z.boolean().default(false),
    frequencySec: whole(0, 3600).default(0),
    startpulseSec: whole(0, 3600).default(0),
    pulsePolicy: z.enum(['first_pulse', 'incoming_leg']).default('first_pulse'),
    active: z.boolean().default(true),
  })
  .transform(({ pulsePolicy, expiresAt, ...type }) => ({ ...type, expiresAtUs: expiresAt ?? 0n, incomingLeg: pulsePolicy === 'incoming_leg' }));
export type CardType = z.output<typeof cardType>;

export const cardTypePath = z.strictObject({ cardTypeId: z.coerce.number().pipe(rowId) });
export type CardTypePath = z.output<typeof cardTypePath>;

/** `batchId` is the caller's: asked twice with the same one, the same cards are answered. */
export const cardBatch = z.strictObject({
  batchId: text(64),
  cardTypeId: rowId,
  resellerId: rowId.default(1),
  quantity: whole(1, cardsMax),
});
export type CardBatch = z.output<typeof cardBatch>;

/** `resellerId` acts for that reseller, who may touch only own cards; a reseller's key always acts for its own. */
export const cardSelection = z.strictObject({ cardIds: z.array(cardId).min(1).max(cardsMax), resellerId: rowId.optional() });
export type CardSelection = z.output<typeof cardSelection>;

export const account = z.strictObject({
  customerId: text(64),
  accountCodes: z.array(accountCode).min(1).max(100),
  voipPlanId: rowId,
  currency,
  postpaid: z.boolean().default(false),
  creditLimit: money.optional(),
  companyName: title.optional(),
});
export type Account = z.output<typeof account>;

/** `transferId` is the caller's: the same one posts once. */
export const credit = z
  .strictObject({ ...partyFields, amount: positiveMoney, transferId: text(64) })
  .check(onePayer);
export type Credit = z.output<typeof credit>;

export const cardPath = z.strictObject({ cardId });
export type CardPath = z.output<typeof cardPath>;

export const accountPath = z.strictObject({ accountCode });
export type AccountPath = z.output<typeof accountPath>;
