import { create, fromBinary } from '@bufbuild/protobuf';
import { AuthorizeResultSchema, ChargedPartySchema, eventIdOf } from '@tollwire/contracts';
import type { Authorized, CallRef, CodedRefusal, PublicEvent } from '@tollwire/contracts';
import { ok, present, refuse } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import { enqueue } from '@tollwire/event-store';
import type { Sql } from '@tollwire/event-store';
import type { CardDeps, CreditPolicy } from '../card.deps.ts';
import type { CreditEvent } from '../domain/credit.ts';
import { boundsOf, refusalByRules, refusalToGoOn } from '../domain/dialing.ts';
import { isCardAccount } from '../domain/ledger.ts';
import { extensionsGiven, keepExtensions, keptReservations, receiptKey } from '../ledger/extensions.ts';
import type { ExtensionRow, KeptReservation } from '../ledger/extensions.ts';
import { LockedAccounts } from '../ledger/locked-accounts.ts';
import { reservationExtendedOf } from '../wire/call-events.ts';
import { chargedOfKey } from '../wire/party.ts';
import { creditReservedOf } from '../wire/public-events.ts';
import type { Caller } from './callers.ts';
import { dialingRulesOf } from './dialing-rules.ts';
import type { RulesOf } from './dialing-rules.ts';
import { refusalOfEnded } from './ended.ts';
import type { Sell } from './prices.ts';

/** An extension that is asked for. */
export interface ExtensionAsked {
  readonly callKey: string;
  readonly call: CallRef;
  /** Made by the switch, from 1. */
  readonly sequence: number;
  /** Seconds of conversation so far. */
  readonly usedSec: number;
  readonly traceparent: string | undefined;
}

/** One whose call is priced. */
export interface Extending {
  readonly asked: ExtensionAsked;
  readonly accountId: string;
  readonly caller: Pick<Caller, 'currency'>;
  readonly sell: Sell;
}

/** What was granted, as it is answered. */
export interface ExtensionGranted extends ExtensionRow {
  readonly currency: string;
}

export type Granted = Result<ExtensionGranted, CodedRefusal>;
type CreditExtended = Extract<CreditEvent, { type: 'CreditExtended' }>;

/** What is read under the locks, and becomes what is written. */
interface Work {
  readonly accounts: LockedAccounts;
  readonly rulesOf: RulesOf;
  readonly kept: Map<string, KeptReservation>;
  readonly given: Map<string, ExtensionRow>;
  readonly receipts: ExtensionRow[];
  readonly events: PublicEvent[];
}

/**
 * Takes credit for calls that go on, in order of arrival, in the caller's transaction: locks their accounts, reads their
 * reservations under the locks, decides in memory, writes each table once.
 */
export async function extendAll({ root, policy }: Pick<CardDeps, 'root' | 'policy'>, tx: Sql, calls: readonly Extending[], now: InstantUs): Promise<Granted[]> {
  const accountIds = calls.map(({ accountId }) => accountId);
  const [accounts, rulesOf, kept, given] = await Promise.all([
    LockedAccounts.lock(tx, accountIds),
    dialingRulesOf(tx, accountIds),
    keptReservations(tx, calls.map(({ asked }) => asked.callKey)),
    extensionsGiven(tx, calls.map(({ asked }) => asked)),
  ]);
  const work: Work = { accounts, rulesOf, kept, given, receipts: [], events: [] };
  const answers = calls.map((call) => extend(work, call, policy, now));
  const touched = new Set(work.receipts.map(({ callKey }) => callKey));
  await Promise.all([keepExtensions(tx, [...kept.values()].filter(({ callKey }) => touched.has(callKey)), work.receipts, now), accounts.save(tx), enqueue(tx, root, work.events)]);
  return answers;
}

function extend(work: Work, { asked, caller, sell, accountId }: Extending, policy: CreditPolicy, at: InstantUs): Granted {
  const kept = work.kept.get(asked.callKey);
  const before = answerOfBefore(asked, kept, work.given.get(receiptKey(asked)));
  if (before !== undefined) return before;
  const reservation = present(kept, 'a reservation of a call that is extended');
  const { credit, usage } = work.accounts.stateOf(accountId);
  const rules = work.rulesOf(accountId);
  const isOpen = reservation.state === 'open';
  const refusal = isOpen ? refusalToGoOn(rules) : refusalByRules(rules, usage, at, isCardAccount(accountId));
  if (refusal !== null) return refuse(refusal);
  const bounds = boundsOf(rules, { usage, credit, otherCalls: usage.openCalls - (isOpen ? 1 : 0) }, policy, at);
  const held = isOpen ? reservation : null;
  const { schedule, allowance } = sell;
  const decision = work.accounts.decide(accountId, { type: 'Extend', schedule, allowance, usedSec: asked.usedSec, held, ...bounds });
  if (!decision.accepted) return refuse(decision.refusal);
  const [extended] = decision.events.filter((event) => event.type === 'CreditExtended');
  return ok(record(work, asked, reservation, present(extended, 'an extension'), caller.currency, at));
}

/** Notes what was granted: the reservation as it is now, the receipt, and what the world is told. One that had expired is a new reservation. */
function record(work: Work, asked: ExtensionAsked, kept: KeptReservation, extended: CreditExtended, currency: string, at: InstantUs): ExtensionGranted {
  const { callKey, call, sequence, usedSec, traceparent } = asked;
  const { addedNanos, amountNanos, maxDurationSec, validUntil, final } = extended;
  const isRevived = kept.state === 'expired';
  const reservationId = isRevived ? eventIdOf('reservation', at, [callKey, String(sequence)]) : kept.id;
  work.kept.set(callKey, { ...kept, id: reservationId, amountNanos, maxDurationSec, validUntil, state: 'open' });
  const receipt = { callKey, sequence, usedSec, reservationId, addedNanos, amountNanos, maxDurationSec, validUntil, final };
  work.receipts.push(receipt);
  work.given.set(receiptKey(receipt), receipt);
  const told = { ...receipt, currency, traceparent, at };
  work.events.push(
    isRevived
      ? creditReservedOf({ ...told, call, charged: create(ChargedPartySchema, chargedOfKey(kept.party)) })
      : reservationExtendedOf({ ...told, party: kept.party, finalReason: final }),
  );
  return { ...receipt, currency };
}

/** The answer that does not need to be decided: there is no such call, it is over, or it was extended so before. */
export function answerOfBefore(asked: ExtensionAsked, kept: KeptReservation | undefined, before: ExtensionRow | undefined): Granted | undefined {
  if (kept === undefined) return refuse({ code: 'unknown_call', detail: 'Authorize the call before it is extended.' });
  if (kept.state === 'settled' || kept.state === 'released') return refuse(refusalOfEnded(kept.state));
  if (before === undefined) return undefined;
  if (before.usedSec !== asked.usedSec) return refuse({ code: 'idempotency_mismatch', field: 'sequence', detail: 'Count each extension of the call anew.' });
  if (kept.state === 'expired') return refuse({ code: 'reservation_expired', detail: 'Extend the call under the next sequence number if it is still up.' });
  return ok({ ...before, currency: letThrough(kept).currency });
}

/** Of the answer that let the call through: the number that it goes to, the carriers that it may go over, and the currency that is reserved. */
export function letThrough({ answer }: Pick<KeptReservation, 'answer'>): Pick<Authorized, 'calledE164' | 'carriers'> & { readonly currency: string } {
  const { result } = fromBinary(AuthorizeResultSchema, answer);
  if (result.case !== 'authorized') throw new Error('Only what was authorized is reserved for');
  const { calledE164, carriers, reserved } = result.value;
  return { calledE164, carriers, currency: reserved?.currency ?? '' };
}
