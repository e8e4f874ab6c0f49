import type { JsonSchema } from '../http/reply-schema.ts';

const money = { $ref: '#/components/schemas/Money' };
const count = { type: 'integer' };
const text = { type: 'string' };

/** The JSON of a forecast. */
export const deckForecastReply: JsonSchema = {
  type: 'object',
  properties: {
    callCount: count,
    lookedAtCount: { ...count, description: 'Ratings that were looked at to find the calls.' },
    isPartial: { type: 'boolean', description: 'There were more ratings than are looked at for one forecast; ask for fewer days.' },
    destinations: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          countryCode: text, countryName: text, subcode: text, callCount: count, minutes: { ...text, example: '12.50' },
          unpricedCount: { ...count, description: 'Calls that the version has no price for; they count with 0 after.' },
          marginUnknownCount: { ...count, description: 'Calls in neither margin: a price is missing, or no exchange rate leads from the currency of a carrier.' },
          sellBefore: money, sellAfter: money, buyBefore: money, buyAfter: money, marginBefore: money, marginAfter: money,
        },
      },
    },
  },
};
