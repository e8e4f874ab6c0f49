import { z } from 'zod';
import { argumentsOf } from './cli/arguments.ts';
import { Misuse } from './cli/stop.ts';
import { tell, type Told } from './cli/told.ts';
import { type CardTypeOptions, cardTypeBody, cardTypeIdOf } from './card/type-options.ts';
import { cardTypeLine, cardTypeOffer, cardTypeOfferLine, cardTypesReply } from './card/type-lines.ts';
import { runningApi } from './client/connect.ts';

export const summary = 'creates the types that cards are made of, lists, withdraws and offers them';

export const help = `
./tollwire cardtype create TEXT --value 10.00 --currency EUR --tariff ID
                           [--days N [--from activation|first_use|making] | --until INSTANT] [--on-use]
                           [--pulse SEC [--first-pulse SEC] [--incoming-leg]] [--inactive] [--json]
./tollwire cardtype list [--json]
./tollwire cardtype withdraw ID [--json]     no cards are made of it from now on; those that were made go on
./tollwire cardtype offer ID [--json]        cards are made of it again

The terms of a type stand once it is created: cards that were sold by them keep them. TEXT says what it is; create makes another type
each time, also of the same TEXT.

  --value, --currency   the credit of each card, in whole cents
  --tariff ID           the tariff that its calls are sold by (./tollwire plan list tariff)
  --days N              how long a card lives, from its activation, or from what --from says; without it, for ever
  --until INSTANT       or the same end for all cards
  --on-use              the first call activates a card; otherwise ./tollwire card activate does
  --pulse SEC           the increment that calls are billed in, instead of those of the rate
  --first-pulse SEC     the first increment; with --incoming-leg charged flat for the incoming leg, before the pulses
  --inactive            no cards are made of it
`;

const options = {
  value: { type: 'string' }, currency: { type: 'string' }, tariff: { type: 'string' }, days: { type: 'string' }, from: { type: 'string' }, until: { type: 'string' },
  'on-use': { type: 'boolean' }, pulse: { type: 'string' }, 'first-pulse': { type: 'string' }, 'incoming-leg': { type: 'boolean' }, inactive: { type: 'boolean' }, json: { type: 'boolean' },
} as const;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals: [action, description] } = argumentsOf(args, options, { create: 1, list: 0, withdraw: 1, offer: 1 });
  return tell(await answerOf(action, description, values), values.json);
}

async function answerOf(action: string | undefined, description: string | undefined, values: CardTypeOptions): Promise<Told> {
  switch (action) {
    case 'create': {
      const created = await runningApi().post('/v1/card-types', cardTypeBody(description, values), z.object({ id: z.number() }));
      return { json: created, lines: [`card type ${created.id}: ./tollwire card make BATCH --type ${created.id} --quantity N makes cards of it`] };
    }
    case 'list': {
      const listed = await runningApi().get('/v1/card-types', cardTypesReply);
      return { json: listed, lines: listed.cardTypes.length === 0 ? ['none'] : listed.cardTypes.map(cardTypeLine) };
    }
    case 'withdraw':
    case 'offer': {
      const told = await runningApi().post(`/v1/card-types/${cardTypeIdOf(description, action)}/${action}`, {}, cardTypeOffer);
      return { json: told, lines: [cardTypeOfferLine(told)], exitCode: told.changed ? 0 : 1 };
    }
    case undefined:
    default:
      throw new Misuse('Say what to do: ./tollwire cardtype create "Ten euros" --value 10.00 --currency EUR --tariff 1');
  }
}
