import { create, fromBinary } from '@bufbuild/protobuf';
import { AuthorizeResultSchema, ChargedPartySchema, isBeforePrices, partyKey } from '@tollwire/contracts';
import type { AuthorizeItem, AuthorizeResult, ChargedParty, CodedRefusal } from '@tollwire/contracts';
import { ok, present, refuse } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import { whileTransient } from '@tollwire/event-store';
import { microBatch, spanContextOf } from '@tollwire/messaging';
import type { CardDeps } from '../card.deps.ts';
import { ContendedAccounts } from '../ledger/contended-accounts.ts';
import { LockedAccounts } from '../ledger/locked-accounts.ts';
import { answersGiven } from '../ledger/reservations.ts';
import type { AnswerGiven } from '../ledger/reservations.ts';
import { accountsOfParties } from '../ledger/party-accounts.ts';
import { chargedOfKey, isUnknownParty } from '../wire/party.ts';
import { refusalMessageOf } from '../wire/refusal.ts';
import { askedOf } from './asked.ts';
import type { Asked } from './asked.ts';
import { identifier } from './identify.ts';
import { callersOf } from './callers.ts';
import { refusalOfEnded } from './ended.ts';
import type { CallerOf } from './callers.ts';
import { dialingRulesOf } from './dialing-rules.ts';
import { noteFirstUse } from './first-use.ts';
import { quoteAll, releaseHolds, reservedBy, routeAll } from './prices.ts';
import type { Admitted, Sell } from './prices.ts';
import type { Decided } from './refused-routes.ts';
import { reserveAll, reserveAsSeen } from './reserve.ts';
import type { Routed, Standing } from './reserve.ts';

/** Calls in one request. */
const requestMax = 1_000;
/** Calls decided together at most; more wait for the next run. */
const batchMax = 500;
/** Batches under way at a time: two as a rule, where one waits for its commit while the other asks for prices. */
const batchesMax = 4;
/** Between two batches while one is under way. Each costs a commit, whoever is in it; the edges space their requests, too. */
const spacingMs = { min: 0, max: 10 } as const;
/** How old what was read of cards and accounts may be when it is decided upon without another look, in microseconds. */
const seenUsMax = 100_000;
/** How often a batch is begun anew after another writer was first. */
const attemptsMax = 5;

/** Authorizes calls: a batch in, a batch out in the same order. Refuses more than 1,000 at a time. */
export type Authorize = (items: readonly AuthorizeItem[], traceparent?: string) => Promise<Result<AuthorizeResult[], CodedRefusal>>;

/**
 * Makes the authorizer. Whatever arrives while a batch is being decided makes the next one, so under load many
 * requests share one quote, one route and one transaction, and an idle service answers at once. Each call is told
 * allowed, with credit reserved, or a coded refusal; asked again, a call that was allowed gets the same answer while its
 * reservation is open, and reserves nothing more.
 */
export function authorizer(deps: CardDeps): Authorize {
  const contended = new ContendedAccounts();
  const decide = microBatch((asked: readonly Asked[]) => decideBatch(deps, asked, contended), { itemsMax: batchMax, concurrency: batchesMax, spacingMs });
  const identify = identifier(deps);
  return async (items, traceparent) => {
    if (items.length > requestMax) return refuse({ code: 'too_many_items', field: 'items', detail: `Ask for at most ${requestMax} calls.` });
    const results = items.map(async (item) => {
      const named = await identify(item);
      if (!named.ok) return refusedResult(named.refusal);
      if ('given' in named.value) return answerToIdentified(named.value.given);
      const asked = askedOf(named.value.item, deps.clock.nowUs(), spanContextOf(item.traceparent) === undefined ? traceparent : item.traceparent);
      if (!asked.ok) return refusedResult(asked.refusal);
      const decided = await decide(asked.value);
      return named.value.item === item ? decided : tellingWhoPays(decided, asked.value.charged);
    });
    return ok(await Promise.all(results));
  };
}

/** The answer to a call whose caller was identified before. */
function answerToIdentified(given: AnswerGiven): AuthorizeResult {
  return tellingWhoPays(answerOfBefore(given), create(ChargedPartySchema, chargedOfKey(given.party)));
}

/** Decides a batch of calls, and begins anew where another writer was first. Rejects where that goes on. */
export async function decideBatch(deps: CardDeps, batch: readonly Asked[], contended = new ContendedAccounts()): Promise<AuthorizeResult[]> {
  const verdicts = await whileTransient(attemptsMax, () => decideOnce(deps, batch, contended));
  return batch.map((asked) => present(verdicts.get(asked), 'a verdict for each call'));
}

type Answers = readonly Result<AuthorizeResult, CodedRefusal>[];
type Verdicts = Map<Asked, AuthorizeResult>;

/** Refuses a call; with what was decided of it, where somebody is known who would have paid. */
type TurnAway = (asked: Asked, refusal: CodedRefusal, decided?: Decided) => void;

async function decideOnce(deps: CardDeps, batch: readonly Asked[], contended: ContendedAccounts): Promise<Verdicts> {
  const verdicts: Verdicts = new Map();
  const turnAway: TurnAway = (asked, refusal, decided) => {
    verdicts.set(asked, refusedResult(refusal));
    if (decided !== undefined) deps.refused.keep(asked, refusal, decided, deps.clock.nowUs());
  };
  const known = await lookUp(deps, batch);
  const fresh = await answerAgain(deps, batch, known.given, verdicts);
  const first = firstOfEachCall(fresh);
  const routed = await routedOf(deps, [...first.values()], known.standing.callerOf, turnAway);
  await reserve(deps, { routed, known, contended }, verdicts, turnAway);
  const repeated = fresh.filter((asked) => first.get(asked.callKey) !== asked);
  const accountOf = repeated.length === 0 ? () => undefined : await accountsOfParties(deps.database, fresh.map(({ party }) => party));
  const others: Asked[] = [];
  for (const asked of repeated) {
    const decided = present(first.get(asked.callKey), 'the first of its call');
    const verdict = present(verdicts.get(decided), 'a verdict on the first of its call');
    const same = partyKey(decided.charged) === partyKey(asked.charged) || sameAccount(accountOf(decided.party), accountOf(asked.party));
    if (same) verdicts.set(asked, verdict);
    else if (verdict.result.case === 'authorized') verdicts.set(asked, mismatch);
    else others.push(asked);
  }
  // A refusal binds nobody, so who else is to pay for such a call is asked about by itself.
  if (others.length > 0) for (const [asked, verdict] of await decideOnce(deps, others, contended)) verdicts.set(asked, verdict);
  return verdicts;
}

/** Two codes of one customer are one payer; two codes of nobody are not. */
function sameAccount(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one === other;
}

/** The same call twice in one batch: the first is decided, the others get its answer. */
function firstOfEachCall(batch: readonly Asked[]): Map<string, Asked> {
  const first = new Map<string, Asked>();
  for (const asked of batch) if (!first.has(asked.callKey)) first.set(asked.callKey, asked);
  return first;
}

/** A call is charged to one party: its key does not do for another. */
const mismatch = refusedResult({ code: 'idempotency_mismatch', field: 'charged' });

type AnswersGiven = Awaited<ReturnType<typeof answersGiven>>;

/** What the database knows of a batch before prices are asked for. */
interface Known {
  readonly given: AnswersGiven;
  readonly standing: Standing;
  readonly readAt: InstantUs;
}

/** Looks a batch up in one trip, or in two where it has account codes. */
async function lookUp({ database, clock }: CardDeps, batch: readonly Asked[]): Promise<Known> {
  const readAt = clock.nowUs();
  const parties = batch.map(({ party }) => party);
  return await database.together(async (sql) => {
    const paying = async () => {
      const accountOf = await accountsOfParties(sql, parties);
      const ids = parties.flatMap((party) => accountOf(party) ?? []);
      return await Promise.all([LockedAccounts.read(sql, ids), dialingRulesOf(sql, ids)]);
    };
    const [given, callerOf, [accounts, rulesOf]] = await Promise.all([answersGiven(sql, [...new Set(batch.map(({ callKey }) => callKey))]), callersOf(sql, parties), paying()]);
    return { given, standing: { accounts, rulesOf, callerOf }, readAt };
  }, { byKey: true });
}

/** Answers the calls that were allowed before, as long as their reservation is open, and hands on the others. */
async function answerAgain({ database }: CardDeps, batch: readonly Asked[], given: AnswersGiven, verdicts: Verdicts): Promise<Asked[]> {
  if (given.size === 0) return [...batch];
  const accountOf = await accountsOfParties(database, batch.map(({ party }) => party));
  return batch.filter((asked) => {
    const before = given.get(asked.callKey);
    if (before === undefined) return true;
    const same = before.accountId === accountOf(asked.party);
    verdicts.set(asked, same ? answerOfBefore(before) : mismatch);
    return false;
  });
}

/** A call that is over is not let through again, whatever was answered then. */
function answerOfBefore({ answer, state }: AnswerGiven): AuthorizeResult {
  return state === 'open' ? fromBinary(AuthorizeResultSchema, answer) : refusedResult(refusalOfEnded(state));
}

/** Who may call, for how much, over which carriers; the others are refused on the way. */
async function routedOf(
  deps: CardDeps,
  batch: readonly Asked[],
  callerOf: CallerOf,
  turnAway: TurnAway,
): Promise<Routed[]> {
  const now = deps.clock.nowUs();
  const admitted = batch.flatMap((asked): Admitted[] => {
    const caller = callerOf(asked.party, now);
    if (!caller.ok) turnAway(asked, caller.refusal, isUnknownParty(caller.refusal) ? undefined : {});
    return caller.ok ? [{ asked, caller: caller.value }] : [];
  });
  const quotes = await quoteAll(deps, admitted);
  const [priced, unpriced]: [Priced[], Unpriced[]] = [[], []];
  for (const [at, call] of admitted.entries()) {
    const sell = present(quotes[at], 'a quote for each call');
    if (sell.ok) priced.push({ ...call, sell: sell.value });
    else unpriced.push({ ...call, refusal: sell.refusal });
  }
  const routes = await routeAll(deps.routing, [...priced, ...unpriced]);
  // What rating quoted and card does not take is held there as well.
  const untaken = unpriced.filter(({ refusal }) => refusal.code === 'currency_mismatch');
  await releaseHolds(deps.allowances, [...priced.filter((_call, at) => routes[at]?.ok === false), ...untaken]);
  for (const [at, { asked, refusal }] of unpriced.entries()) turnAway(asked, refusalBeforePrices(routes[priced.length + at]) ?? refusal, {});
  return priced.flatMap((call, at): Routed[] => {
    const route = present(routes[at], 'a route for each call');
    if (!route.ok) turnAway(call.asked, route.refusal, { sell: call.sell, ...(route.refusal.route && { route: route.refusal.route }) });
    return route.ok ? [{ ...call, sell: reservedBy(call.sell, route.value), route: route.value }] : [];
  });
}

type Priced = Admitted & { readonly sell: Sell };
type Unpriced = Admitted & { readonly refusal: CodedRefusal };

function refusalBeforePrices(route: Result<unknown, CodedRefusal> | undefined): CodedRefusal | undefined {
  return route?.ok === false && isBeforePrices(route.refusal.code) ? route.refusal : undefined;
}

/** A batch that only its credit can refuse now. */
interface Reserving {
  readonly routed: readonly Routed[];
  readonly known: Known;
  readonly contended: ContendedAccounts;
}

async function reserve(deps: CardDeps, { routed: calls, known, contended }: Reserving, verdicts: Verdicts, turnAway: TurnAway): Promise<void> {
  if (calls.length === 0) return;
  const answers = (await reserveUnlocked(deps, calls, known, contended)) ?? (await reserveLocked(deps, calls));
  deps.wakeRelay();
  await releaseHolds(deps.allowances, calls.filter((_call, at) => answers[at]?.ok === false));
  calls.forEach(({ asked, sell, route }, at) => {
    const answer = present(answers[at], 'an answer for each call');
    if (answer.ok) verdicts.set(asked, answer.value);
    else turnAway(asked, answer.refusal, { sell, route });
  });
}

/** Undefined where the batch must wait for its accounts: others write to them, it is long since they were read, or not all of it goes through. */
async function reserveUnlocked(deps: CardDeps, calls: readonly Routed[], { standing, readAt }: Known, contended: ContendedAccounts): Promise<Answers | undefined> {
  const now = deps.clock.nowUs();
  const accountIds = calls.map(({ caller }) => caller.accountId);
  if (now - readAt > seenUsMax || contended.hasAny(accountIds, now / 1_000) || calls.some(({ caller }) => caller.unusedCardId !== undefined)) return undefined;
  const answers = await reserveAsSeen(deps, standing, calls, now);
  if (answers === 'moved') contended.note(accountIds, now / 1_000);
  return typeof answers === 'string' ? undefined : answers;
}

async function reserveLocked(deps: CardDeps, calls: readonly Routed[]): Promise<Answers> {
  return await deps.database.transaction(async (tx) => {
    const reserved = await reserveAll(deps, tx, calls);
    await noteFirstUse(deps, tx, calls.filter((_call, at) => reserved[at]?.ok));
    return reserved;
  }, { byKey: true });
}

/** The answer for a call that did not name who pays: its events must. What is kept of the answer is the same without it. */
function tellingWhoPays(decided: AuthorizeResult, charged: ChargedParty): AuthorizeResult {
  const { result } = decided;
  if (result.case !== 'authorized') return decided;
  return create(AuthorizeResultSchema, { result: { case: 'authorized', value: { ...result.value, charged } } });
}

function refusedResult(refusal: CodedRefusal): AuthorizeResult {
  return create(AuthorizeResultSchema, { result: { case: 'refusal', value: refusalMessageOf(refusal) } });
}
