import type { JsonSchema } from '../http/reply-schema.ts';

const money = { $ref: '#/components/schemas/Money' };
const count = { type: 'integer' };
const text = { type: 'string' };
const minutes = { ...text, example: '12.50' };

/** The JSON of a comparison of two policies. */
export const whatIfReply: JsonSchema = {
  type: 'object',
  properties: {
    callCount: { ...count, description: 'Answered calls of the plan that were compared.' },
    lookedAtCount: { ...count, description: 'Calls that were looked at to find them.' },
    unpricedCount: { ...count, description: 'Answered calls of the plan that have no price now, and were left out.' },
    isPartial: { type: 'boolean', description: 'There were more calls than are looked at for one question; ask for fewer days.' },
    destinations: {
      type: 'array',
      items: {
        type: 'object',
        description: 'Money is of the calls that both policies route, at a cost that is known in the currency of the sale.',
        properties: {
          countryCode: text, countryName: text, subcode: text, callCount: count, minutes,
          movedCount: { ...count, description: 'Calls whose first carrier is another one.' },
          unroutedBeforeCount: count, unroutedAfterCount: count,
          unknownCount: { ...count, description: 'Calls without an exchange rate from the currency of a carrier.' },
          sell: money, sellAfter: { ...money, description: 'Another amount only where the plan sells by the carrier.' }, costBefore: money, costAfter: money, marginBefore: money, marginAfter: money,
        },
      },
    },
    moves: { type: 'array', items: { type: 'object', properties: { from: text, to: text, callCount: count, minutes } } },
  },
};
