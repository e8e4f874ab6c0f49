import { isRefusalCode, refusals } from '@tollwire/contracts';
import { z } from 'zod';

/** A card as the API tells it. */
export const cardReply = z.looseObject({
  cardId: z.string(), cardTypeId: z.number().default(0), resellerId: z.number().default(0), batchId: z.string().default(''), status: z.string(),
  sold: z.boolean().default(false), paid: z.boolean().default(false), firstUsedAt: z.string().optional(), expiresAt: z.string().optional(),
  clis: z.array(z.string()).default([]), hasPin: z.boolean().default(false),
});
export type CardReply = z.infer<typeof cardReply>;

export const cardsReply = z.object({ cards: z.array(cardReply).default([]), nextAfterCardId: z.string().default('') });

export const changedReply = z.object({ changedCount: z.number(), refused: z.record(z.string(), z.string()).default({}), unchanged: z.array(z.string()).default([]) });
export type ChangedReply = z.infer<typeof changedReply>;

export const policyReply = z.looseObject({
  switchId: z.string().default(''), trunk: z.string().default(''), unknownCli: z.string(), cardTypeId: z.number().default(0), bindMax: z.number().default(0),
});
export type PolicyReply = z.infer<typeof policyReply>;

/** A card in one line: how it stands, and what else is to know. */
export function cardLine({ cardId, status, batchId, sold, paid, firstUsedAt, expiresAt, clis, hasPin }: CardReply): string {
  const facts = [
    status, `batch ${batchId}`, sold ? 'sold' : 'not sold', paid ? 'paid' : 'not paid', ...(firstUsedAt === undefined ? [] : [`first used ${firstUsedAt}`]),
    ...(expiresAt === undefined ? [] : [`until ${expiresAt}`]), ...(hasPin ? ['has a PIN'] : []), ...(clis.length === 0 ? [] : [`calls from ${clis.join(', ')}`]),
  ];
  return `${cardId}: ${facts.join(', ')}`;
}

/** What an order came to: how many changed, and each that did not, with why and what to do about it. */
export function changedLines(order: string, { changedCount, refused, unchanged }: ChangedReply): string[] {
  return [
    `${order}: ${changedCount} changed${changedCount === 0 ? ', so nothing is different now' : ''}`,
    ...unchanged.map((cardId) => `${cardId}: was so already`),
    ...Object.entries(refused).map(([cardId, code]) => `${cardId}: left as it is: ${isRefusalCode(code) ? `${refusals[code].title}. ${refusals[code].next} [${code}]` : code}`),
  ];
}

/** What an order ends with: 0 where each card is as was ordered and one of them newly so. */
export function changedExit({ changedCount, refused }: ChangedReply): number {
  return changedCount > 0 && Object.keys(refused).length === 0 ? 0 : 1;
}

/** A policy in one line: where, and what. */
export function policyLine({ switchId, trunk, unknownCli, cardTypeId, bindMax }: PolicyReply): string {
  const where = switchId === '' ? 'everywhere else' : trunk === '' ? `switch ${switchId}` : `trunk ${trunk} of switch ${switchId}`;
  const made = unknownCli === 'create' ? ` a card of type ${cardTypeId}` : '';
  return `${where}: ${unknownCli}${made}${bindMax === 0 ? '' : `, up to ${bindMax} callers bound by PIN`}`;
}
