import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type CodedRefusal, partyKey, type RatingService, type ReratingFilter as FilterMessage, type ReratingSchema, ReratingStatus, type StartReratingRequest,
} from '@tollwire/contracts';
import { type InstantUs, instantUs, ok, refuse, type Result } from '@tollwire/core';
import type { ServiceImplementation } from '@tollwire/messaging';
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { RatingDeps } from '../rating.deps.ts';
import { partyOfKey } from '../wire/call-rated.ts';
import { planOfRef, refOfPlan } from '../wire/plan-ref.ts';
import { type Report, reportOf } from './report.ts';
import type { Rerating, ReratingFilter, ReratingOrder } from './rerating.ts';
import { addRerating, cancelRerating, listReratings, readRerating } from './store.ts';

type ReratingInit = MessageInitShape<typeof ReratingSchema>;
type Answers = Pick<ServiceImplementation<typeof RatingService>, 'startRerating' | 'getRerating' | 'listReratings' | 'cancelRerating'>;

const LISTED_MAX = 100;
const TEXT_LENGTH_MAX = 255;

/** Answers what is asked about re-ratings; the work itself is done by a sweep. */
export function reratingAnswers({ database, clock }: Pick<RatingDeps, 'database' | 'clock'>): Answers {
  const answer = async (reratingId: string) => {
    const rerating = await readRerating(database, reratingId);
    if (rerating === undefined) return refuse({ code: 'unknown_rerating' as const, field: 'reratingId' });
    const report = await reportOf(database, reratingId);
    return report.ok ? ok(messageOf(rerating, report.value)) : report;
  };
  return {
    async startRerating(request) {
      const order = orderOf(request, clock.nowUs());
      if (!order.ok) return order;
      await addRerating(database, order.value);
      const known = await readRerating(database, order.value.reratingId);
      if (known !== undefined && !isSameOrder(known, order.value)) return refuse({ code: 'idempotency_mismatch', field: 'reratingId' });
      return await answer(order.value.reratingId);
    },
    getRerating: ({ reratingId }) => answer(reratingId),
    listReratings: async () => ok({ reratings: (await listReratings(database, LISTED_MAX)).map((rerating) => messageOf(listed(rerating))) }),
    async cancelRerating({ reratingId }) {
      await cancelRerating(database, reratingId, clock.nowUs());
      return await answer(reratingId);
    },
  };
}

function orderOf({ reratingId, filter, knownAtUs, apply, reason, by }: StartReratingRequest, nowUs: InstantUs): Result<ReratingOrder, CodedRefusal> {
  if (filter === undefined || filter.fromUs <= 0n) return refuse({ code: 'field_missing', field: 'filter.fromUs' });
  for (const [field, text] of Object.entries({ reratingId, reason, by })) {
    if (text.length > TEXT_LENGTH_MAX || text.includes('\0')) return refuse({ code: 'field_malformed', field });
  }
  const untilUs = filter.untilUs === 0n || filter.untilUs > BigInt(nowUs) ? nowUs : instantUs(Number(filter.untilUs));
  if (filter.fromUs >= BigInt(untilUs)) return refuse({ code: 'field_out_of_range', field: 'filter.fromUs', detail: 'It must lie before the end of the period, and in the past.' });
  const chosen = filterOf(filter, instantUs(Number(filter.fromUs)), untilUs);
  const known = { knownAtUs: knownAtOf(Number(knownAtUs), chosen, nowUs) };
  return ok({ reratingId: reratingId || randomUUID(), filter: chosen, ...known, apply, reason, by, requestedAt: nowUs });
}

function filterOf({ plan, charged, carrierCode, destinationPrefix, includePreRated }: FilterMessage, fromUs: InstantUs, untilUs: InstantUs): ReratingFilter {
  return {
    fromUs,
    untilUs,
    plan: planOfRef(plan),
    partyKey: charged?.party.case === undefined ? undefined : partyKey(charged),
    carrierCode: carrierCode || undefined,
    destinationPrefix: destinationPrefix || undefined,
    includePreRated,
  };
}

/** How far back the tables in use surely have every version: the catalog's snapshot tells 35 days. */
const IN_USE_US = 30 * 86_400 * 1_000_000;

/** What is not known yet cannot count. For old calls the catalog is asked, because the tables in use may lack their versions. */
function knownAtOf(askedUs: number, { fromUs }: ReratingFilter, nowUs: InstantUs): InstantUs | undefined {
  if (askedUs > 0) return instantUs(Math.min(askedUs, nowUs));
  return fromUs < nowUs - IN_USE_US ? nowUs : undefined;
}

/** An end, or a knowledge, that was left to the moment of the request is another one when it is asked again. */
function isSameOrder(known: Rerating, asked: ReratingOrder): boolean {
  const untilUs = asked.filter.untilUs === asked.requestedAt ? known.filter.untilUs : asked.filter.untilUs;
  const isSameKnowledge = asked.knownAtUs === asked.requestedAt ? known.knownAtUs !== undefined : known.knownAtUs === asked.knownAtUs;
  return known.apply === asked.apply && isSameKnowledge && isDeepStrictEqual(known.filter, { ...asked.filter, untilUs });
}

const STATUSES = { running: ReratingStatus.RUNNING, done: ReratingStatus.DONE, cancelled: ReratingStatus.CANCELLED } as const;
const noReport: Report = { totals: [], parties: [], partyCount: 0 };

function listed(rerating: Rerating): Rerating {
  return { ...rerating, findings: { ...rerating.findings, worst: [], refusals: [] } };
}

function messageOf(rerating: Rerating, { totals, parties, partyCount }: Report = noReport): ReratingInit {
  const { reratingId, filter, apply, reason, by, findings } = rerating;
  return {
    ...{ reratingId, apply, reason, by },
    filter: filterMessageOf(filter),
    knownAtUs: BigInt(rerating.knownAtUs ?? 0),
    status: STATUSES[rerating.status],
    requestedAtUs: BigInt(rerating.requestedAt),
    finishedAtUs: BigInt(rerating.finishedAt ?? 0),
    reachedUs: BigInt(rerating.place.atUs),
    callCount: BigInt(findings.callCount),
    changedCount: BigInt(findings.changedCount),
    refusedCount: BigInt(findings.refusedCount),
    totals: totals.map(({ currency, sellNanos, buyNanos }) => ({ currency, sellDifferenceNanos: sellNanos, buyDifferenceNanos: buyNanos })),
    parties: parties.map(({ partyKey: key, currency, changedCount, sellNanos, buyNanos }) => ({
      ...{ charged: partyOfKey(key), currency, changedCount: BigInt(changedCount) },
      ...{ sellDifferenceNanos: sellNanos, buyDifferenceNanos: buyNanos },
    })),
    partyCount: BigInt(partyCount),
    worst: [...findings.worst],
    refusals: [...findings.refusals],
  };
}

function filterMessageOf({ fromUs, untilUs, plan, partyKey: key, carrierCode, destinationPrefix, includePreRated }: ReratingFilter): NonNullable<ReratingInit['filter']> {
  return {
    fromUs: BigInt(fromUs),
    untilUs: BigInt(untilUs),
    ...(plan === undefined ? {} : { plan: refOfPlan(plan) }),
    ...(key === undefined ? {} : { charged: partyOfKey(key) }),
    carrierCode: carrierCode ?? '',
    destinationPrefix: destinationPrefix ?? '',
    includePreRated,
  };
}
