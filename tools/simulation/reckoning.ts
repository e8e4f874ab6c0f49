import {
  BalanceLowSchema, CallRatedSchema, CardDebitedSchema, callKey, CreditReservedSchema, dataOf, publicEvents, ReservationExpiredSchema, ReservationExtendedSchema,
  ReservationReleasedSchema,
} from '@tollwire/contracts';
import { fold, instantUs } from '@tollwire/core';
import { credit, type CreditEvent } from '../../services/card/src/domain/credit.ts';
import { ledgerAccount } from '../../services/card/src/domain/ledger.ts';
import { Violation } from './violation.ts';
import { holdCards } from './card-reckoning.ts';
import { eventsIn, rowsOf, sameList, text, whole } from './committed.ts';
import { holdBreakage, holdPayments, holdProposals, holdVouchers } from './money-reckoning.ts';
import { isSold } from './orders.ts';
import type { Store } from './postgres/store.ts';
import type { Row } from './postgres/values.ts';
import type { World } from './world.ts';

/** Whether everything that was begun is done: nothing waits to be published, acknowledged or tried again. */
export function isAtRest({ card, rating, consumers }: World): boolean {
  const waiting = [card.store, rating.store].some((store) => store.rowsOf('outbox_pending').size > 0);
  return !waiting && Object.values(consumers).every(({ unacknowledged }) => unacknowledged.size === 0);
}

/** Holds what is left in the end to what must be so once all has been handled. Throws a Violation that tells what is not. */
export function reckon(world: World): void {
  holdRatings(world);
  holdCharges(world);
  holdBooks(world.card.store);
  holdReservations(world);
  holdExtensions(world);
  holdLowBalances(world);
  holdPayments(world);
  holdVouchers(world);
  holdProposals(world);
  holdBreakage(world);
  holdCards(world);
  holdFold(world.card.store);
}

/** Every call that ended and can be priced is rated, and each of its ratings is told once. */
function holdRatings({ calls, rating }: World): void {
  const ended = calls.filter(({ ends, number }) => ends.length > 0 && isSold(number)).map(({ ends }) => callKey(ends[0]?.data.call));
  const rated = rowsOf(rating.store, 'rated_call');
  const first = rated.filter((row) => text(row, 'revision') === '1').map((row) => text(row, 'call_key'));
  const answered = first.filter((key) => !ended.includes(key)).filter((key) => rated.some((row) => text(row, 'call_key') === key && text(row, 'sell_nanos') !== '0'));
  for (const key of ended) if (!first.includes(key)) throw new Violation(`the call ${key} has ended and is not rated`);
  if (answered.length > 0) throw new Violation(`the calls ${answered.join(' ')} cost something that nobody sells`);
  const told = eventsIn(rating.store, publicEvents.CallRated).map((event) => dataOf(CallRatedSchema, event)).map(({ call, revision }) => `${callKey(call)} ${revision}`);
  sameList('ratings', 'told', told, rated.map((row) => `${text(row, 'call_key')} ${text(row, 'revision')}`));
}

/** Every rated call is charged what its latest rating says, to the party of it, and each charge is told once. */
function holdCharges({ card, rating }: World): void {
  const charges = rowsOf(card.store, 'charge');
  const byCall = Map.groupBy(charges, (row) => text(row, 'call_key'));
  const latest = Map.groupBy(rowsOf(rating.store, 'rated_call'), (row) => text(row, 'call_key'));
  for (const [key, ratings] of latest) {
    const rated = ratings.reduce((one, other) => (whole(one, 'revision') > whole(other, 'revision') ? one : other));
    const posted = (byCall.get(key) ?? []).reduce((sum, row) => sum + whole(row, 'posted'), 0n);
    if (!byCall.has(key)) throw new Violation(`the call ${key} is rated and not charged`);
    if (posted !== whole(rated, 'sell_nanos')) {
      throw new Violation(`the call ${key} is charged ${posted}; by its revision ${text(rated, 'revision')} it costs ${text(rated, 'sell_nanos')}`);
    }
  }
  for (const key of byCall.keys()) if (!latest.has(key)) throw new Violation(`the call ${key} is charged and was never rated`);
  const told = eventsIn(card.store, publicEvents.CardDebited).map((event) => dataOf(CardDebitedSchema, event));
  const stored = charges.map((row) => `${text(row, 'call_key')} ${text(row, 'revision')} ${text(row, 'posted')}`);
  sameList('charges', 'told', told.map(({ call, revision, posted }) => `${callKey(call)} ${revision} ${posted?.nanos ?? 0n}`), stored);
}

/** Every reservation is over; each was told when it was made, and when it expired; whoever was allowed has one. */
function holdReservations({ calls, card, auditor }: World): void {
  const rows = rowsOf(card.store, 'reservation');
  const open = rows.filter((row) => row['state'] === 'open').map((row) => text(row, 'call_key'));
  if (open.length > 0) throw new Violation(`the reservations of ${open.join(' ')} never end`);
  const idsThatAre = (state: string) => [...auditor.reservations].filter(([, is]) => is === state).map(([id]) => id);
  sameList('reservations', 'told', eventsIn(card.store, publicEvents.CreditReserved).map((event) => dataOf(CreditReservedSchema, event).reservationId), [...auditor.reservations.keys()]);
  const expired = eventsIn(card.store, publicEvents.ReservationExpired).map((event) => dataOf(ReservationExpiredSchema, event).reservationId);
  sameList('expired reservations', 'told', expired, idsThatAre('expired'));
  const released = eventsIn(card.store, publicEvents.ReservationReleased).map((event) => dataOf(ReservationReleasedSchema, event).reservationId);
  sameList('released reservations', 'told', released, idsThatAre('released'));
  for (const { callId, allowed } of calls) {
    const answer = rows.find((row) => text(row, 'call_key') === callKey({ switchId: 'sw', callId, leg: 0 }))?.['answer'];
    if (allowed !== undefined && !(Buffer.isBuffer(answer) && answer.equals(allowed))) throw new Violation(`the answer that ${callId} was given is not the one that is kept`);
  }
}

/** Tax and what carriers are owed, posted as differences for many calls at once, come to what the latest charge of each call says. */
function holdBooks(store: Store): void {
  const owed = new Map<string, bigint>();
  const add = (account: string, nanos: bigint) => owed.set(account, (owed.get(account) ?? 0n) + nanos);
  for (const charges of Map.groupBy(rowsOf(store, 'charge'), (row) => text(row, 'call_key')).values()) {
    const latest = charges.reduce((one, other) => (whole(one, 'nth') > whole(other, 'nth') ? one : other));
    add(ledgerAccount.tax(text(latest, 'currency')), whole(latest, 'tax'));
    for (const cost of costsOf(latest)) add(ledgerAccount.carrier(cost.carrierCode, cost.currency), cost.nanos);
  }
  const balances = new Map([...owed.keys()].map((account) => [account, 0n]));
  for (const row of rowsOf(store, 'transfer')) {
    for (const [side, sign] of [['credit_account', 1n], ['debit_account', -1n]] as const) {
      if (/^(tax|carrier):/.test(text(row, side))) balances.set(text(row, side), (balances.get(text(row, side)) ?? 0n) + sign * whole(row, 'amount'));
    }
  }
  for (const [account, nanos] of balances) if (nanos !== (owed.get(account) ?? 0n)) throw new Violation(`${account} has ${nanos}, by the charges it is owed ${owed.get(account) ?? 0n}`);
}

function costsOf({ costs = null }: Row): { readonly carrierCode: string; readonly currency: string; readonly nanos: bigint }[] {
  if (!Array.isArray(costs)) return [];
  return costs.map((cost: unknown) => {
    const [carrierCode, currency, nanos] = Array.isArray(cost) ? cost.map(String) : [];
    return { carrierCode: carrierCode ?? '', currency: currency ?? '', nanos: BigInt(nanos ?? '') };
  });
}

/** Every extension is kept as it was granted, and told once: as an extension, or as the reservation that followed one that had expired. */
function holdExtensions({ calls, card, auditor }: World): void {
  const rows = rowsOf(card.store, 'reservation_extension');
  const anew = auditor.reservations.size - card.store.rowsOf('reservation').size;
  const told = eventsIn(card.store, publicEvents.ReservationExtended).map((event) => dataOf(ReservationExtendedSchema, event)).map(({ call, sequence }) => `${callKey(call)} ${sequence}`);
  if (new Set(told).size !== told.length || told.length + anew !== rows.length) throw new Violation(`${rows.length} extensions are kept; ${told.length} are told as such, ${anew} as reservations`);
  for (const { callId, extensions } of calls) {
    for (const { sequence, granted } of extensions) {
      const row = card.store.rowsOf('reservation_extension').get(`${callKey({ switchId: 'sw', callId, leg: 0 })} ${sequence}`);
      const kept = row === undefined ? undefined : [row['reservation_id'], row['amount'], row['max_duration_sec'], row['valid_until_us'], row['final_reason']].join(' ');
      if (granted !== undefined && granted !== kept) throw new Violation(`extension ${sequence} of ${callId} was answered ${granted}; kept is ${kept}`);
    }
  }
}

/** Whenever credit fell below an amount that somebody is to hear of, it was told; more often only where it rose again within a commit. */
function holdLowBalances({ card, auditor }: World): void {
  const told = eventsIn(card.store, publicEvents.BalanceLow).map((event) => dataOf(BalanceLowSchema, event));
  for (const [crossing, count] of auditor.crossings) {
    const heard = told.filter(({ account, threshold }) => {
      const accountId = account.case === 'cardId' ? ledgerAccount.card(account.value) : ledgerAccount.customer(account.value ?? '');
      return `${accountId} ${threshold?.nanos ?? 0n}` === crossing;
    });
    if (heard.length < count) throw new Violation(`the credit of ${crossing} fell below it ${count} times, and ${heard.length} times it was told`);
  }
}

/** Transfers that take credit from who has it, for no call. */
const takes = ['payment_reversal', 'breakage'];

/** Each account, folded by the domain from what happened to it, is the one that is stored. */
function holdFold(store: Store): void {
  for (const account of rowsOf(store, 'ledger_account')) {
    const mine = (table: string, column: string) => rowsOf(store, table).filter((row) => row[column] === account['id']);
    const events: CreditEvent[] = [
      ...mine('transfer', 'credit_account').filter((row) => text(row, 'code') !== 'call_correction').map((row): CreditEvent => ({ type: 'CreditPosted', amountNanos: whole(row, 'amount') })),
      ...mine('transfer', 'debit_account').filter((row) => takes.includes(text(row, 'code'))).map((row): CreditEvent => ({ type: 'CreditTaken', amountNanos: whole(row, 'amount') })),
      ...mine('reservation', 'account_id').map((row): CreditEvent => ({ type: 'CreditReserved', amountNanos: whole(row, 'amount'), maxDurationSec: 1, validUntil: instantUs(0) })),
      ...mine('reservation', 'account_id').map((row): CreditEvent => ({ type: 'ReservationExpired', releasedNanos: whole(row, 'amount') })),
      ...mine('charge', 'account_id').map((row): CreditEvent => ({ type: 'CallCharged', postedNanos: whole(row, 'posted'), releasedNanos: 0n, aboveReservationNanos: 0n })),
    ];
    const { creditNanos, reservedNanos } = fold(credit, events);
    if (creditNanos !== account['credit'] || reservedNanos !== account['reserved']) {
      throw new Violation(`${text(account, 'id')} folds to ${creditNanos} and ${reservedNanos} reserved; stored are ${text(account, 'credit')} and ${text(account, 'reserved')}`);
    }
  }
}
