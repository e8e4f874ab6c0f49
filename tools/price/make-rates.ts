import type { MakeRule } from '../../services/catalog/src/domain/made-rate.ts';
import { madeRates } from '../../services/catalog/src/domain/made-rates.ts';
import { RateColumns } from '../../services/catalog/src/domain/rate-columns.ts';
import type { DeckRow } from '../../services/rating/src/price-file/deck.ts';
import type { MadeFrom } from '../../services/rating/src/price-file/made-from.schema.ts';
import type { Making } from '../../services/rating/src/price-file/made-deck.ts';

/** Makes the rates of a plan of a document as the catalog makes a deck: by the same walk over the carriers' rates, and the same arithmetic. */
export function makeRates({ carriers, fixed, rule }: Making): DeckRow[] {
  const sources = carriers.map(({ rates, exchange }) => ({ rates: RateColumns.of(rates), exchange }));
  const walk = madeRates({ carriers: sources, fixed: RateColumns.of(fixed), atUs: 0, rule: makeRuleOf(rule) });
  for (let step = walk.next(); ; step = walk.next()) {
    if (step.done === true) return rowsOf(step.value);
  }
}

function rowsOf(rates: RateColumns): DeckRow[] {
  return Array.from({ length: rates.size }, (_, at) => ({ profile: undefined, ...rates.rateAt(at) }));
}

function makeRuleOf({ take, averageCount = 1, rounding, policy, increments, connectFee, ...stated }: MadeFrom): MakeRule {
  return {
    from: take === 'average' ? { take, count: averageCount } : { take },
    marginPpm: BigInt(stated.marginPercent ?? 0),
    marginNanos: stated.margin ?? 0n,
    marginMinNanos: stated.marginMin ?? 0n,
    floorNanos: stated.floor ?? 0n,
    stepNanos: stated.step ?? 1n,
    rounding,
    policy,
    increments: increments && { initialIncrementSec: increments.initialSec, incrementSec: increments.nextSec },
    connectFeeNanos: connectFee,
  };
}
