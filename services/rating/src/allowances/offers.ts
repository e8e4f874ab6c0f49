import { callKey, partyKey, type QuoteItem } from '@tollwire/contracts';
import { type InstantUs, instantUs } from '@tollwire/core';
import { type Offers, questionOf } from '../answers/quote-answers.ts';
import type { Draw } from '../domain/allowance.ts';
import { quote, type QuoteQuestion } from '../domain/quote.ts';
import { planKey, type RatingTables } from '../domain/tables.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { AllowanceBalances, type DrawingCall, type Drawn } from './balances.ts';
import { keepHolds } from './keep.ts';

type OfferDeps = Pick<RatingDeps, 'database' | 'clock' | 'allowances'>;

/** A quote for a payer who has grants. */
interface Asking extends DrawingCall {
  readonly item: QuoteItem;
  /** Seconds that it could do with. */
  readonly wantedSec: number;
}

/** A hold lasts no longer than a call can, and a day for its rating. */
const HOLD_US_MAX = 8 * 86_400_000_000;
/** Where no duration is said, whatever there is is told. */
const ANY_SEC = 2 ** 31 - 1;

/**
 * The free seconds that quotes may count on. Those that are asked to hold them, for a call by its key, hold them when this
 * resolves: until the call is rated, or the hold is given up, or its time is over; no other call counts the same seconds.
 * Payers without grants cost nothing; a grant that another instance made is seen within half a second.
 */
export async function offersOf(deps: OfferDeps, items: readonly QuoteItem[], tables: RatingTables): Promise<Offers> {
  const asking = items.flatMap((item) => askingOf(deps, item, tables));
  if (asking.length === 0) return new Map();
  const now = deps.clock.nowUs();
  const looking = asking.filter(({ item }) => item.hold === undefined);
  const [held, looked] = await Promise.all([holdFor(deps, asking.filter(({ item }) => item.hold !== undefined), now), lookFor(deps, looking, now)]);
  return new Map([...held, ...looked]);
}

function askingOf({ allowances }: OfferDeps, item: QuoteItem, tables: RatingTables): Asking[] {
  if (item.charged?.party.case === undefined) return [];
  const payer = partyKey(item.charged);
  const question = questionOf(item);
  if (!question.ok) return [];
  const { plan } = question.value.subscriber;
  if (!allowances.has(payer) && !allowances.has(planKey(plan))) return [];
  const key = item.hold === undefined ? '' : callKey(item.hold.call);
  const wantedSec = wantedSecOf(question.value, item, tables);
  return [{ item, callKey: key, revision: 1, partyKey: payer, plan, at: question.value.at, e164: question.value.number, wantedSec }];
}

/** The seconds that would be billed, and none of a call that costs nothing. */
function wantedSecOf(question: QuoteQuestion, { hold, durationSec }: QuoteItem, tables: RatingTables): number {
  if (hold === undefined && durationSec === 0) return ANY_SEC;
  const quoted = quote({ ...question, durationSec: hold?.durationSec ?? durationSec }, tables);
  if (!quoted.ok || quoted.value.side.amount.nanos === 0n) return 0;
  return quoted.value.side.derivation?.billedSec ?? 0;
}

async function holdFor({ database, allowances }: OfferDeps, asking: readonly Asking[], now: InstantUs): Promise<(readonly [QuoteItem, readonly Draw[]])[]> {
  if (asking.length === 0) return [];
  // A call that is asked for twice at once holds once; both are answered alike.
  const first = new Map<string, Asking>();
  for (const one of asking) if (!first.has(one.callKey)) first.set(one.callKey, one);
  const drawn = await database.transaction(async (tx) => {
    await allowances.refresh(tx);
    const balances = await AllowanceBalances.of(tx, allowances, [...first.values()], now, { lock: true });
    const all = balances.calls.map((call) => balances.draw(call, call.wantedSec));
    await keepHolds(tx, all, ({ call }) => heldUntil(first.get(call.callKey), now));
    return new Map<string, Drawn>(all.map((one) => [one.call.callKey, one]));
  }, { byKey: true });
  return asking.map((one) => [one.item, drawn.get(one.callKey)?.draws ?? []]);
}

function heldUntil(asking: Asking | undefined, now: InstantUs): InstantUs {
  return instantUs(Math.min(Number(asking?.item.hold?.untilUs ?? 0n), now + HOLD_US_MAX));
}

async function lookFor({ database, allowances }: OfferDeps, asking: readonly Asking[], now: InstantUs): Promise<(readonly [QuoteItem, readonly Draw[]])[]> {
  if (asking.length === 0) return [];
  const balances = await AllowanceBalances.of(database, allowances, asking, now, { lock: false });
  return balances.calls.map((call) => {
    const drawn = balances.draw(call, call.wantedSec);
    balances.undo(drawn);
    return [call.item, drawn.draws];
  });
}
