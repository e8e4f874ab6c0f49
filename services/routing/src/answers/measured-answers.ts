import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, MeasuredCarriersReplySchema, MeasuredCarriersRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Carrier } from '../domain/carriers.ts';
import { faultText } from '../domain/explain-route.ts';
import { hasCapacityLimit } from '../live/call-leases.ts';
import type { Quality } from '../live/measured-qualities.ts';
import type { RoutingDeps } from '../routing.deps.ts';

type Reply = MessageInitShape<typeof MeasuredCarriersReplySchema>;
type MeasuredDeps = Pick<RoutingDeps, 'router' | 'qualities' | 'leases' | 'balances' | 'qualityWindowSec' | 'clock'>;

/** What this instance routes by: what was measured of carriers, a second old at most, and their locks. */
export function measuredCarriers(
  { router, qualities, leases, balances, qualityWindowSec, clock }: MeasuredDeps, { carrierCode }: MeasuredCarriersRequest,
): Result<Reply, CodedRefusal> {
  const asked = router.carriers.filter((carrier) => carrierCode === '' || carrier.carrierCode === carrierCode);
  if (carrierCode !== '' && asked.length === 0) return refuse({ code: 'unknown_carrier', field: 'carrierCode', detail: 'There is no provider with this code' });
  const nowUs = clock.nowUs();
  return ok({
    windowSec: qualityWindowSec,
    qualities: asked.flatMap((carrier) => qualitiesOf(carrier, qualities.of(carrier.carrierCode), nowUs)),
    balances: asked.flatMap((carrier) => balanceOf(carrier, balances)),
    capacities: asked.filter(hasCapacityLimit).map(({ carrierCode: code, limits }) => ({
      carrierCode: code, concurrentCalls: leases.concurrentCalls(code), callsPerSec: leases.callsPerSec(code),
      ...Object.fromEntries(Object.entries({ concurrentCallsMax: limits?.concurrentCallsMax, callsPerSecMax: limits?.callsPerSecMax }).filter(([, max]) => typeof max === 'number')),
    })),
  });
}

function balanceOf({ carrierCode, balance }: Carrier, balances: Pick<RoutingDeps['balances'], 'spentNanos'>) {
  if (balance === undefined) return [];
  const { leftNanos, currency, sinceUs } = balance;
  const spent = balances.spentNanos(carrierCode, sinceUs);
  const money = (nanos: bigint) => ({ nanos, currency });
  return [{ carrierCode, stated: money(leftNanos), statedAtUs: BigInt(sinceUs), spent: money(spent), left: money(leftNanos - spent) }];
}

/** Of each destination that was measured, or is locked. */
function qualitiesOf({ carrierCode, locks = [] }: Carrier, measured: ReadonlyMap<string, Quality>, nowUs: number) {
  const held = locks.filter(({ fromUs, untilUs }) => fromUs <= nowUs && nowUs < untilUs);
  const destinations = [...new Set([...measured.keys(), ...held.map(({ destination }) => destination)])].sort();
  return destinations.map((destination) => {
    const lock = held.find((each) => each.destination === destination);
    return {
      carrierCode, destination, ...figuresOf(measured.get(destination)),
      ...(lock === undefined ? {} : { lockedUntilUs: BigInt(lock.untilUs), lockedFor: faultText(lock.fault) }),
    };
  });
}

function figuresOf(quality: Quality | undefined) {
  if (quality === undefined) return {};
  const { attemptCount, asr, ner, acdSec, pddMs } = quality;
  const figures = { asrPercent: percent(asr), nerPercent: percent(ner), acdSec, pddMs };
  return { attemptCount: BigInt(attemptCount), ...Object.fromEntries(Object.entries(figures).filter(([, figure]) => figure !== undefined)) };
}

function percent(share: number | undefined): number | undefined {
  return share === undefined ? undefined : Math.round(share * 10_000) / 100;
}
