import { create } from '@bufbuild/protobuf';
import { callOfKey, type ReratedCall, ReratedCallSchema, type ReratingRefusals, ReratingRefusalsSchema } from '@tollwire/contracts';
import type { Money } from '../domain/price-at.ts';
import { partyOfKey } from '../wire/call-rated.ts';
import type { Outcome } from './compare.ts';
import type { Findings } from './rerating.ts';

/** Calls that are listed as the worst, and named for each reason of a refusal. */
const WORST_MAX = 20;
const SOME_CALLS_MAX = 5;

type Changed = Extract<Outcome, { kind: 'changed' }>;
type Refused = Extract<Outcome, { kind: 'refused' }>;

/** What a party's calls differ by in one currency: new less old. */
export interface PartyDifference {
  readonly partyKey: string;
  readonly currency: string;
  /** Changed calls that are sold in this currency. */
  readonly changedCount: number;
  readonly sellNanos: bigint;
  readonly buyNanos: bigint;
}

/** A re-rating that has found nothing yet. */
export const noFindings: Findings = { callCount: 0, changedCount: 0, refusedCount: 0, worst: [], refusals: [] };

/** What is found once a batch is added. */
export function findingsWith(before: Findings, outcomes: readonly Outcome[]): Findings {
  const changed = outcomes.filter((outcome): outcome is Changed => outcome.kind === 'changed');
  const refused = outcomes.filter((outcome): outcome is Refused => outcome.kind === 'refused');
  return {
    callCount: before.callCount + outcomes.length,
    changedCount: before.changedCount + changed.length,
    refusedCount: before.refusedCount + refused.length,
    worst: changed.length === 0 ? before.worst : worstOf([...before.worst, ...changed.map(reratedCallOf)]),
    refusals: refused.reduce(withRefusal, before.refusals),
  };
}

/** What a batch changes for each party, by currency, in the order of its keys. */
export function differencesOf(outcomes: readonly Outcome[]): PartyDifference[] {
  const sums = new Map<string, PartyDifference>();
  const add = (partyKey: string, money: Money | undefined, part: (nanos: bigint) => Partial<PartyDifference>): void => {
    if (money === undefined) return;
    const key = `${partyKey}\0${money.currency}`;
    const sum = sums.get(key) ?? { partyKey, currency: money.currency, changedCount: 0, sellNanos: 0n, buyNanos: 0n };
    const { changedCount = 0, sellNanos = 0n, buyNanos = 0n } = part(money.nanos);
    sums.set(key, { ...sum, changedCount: sum.changedCount + changedCount, sellNanos: sum.sellNanos + sellNanos, buyNanos: sum.buyNanos + buyNanos });
  };
  for (const outcome of outcomes) {
    if (outcome.kind !== 'changed') continue;
    const { before, after } = outcome;
    add(before.partyKey, after.rated.sell.amount, (nanos) => ({ changedCount: 1, sellNanos: nanos }));
    add(before.partyKey, before.rated.sell.amount, (nanos) => ({ sellNanos: -nanos }));
    add(before.partyKey, after.rated.buy?.amount, (nanos) => ({ buyNanos: nanos }));
    add(before.partyKey, before.rated.buy?.amount, (nanos) => ({ buyNanos: -nanos }));
  }
  return [...sums.keys()].sort().flatMap((key) => sums.get(key) ?? []);
}

function withRefusal(refusals: readonly ReratingRefusals[], { before, code }: Refused): readonly ReratingRefusals[] {
  const known = refusals.find((refusal) => refusal.code === code) ?? create(ReratingRefusalsSchema, { code });
  const call = callOfKey(before.callKey);
  const someCalls = known.someCalls.length < SOME_CALLS_MAX && call !== undefined ? [...known.someCalls, call] : known.someCalls;
  const more = create(ReratingRefusalsSchema, { code, callCount: known.callCount + 1n, someCalls });
  return [...refusals.filter((refusal) => refusal.code !== code), more];
}

function reratedCallOf({ before, after }: Changed): ReratedCall {
  return create(ReratedCallSchema, {
    call: callOfKey(before.callKey) ?? {},
    charged: partyOfKey(before.partyKey),
    sellBefore: before.rated.sell.amount,
    sellAfter: after.rated.sell.amount,
    ...(before.rated.buy === undefined ? {} : { buyBefore: before.rated.buy.amount }),
    ...(after.rated.buy === undefined ? {} : { buyAfter: after.rated.buy.amount }),
    revisionBefore: before.revision,
  });
}

type Amount = Pick<Money, 'currency'> & { readonly nanos: bigint };

function worstOf(calls: readonly ReratedCall[]): readonly ReratedCall[] {
  const weighed = calls.map((call) => ({ call, sell: distance(call.sellBefore, call.sellAfter), buy: distance(call.buyBefore, call.buyAfter) }));
  weighed.sort((left, right) => descending(left.sell, right.sell) || descending(left.buy, right.buy));
  return weighed.slice(0, WORST_MAX).map(({ call }) => call);
}

/** How far two amounts are apart; in different currencies as far as both together, since nothing of the one is in the other. */
function distance(before: Amount | undefined, after: Amount | undefined): bigint {
  const [old, now] = [before?.nanos ?? 0n, after?.nanos ?? 0n];
  if (before !== undefined && after !== undefined && before.currency !== after.currency) return old + now;
  return now > old ? now - old : old - now;
}

function descending(left: bigint, right: bigint): number {
  return left > right ? -1 : left < right ? 1 : 0;
}
