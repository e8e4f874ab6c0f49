import { z } from 'zod';

const cardTypeReply = z.looseObject({
  cardTypeId: z.number(), description: z.string().default(''), value: z.object({ amount: z.string(), currency: z.string() }), tariffId: z.number(), lifetimeDays: z.number().default(0),
  expiresFrom: z.string().default('activation'), expiresAt: z.string().optional(), activatesOnUse: z.boolean().default(false), frequencySec: z.number().default(0),
  startpulseSec: z.number().default(0), incomingLeg: z.boolean().default(false), active: z.boolean().default(false),
});
export const cardTypeOffer = z.object({ cardTypeId: z.number(), active: z.boolean().default(false), changed: z.boolean().default(false) });
export const cardTypesReply = z.object({ cardTypes: z.array(cardTypeReply).default([]) });

/** A card type in one line: what a card of it is worth, how long it lives, and how its calls are billed. */
export function cardTypeLine(type: z.infer<typeof cardTypeReply>): string {
  const { cardTypeId, description, value, tariffId, activatesOnUse, active } = type;
  const facts = [
    `${value.amount} ${value.currency}`, `tariff ${tariffId}`, lifeOf(type), ...(activatesOnUse ? ['its first call activates it'] : []), ...pulsesOf(type), ...(active ? [] : ['inactive']),
  ];
  return `${cardTypeId} ${description}: ${facts.join(', ')}`;
}

function lifeOf({ lifetimeDays, expiresFrom, expiresAt }: z.infer<typeof cardTypeReply>): string {
  if (expiresAt !== undefined) return `until ${expiresAt}`;
  return lifetimeDays === 0 ? 'lives for ever' : `lives ${lifetimeDays} days from ${expiresFrom}`;
}

function pulsesOf({ frequencySec, startpulseSec, incomingLeg }: z.infer<typeof cardTypeReply>): string[] {
  if (frequencySec === 0) return [];
  const first = startpulseSec === 0 ? '' : incomingLeg ? `${startpulseSec} s for the incoming leg and ` : `${startpulseSec} s and `;
  return [`billed in ${first}${frequencySec} s`];
}

/** Whether cards are made of a type now, and whether that is new. */
export function cardTypeOfferLine({ cardTypeId, active, changed }: z.infer<typeof cardTypeOffer>): string {
  const stands = active ? 'cards are made of it' : 'no cards are made of it; those that were made go on';
  return `card type ${cardTypeId}: ${stands}${changed ? '' : ', as before: nothing changed'}`;
}
