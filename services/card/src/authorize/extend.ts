import { create } from '@bufbuild/protobuf';
import { ChargedPartySchema, ExtendCallReplySchema } from '@tollwire/contracts';
import type { CodedRefusal, ExtendCallReply, ExtendCallRequest } from '@tollwire/contracts';
import { ok, present, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import { whileTransient } from '@tollwire/event-store';
import type { Sql } from '@tollwire/event-store';
import { microBatch } from '@tollwire/messaging';
import { normalizeE164 } from '@tollwire/telecom';
import type { CardDeps } from '../card.deps.ts';
import { extensionsGiven, keptReservations, receiptKey } from '../ledger/extensions.ts';
import type { KeptReservation } from '../ledger/extensions.ts';
import { callKeyOf } from '../wire/call.ts';
import { moneyOf } from '../wire/money.ts';
import { chargedOfKey, partyOf } from '../wire/party.ts';
import { refusalMessageOf } from '../wire/refusal.ts';
import { callersOf } from './callers.ts';
import type { CallerOf } from './callers.ts';
import { answerOfBefore, extendAll, letThrough } from './extend-all.ts';
import type { Extending, ExtensionAsked, ExtensionGranted, Granted } from './extend-all.ts';
import { quoteAll, reservedBy } from './prices.ts';
import type { Admitted } from './prices.ts';

/** Calls extended together at most. */
const batchMax = 200;
/** How often a batch is begun anew after another writer was first. */
const attemptsMax = 5;
/** The largest value of PostgreSQL's integer. */
const sequenceMax = 2_147_483_647;
/** A day: no call has lasted longer. */
const usedSecMax = 86_400;

/** Extends one call: what it may go on for, or why not. */
export type ExtendCall = (request: ExtendCallRequest, traceparent?: string) => Promise<Result<ExtendCallReply, CodedRefusal>>;

/**
 * Makes the extender of calls that are up. What arrives while a batch is decided makes the next, as authorizations do. The
 * call is priced anew by its beginning, and what it costs beyond what is reserved for it is taken under the lock of its
 * account. The same sequence number again gets the same answer, while the call is not over.
 */
export function extender(deps: CardDeps): ExtendCall {
  const decide = microBatch((asked: readonly ExtensionAsked[]) => extendBatch(deps, asked), { itemsMax: batchMax, concurrency: 2 });
  return async (request, traceparent) => {
    const asked = askedOf(request, traceparent);
    if (!asked.ok) return asked;
    const granted = await decide(asked.value);
    return ok(create(ExtendCallReplySchema, { result: granted.ok ? extendedMessage(granted.value) : { case: 'refusal', value: refusalMessageOf(granted.refusal) } }));
  };
}

function askedOf({ call, sequence, usedSec }: ExtendCallRequest, traceparent: string | undefined): Result<ExtensionAsked, CodedRefusal> {
  const callKey = callKeyOf(call, 'call');
  if (!callKey.ok) return callKey;
  if (sequence < 1 || sequence > sequenceMax) return refuse({ code: 'field_out_of_range', field: 'sequence', detail: 'Count the extensions of a call from 1.' });
  if (usedSec > usedSecMax) return refuse({ code: 'field_out_of_range', field: 'usedSec', detail: `A call lasts at most ${usedSecMax} seconds.` });
  return ok({ callKey: callKey.value, call: present(call, 'the call'), sequence, usedSec, traceparent });
}

/** Extends a batch of calls, and begins anew where another writer was first. Rejects where that goes on. */
export async function extendBatch(deps: CardDeps, batch: readonly ExtensionAsked[]): Promise<Granted[]> {
  const answers = await whileTransient(attemptsMax, () => extendOnce(deps, batch));
  return batch.map((asked) => present(answers.get(asked), 'an answer for each call'));
}

async function extendOnce(deps: CardDeps, batch: readonly ExtensionAsked[]): Promise<Map<ExtensionAsked, Granted>> {
  const answers = new Map<ExtensionAsked, Granted>();
  const kept = await keptReservations(deps.database, [...new Set(batch.map(({ callKey }) => callKey))]);
  const { given, callerOf } = await lookUp(deps.database, batch, [...kept.values()]);
  const fresh = batch.flatMap((asked): Admissible[] => {
    const reservation = kept.get(asked.callKey);
    const before = answerOfBefore(asked, reservation, given.get(receiptKey(asked)));
    if (before !== undefined) answers.set(asked, before);
    if (before !== undefined || reservation === undefined) return [];
    const admitted = admittedOf(deps, asked, reservation, callerOf);
    if (!admitted.ok) answers.set(asked, admitted);
    return admitted.ok ? [{ asked, reservation, admitted: admitted.value }] : [];
  });
  const prices = await quoteAll(deps, fresh.map(({ admitted }) => admitted));
  const priced = fresh.flatMap(({ asked, reservation, admitted }, at): Extending[] => {
    const price = present(prices[at], 'a price for each call');
    if (!price.ok) answers.set(asked, price);
    return price.ok ? [{ asked, accountId: reservation.accountId, caller: admitted.caller, sell: reservedBy(price.value, letThrough(reservation)) }] : [];
  });
  if (priced.length === 0) return answers;
  const granted = await deps.database.transaction((tx) => extendAll(deps, tx, priced, deps.clock.nowUs()), { byKey: true });
  deps.wakeRelay();
  priced.forEach(({ asked }, at) => answers.set(asked, present(granted[at], 'an answer for each call')));
  return answers;
}

interface Admissible {
  readonly asked: ExtensionAsked;
  readonly reservation: KeptReservation;
  readonly admitted: Admitted;
}

async function lookUp(sql: Sql, batch: readonly ExtensionAsked[], kept: readonly KeptReservation[]) {
  const parties = kept.flatMap(({ party }) => partyOfKey(party));
  const [given, callerOf] = await Promise.all([extensionsGiven(sql, batch), callersOf(sql, parties)]);
  return { given, callerOf };
}

/** The call as its price is asked for: by its beginning, for whom it was let through, if that one may still call. */
function admittedOf({ clock }: Pick<CardDeps, 'clock'>, asked: ExtensionAsked, kept: KeptReservation, callerOf: CallerOf): Result<Admitted, CodedRefusal> {
  const charged = create(ChargedPartySchema, chargedOfKey(kept.party));
  const party = partyOf(charged, 'charged');
  if (!party.ok) return party;
  const caller = callerOf(party.value, clock.nowUs());
  if (!caller.ok) return caller;
  if (caller.value.accountId !== kept.accountId) return refuse({ code: 'conflict', detail: 'The account code belongs to another customer by now; the call ends at its limit.' });
  const e164 = normalizeE164(`+${letThrough(kept).calledE164}`);
  if (!e164.ok) return refuse({ code: 'internal_error' });
  const { callKey, call, traceparent } = asked;
  return ok({ asked: { callKey, call, charged, party: party.value, e164: e164.value, at: kept.startedAt, traceparent }, caller: caller.value });
}

function partyOfKey(key: string) {
  const party = partyOf(create(ChargedPartySchema, chargedOfKey(key)), 'charged');
  return party.ok ? [party.value] : [];
}

function extendedMessage({ reservationId, maxDurationSec, validUntil, amountNanos, addedNanos, final, currency }: ExtensionGranted) {
  return {
    case: 'extended' as const,
    value: {
      reservationId,
      maxDurationSec,
      validUntilUs: BigInt(validUntil),
      reserved: moneyOf(amountNanos, currency),
      added: moneyOf(addedNanos, currency),
      finalUnit: final !== null,
      finalReason: final ?? '',
      finalAction: final === null ? '' : 'terminate',
    },
  };
}
