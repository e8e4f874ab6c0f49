import { type CodedRefusal, FixedPolicy as WirePolicy, MadeFrom as WireMadeFrom, type MakeDeckRequest, RoundingMode as WireRounding } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { formatNanos } from '@tollwire/telecom';
import type { FixedPolicy, MadeFrom, MakeRule } from '../domain/made-rate.ts';
import { roundingModeOf } from '../wire/deck-kind.ts';

const policies: Readonly<Record<number, FixedPolicy>> = {
  [WirePolicy.UNSPECIFIED]: 'carrier_plus_margin',
  [WirePolicy.MAX]: 'max',
  [WirePolicy.MIN]: 'min',
  [WirePolicy.FIXED]: 'fixed',
  [WirePolicy.CARRIER_PLUS_MARGIN]: 'carrier_plus_margin',
};

/** A million units per minute, as an import takes at most. */
const AMOUNT_NANOS_MAX = 1_000_000n * 1_000_000_000n;
const INCREMENT_SEC_MAX = 3_600;
const CARRIERS_MAX = 100;

/** How the rates are to be made. Refuses amounts below 0 or above 1,000,000 units, an average of none, and half of the increments. */
export function makeRuleOf(request: MakeDeckRequest): Result<MakeRule, CodedRefusal> {
  const from = madeFromOf(request);
  if (!from.ok) return from;
  const policy = policies[request.policy];
  if (policy === undefined) return refuse({ code: 'field_malformed', field: 'policy', detail: 'Give policy as max, min, fixed or carrier_plus_margin.' });
  const rounding = request.roundingMode === WireRounding.UNSPECIFIED ? 'up' : roundingModeOf(request.roundingMode);
  if (rounding === undefined) return refuse({ code: 'field_malformed', field: 'roundingMode', detail: 'Give roundingMode as up, down or half up.' });
  for (const field of ['marginPerMinNanos', 'marginMinPerMinNanos', 'floorPerMinNanos', 'stepNanos', 'connectFeeNanos'] as const) {
    const amount = request[field] ?? 0n;
    if (amount < 0n || amount > AMOUNT_NANOS_MAX) return refuse({ code: 'field_out_of_range', field, detail: `Give ${field} from 0 to 1,000,000 units.` });
  }
  const { initialIncrementSec, incrementSec } = request;
  if (incrementSec > INCREMENT_SEC_MAX || initialIncrementSec > INCREMENT_SEC_MAX || (incrementSec === 0) !== (initialIncrementSec === 0)) {
    return refuse({ code: 'field_out_of_range', field: 'incrementSec', detail: 'Give both increments from 1 to 3,600 seconds, or neither.' });
  }
  return ok({
    from: from.value,
    marginPpm: BigInt(request.marginPpm),
    marginNanos: request.marginPerMinNanos,
    marginMinNanos: request.marginMinPerMinNanos,
    floorNanos: request.floorPerMinNanos,
    stepNanos: request.stepNanos === 0n ? 1n : request.stepNanos,
    rounding,
    policy,
    increments: incrementSec === 0 ? undefined : { initialIncrementSec, incrementSec },
    connectFeeNanos: request.connectFeeNanos,
  });
}

function madeFromOf({ carrierPlanIds, madeFrom, averageCount }: MakeDeckRequest): Result<MadeFrom, CodedRefusal> {
  if (carrierPlanIds.length === 0) return refuse({ code: 'field_missing', field: 'carrierPlanIds', detail: 'Give the carrier plans that the rates are made from.' });
  if (carrierPlanIds.length > CARRIERS_MAX) return refuse({ code: 'too_many_items', field: 'carrierPlanIds', detail: `Give at most ${CARRIERS_MAX} carrier plans.` });
  if (madeFrom === WireMadeFrom.AVERAGE) {
    if (averageCount === 0) return refuse({ code: 'field_missing', field: 'averageCount', detail: 'Say of how many of the cheapest the average is.' });
    return ok({ take: 'average', count: averageCount });
  }
  return ok({ take: madeFrom === WireMadeFrom.DEAREST ? 'dearest' : 'cheapest' });
}

/** The rule in words, for who looks at the version. */
export function ruleText(rule: MakeRule): string {
  const parts = [
    rule.from.take === 'average' ? `average of the cheapest ${rule.from.count}` : `the ${rule.from.take}`,
    rule.marginPpm > 0n && `+ ${formatNanos(rule.marginPpm * 100_000n, 0)} %`,
    rule.marginNanos > 0n && `+ ${formatNanos(rule.marginNanos, 0)}`,
    rule.marginMinNanos > 0n && `at least + ${formatNanos(rule.marginMinNanos, 0)}`,
    rule.floorNanos > 0n && `floor ${formatNanos(rule.floorNanos, 0)}`,
    rule.stepNanos > 1n && `rounded ${rule.rounding} to ${formatNanos(rule.stepNanos, 0)}`,
    rule.increments !== undefined && `increments ${rule.increments.initialIncrementSec}/${rule.increments.incrementSec}`,
    rule.policy !== 'carrier_plus_margin' && `policy ${rule.policy}`,
  ];
  return parts.filter((part) => part !== false).join(', ');
}
