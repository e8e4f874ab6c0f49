import { callKey, type CodedRefusal, type RatingService } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { ServiceImplementation } from '@tollwire/messaging';
import { quotes } from '../as-of/quote-as-of.ts';
import { forecastDeck } from '../forecast/forecast-deck.ts';
import { routedByOf } from '../rated-calls/routed-by.ts';
import { readRatedCall } from '../rated-calls/read.ts';
import { parkedWith } from '../rated-calls/parked-with.ts';
import { ratingTotals } from '../rated-calls/totals.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { reratingAnswers } from '../rerate/rerating-answers.ts';
import { callRatedOf } from '../wire/call-rated.ts';
import { priceLinesOf } from '../wire/price-lines.ts';
import { buySteps, sellSteps } from './explain.ts';

function notRated(call: string, code: string | undefined): CodedRefusal {
  if (code === undefined) return { code: 'call_not_rated', detail: 'Ask again once its end was told.', facts: { call } };
  return { code: 'call_not_rated', detail: `It is parked with ${code}: mend that and re-drive it.`, facts: { call, parkedWith: code } };
}

const routedByCallsMax = 1_000;

type Needed = Pick<RatingDeps, 'database' | 'clock' | 'tables' | 'subscribers' | 'allowances' | 'catalog' | 'asOf' | 'authorized'>;

/** Answers every request to rating. */
export function ratingAnswers(deps: Needed): ServiceImplementation<typeof RatingService> {
  const { database, clock } = deps;
  return {
    quote: (request) => quotes(deps, request),
    explainCall: async ({ call }) => {
      if (call === undefined) return refuse({ code: 'field_missing', field: 'call' });
      const record = await readRatedCall(database, callKey(call));
      if (record === undefined) return refuse(notRated(callKey(call), await parkedWith(database, callKey(call))));
      const { rated: { sell, buy, durationSec }, answeredAt } = record;
      const talked = { answered: answeredAt !== undefined, durationSec };
      return ok({
        rated: callRatedOf(record), sellSteps: sellSteps(record), buySteps: buySteps(record),
        sellDerivation: priceLinesOf(sell, talked), buyDerivation: buy === undefined ? [] : priceLinesOf(buy, talked),
      });
    },
    listRoutedBy: async ({ calls }) => {
      if (calls.length > routedByCallsMax) return refuse({ code: 'too_many_items', field: 'calls', detail: `Ask for at most ${routedByCallsMax} calls.` });
      const numbers = await routedByOf(database, calls.map((call) => callKey(call)));
      const routed = calls.flatMap((call) => {
        const number = numbers.get(callKey(call));
        return number === undefined ? [] : [{ call, number }];
      });
      return ok({ routed });
    },
    forecastDeck: (request) => forecastDeck(deps, request),
    totals: () => ratingTotals(database),
    ...reratingAnswers({ database, clock }),
  };
}
