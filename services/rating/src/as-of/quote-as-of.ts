import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { type CodedRefusal, partyKey, type QuoteItem, type QuoteReplySchema, type QuoteRequest, type QuoteResultSchema, SellPlanRefSchema } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { offersOf } from '../allowances/offers.ts';
import { answerOf, questionOf, quoteBatch, refused } from '../answers/quote-answers.ts';
import type { Draw } from '../domain/allowance.ts';
import type { Subscriber } from '../domain/rate-call.ts';
import type { PlanRef, RatingTables } from '../domain/tables.ts';
import { keepPorted } from '../rated-calls/ported-calls.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { planOfRef, refOfPlan } from '../wire/plan-ref.ts';

/** Questions about the past, or about somebody by name, in one request: each may take tables of its own. */
const SLOW_ITEMS_MAX = 10;

type Deps = Pick<RatingDeps, 'database' | 'clock' | 'tables' | 'subscribers' | 'allowances' | 'asOf' | 'authorized'>;

/** Answers quotes: those by plan and by the rates of now at once and from the same tables, the others one by one. */
export async function quotes(deps: Deps, request: QuoteRequest): Promise<Result<MessageInitShape<typeof QuoteReplySchema>, CodedRefusal>> {
  if (!deps.tables.loaded) return refuse({ code: 'rates_not_loaded' });
  const tables = deps.tables.now;
  const slowCount = request.items.filter(isSlow).length;
  const [offers] = await Promise.all([
    offersOf(deps, request.items.filter((item) => !isSlow(item)), tables),
    keepPorted(deps.database, request.items.filter((item) => item.routingNumber !== '' && questionOf(item).ok), deps.clock.nowUs()),
  ]);
  deps.authorized.note(request.items.filter((item) => !isSlow(item) && questionOf(item).ok), tables);
  if (slowCount === 0) return quoteBatch(request, tables, offers);
  if (slowCount > SLOW_ITEMS_MAX) return refuse({ code: 'too_many_items', field: 'items', facts: { itemsMax: String(SLOW_ITEMS_MAX) } });
  const results: MessageInitShape<typeof QuoteResultSchema>[] = [];
  for (const item of request.items) results.push(isSlow(item) ? await slowAnswer(deps, item, tables) : answerOf(item, tables, offers.get(item) ?? []));
  return ok({ results });
}

function isSlow({ knownAtUs, charged, plan }: QuoteItem): boolean {
  return knownAtUs !== 0n || (charged !== undefined && plan === undefined);
}

async function slowAnswer(deps: Deps, item: QuoteItem, now: RatingTables): Promise<MessageInitShape<typeof QuoteResultSchema>> {
  const payer = item.charged === undefined || item.plan !== undefined ? undefined : await payerOf(deps, partyKey(item.charged));
  if (item.charged !== undefined && item.plan === undefined && payer === undefined) return refused({ code: 'unknown_party', field: 'charged' });
  const tables = await tablesOf(deps, item, payer?.plan ?? planOfRef(item.plan), now);
  if (!tables.ok) return refused(tables.refusal);
  // What is left of free seconds is known of now, not of the past.
  const isOfNow = payer !== undefined && item.knownAtUs === 0n;
  return answerOf(item, tables.value, isOfNow ? await offeredTo(deps, itemBy(item, payer), tables.value) : [], payer);
}

async function offeredTo(deps: Deps, item: QuoteItem, tables: RatingTables): Promise<readonly Draw[]> {
  return (await offersOf(deps, [item], tables)).get(item) ?? [];
}

/** The question as it would be asked by the plan and the pulses of who pays. */
function itemBy(item: QuoteItem, { plan, pulses }: Subscriber): QuoteItem {
  const asked = { plan: create(SellPlanRefSchema, refOfPlan(plan)), startpulseSec: pulses?.startpulseSec ?? 0, frequencySec: pulses?.frequencySec ?? 0 };
  return { ...item, ...asked, incomingLeg: pulses?.policy === 'incoming_leg' };
}

async function payerOf({ database, subscribers }: Deps, key: string): Promise<Subscriber | undefined> {
  return (await subscribers.of(database, [key])).get(key);
}

/** What is not known yet cannot count, so an instant ahead is now. */
async function tablesOf({ asOf, clock }: Deps, { knownAtUs, atUs }: QuoteItem, plan: PlanRef | undefined, now: RatingTables): Promise<Result<RatingTables, CodedRefusal>> {
  if (knownAtUs === 0n || plan === undefined) return ok(now);
  const fromUs = Number(atUs);
  return await asOf.of({ knownAtUs: Math.min(Number(knownAtUs), clock.nowUs()), fromUs, untilUs: fromUs + 1, plan, buys: false });
}
