import { create, toBinary } from '@bufbuild/protobuf';
import { AuthorizeResultSchema, eventIdOf, partyKey } from '@tollwire/contracts';
import type { AuthorizeResult, CodedRefusal, PublicEvent, RouteResult } from '@tollwire/contracts';
import { refuse, ok, reject } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import { atOnce, enqueue, isUniqueViolation, outboxParams, outboxParts, sqlStateOf } from '@tollwire/event-store';
import type { Database, Sql } from '@tollwire/event-store';
import type { CardDeps, CreditPolicy } from '../card.deps.ts';
import { boundsOf, refusalToBegin } from '../domain/dialing.ts';
import type { DialingRules } from '../domain/dialing.ts';
import { isCardAccount } from '../domain/ledger.ts';
import type { CreditEvent } from '../domain/credit.ts';
import { LockedAccounts, savePart } from '../ledger/locked-accounts.ts';
import { answersGiven, CallReservedMeanwhile, openParams, openPart, openReservations } from '../ledger/reservations.ts';
import type { Reservation } from '../ledger/reservations.ts';
import { moneyOf } from '../wire/money.ts';
import { creditReservedOf } from '../wire/public-events.ts';
import { callersOf } from './callers.ts';
import type { CallerOf } from './callers.ts';
import { dialingRulesOf } from './dialing-rules.ts';
import type { RulesOf } from './dialing-rules.ts';
import type { Admitted, Sell } from './prices.ts';

/** A call that may go ahead as far as price and carriers are concerned. */
export interface Routed extends Admitted {
  readonly sell: Sell;
  readonly route: RouteResult;
}

type CreditReserved = Extract<CreditEvent, { type: 'CreditReserved' }>;

/** What is decided upon: the accounts that pay, what they may do, and how their cards stand. */
export interface Standing {
  readonly accounts: LockedAccounts;
  readonly rulesOf: RulesOf;
  readonly callerOf: CallerOf;
}

type Answer = Result<AuthorizeResult, CodedRefusal>;

/** What is to be written of calls that may go ahead, and the answers to all. */
interface Decisions {
  readonly answers: readonly Answer[];
  readonly reservations: readonly Reservation[];
  readonly events: readonly PublicEvent[];
}

/**
 * Takes credit for calls, in order of arrival, in the caller's transaction: locks their accounts in one statement,
 * decides in memory, writes each table once. Each call gets its answer, or
 * what its card as it stands once its account is locked, however long that was waited for, or the credit and the dialling limits of its account, refuse with. Throws
 * CallReservedMeanwhile, and the transaction must be given up, when one of the calls has been reserved for by now.
 */
export async function reserveAll({ root, policy, clock }: Pick<CardDeps, 'root' | 'policy' | 'clock'>, tx: Sql, calls: readonly Routed[]): Promise<readonly Answer[]> {
  const accountIds = calls.map(({ caller }) => caller.accountId);
  const cards = calls.flatMap(({ asked: { party } }) => (party.kind === 'card' ? [party] : []));
  // A card may have been suspended, or have expired, while prices and carriers were asked for, and while others held its account.
  const [accounts, rulesOf, callerOf] = await Promise.all([LockedAccounts.lock(tx, accountIds), dialingRulesOf(tx, accountIds), callersOf(tx, cards)]);
  const { answers, reservations, events } = decideAll({ accounts, rulesOf, callerOf }, calls, policy, clock.nowUs());
  await assertNotReserved(tx, calls.filter((_, at) => answers[at]?.ok === false));
  await Promise.all([openReservations(tx, reservations), accounts.save(tx), enqueue(tx, root, events)]);
  return answers;
}

/** Fails, and so undoes the rest, unless each account was as it had been read. */
const reserveAtOnce = atOnce([savePart, openPart, ...outboxParts], 'SELECT all_unmoved($1::bigint, (SELECT count(*) FROM saved))');

/** SQLSTATE of `all_unmoved`: an account changed since it was read. */
const movedState = 'TW001';

/**
 * The same in a single statement, upon what was read before: no account is locked from its reading to its commit, and the database is
 * asked once. Nothing has happened where an account changed since then (`moved`), or where not every call may go ahead (`refused`):
 * such a batch is for `reserveAll`, which waits for its accounts. Throws CallReservedMeanwhile as that does.
 */
export async function reserveAsSeen(
  { root, policy, database }: Pick<CardDeps, 'root' | 'policy'> & { readonly database: Pick<Database, 'query'> },
  standing: Standing,
  calls: readonly Routed[],
  now: InstantUs,
): Promise<readonly Answer[] | 'refused' | 'moved'> {
  const { answers, reservations, events } = decideAll(standing, calls, policy, now);
  if (reservations.length < calls.length) return 'refused';
  const { accounts } = standing;
  try {
    await database.query(reserveAtOnce, [...accounts.saveParams(), ...openParams(reservations), ...outboxParams(root, events), accounts.changedCount], { byKey: true });
    return answers;
  } catch (error) {
    if (isUniqueViolation(error)) throw new CallReservedMeanwhile();
    if (sqlStateOf(error) === movedState) return 'moved';
    throw error;
  }
}

function decideAll({ accounts, rulesOf, callerOf }: Standing, calls: readonly Routed[], policy: CreditPolicy, now: InstantUs): Decisions {
  const reservations: Reservation[] = [];
  const events: PublicEvent[] = [];
  const answers = calls.map((call): Answer => {
    const { party } = call.asked;
    const standing = party.kind === 'card' ? callerOf(party, now) : ok(call.caller);
    if (!standing.ok) return standing;
    const decision = decideOn(accounts, rulesOf(call.caller.accountId), call, policy, now);
    if (!decision.accepted) return refuse(decision.refusal);
    const [reserved] = decision.events.filter((event) => event.type === 'CreditReserved');
    if (reserved === undefined) return refuse({ code: 'internal_error' as const });
    const id = eventIdOf('reservation', now, [call.asked.callKey]);
    const answer = answerOf(call, id, reserved);
    reservations.push(reservationOf(call, id, reserved, now, toBinary(AuthorizeResultSchema, answer)));
    events.push(eventOf(call, id, reserved, now));
    return ok(answer);
  });
  return { answers, reservations, events };
}

/** What the rules of the account say to one more call, and then what its credit does. */
function decideOn(accounts: LockedAccounts, rules: DialingRules, { caller, sell }: Routed, policy: CreditPolicy, at: InstantUs) {
  const { accountId } = caller;
  const { usage, credit } = accounts.stateOf(accountId);
  const refusal = refusalToBegin(rules, { usage, credit }, at, isCardAccount(accountId));
  if (refusal !== null) return reject(refusal);
  const bounds = boundsOf(rules, { usage, credit, otherCalls: usage.openCalls }, policy, at);
  return accounts.decide(accountId, { type: 'Reserve', schedule: sell.schedule, allowance: sell.allowance, ...bounds });
}

/** Credit that a call wants may be what another instance has reserved for that very call; opening one shows that by itself. */
async function assertNotReserved(tx: Sql, refused: readonly Routed[]): Promise<void> {
  if (refused.length === 0) return;
  const given = await answersGiven(tx, refused.map(({ asked }) => asked.callKey));
  if (given.size > 0) throw new CallReservedMeanwhile();
}

function answerOf({ asked, caller, sell, route }: Routed, reservationId: string, reserved: CreditReserved): AuthorizeResult {
  return create(AuthorizeResultSchema, {
    result: {
      case: 'authorized',
      value: {
        reservationId,
        maxDurationSec: reserved.maxDurationSec,
        validUntilUs: BigInt(reserved.validUntil),
        reserved: moneyOf(reserved.amountNanos, caller.currency),
        carriers: route.carriers,
        excluded: route.excluded,
        calledE164: asked.e164,
        routedBy: route.routedBy,
        sellPrefix: sell.prefix,
        sellRatePerMinNanos: sell.ratePerMinNanos,
        finalUnit: (reserved.final ?? null) !== null,
        ...(route.notice === undefined ? {} : { notice: route.notice }),
        ...(route.failover === undefined ? {} : { failover: route.failover }),
      },
    },
  });
}

function reservationOf({ asked, caller }: Routed, id: string, reserved: CreditReserved, now: InstantUs, answer: Uint8Array): Reservation {
  return {
    id,
    callKey: asked.callKey,
    accountId: caller.accountId,
    party: partyKey(asked.charged),
    amountNanos: reserved.amountNanos,
    maxDurationSec: reserved.maxDurationSec,
    startedAt: asked.at,
    reservedAt: now,
    validUntil: reserved.validUntil,
    answer,
  };
}

function eventOf({ asked, caller }: Routed, reservationId: string, reserved: CreditReserved, at: InstantUs): PublicEvent {
  return creditReservedOf({ ...reserved, ...asked, reservationId, currency: caller.currency, at });
}
