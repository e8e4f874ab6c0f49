import type { PublicEvent, RefusalCode } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import type { InstantUs } from '@tollwire/core';
import type { ParkedEvent } from '@tollwire/event-store';
import { bookTransfers, NO_BOOKS } from '../domain/call-books.ts';
import type { BookedCall } from '../domain/call-books.ts';
import type { CreditEvent } from '../domain/credit.ts';
import { callTransfer } from '../domain/ledger.ts';
import type { Transfer } from '../domain/ledger.ts';
import type { ChargeRow, LatestCharge } from '../ledger/charges.ts';
import type { LockedAccounts } from '../ledger/locked-accounts.ts';
import type { AccountOfParty } from '../ledger/party-accounts.ts';
import type { OpenReservation } from '../ledger/reservations.ts';
import type { RatedCharge } from '../wire/call-rated.ts';
import { unknownParty } from '../wire/party.ts';
import { cardDebitedOf } from '../wire/public-events.ts';

type CallCharged = Extract<CreditEvent, { type: 'CallCharged' }>;

/** One posted charge: the rating, what it came to, and the money it moved. */
interface Posted {
  readonly rated: RatedCharge;
  readonly row: ChargeRow;
  readonly transfer: Transfer | null;
  readonly booked: BookedCall;
}

/** What a settlement is decided upon, as read under the locks of the accounts. */
export interface SettlementFacts {
  readonly accounts: LockedAccounts;
  readonly accountOf: AccountOfParty;
  readonly before: Map<string, LatestCharge>;
  readonly open: Map<string, OpenReservation>;
  /** When it is charged, by which it counts to the spend limits. */
  readonly at: InstantUs;
}

/** A batch of charges being decided in memory; what it led to is written at the end, each table once. */
export class Settlement {
  readonly accounts: LockedAccounts;
  readonly parked: ParkedEvent[] = [];
  readonly #facts: SettlementFacts;
  readonly #posted: Posted[] = [];
  readonly #settled: string[] = [];

  constructor(facts: SettlementFacts) {
    this.accounts = facts.accounts;
    this.#facts = facts;
  }

  /** Decides one charge upon what those before it in the batch left. */
  settle(rated: RatedCharge): void {
    const accountId = this.#facts.accountOf(rated.party);
    const currency = accountId === undefined ? undefined : this.accounts.currencyOf(accountId);
    if (accountId === undefined || currency === undefined) return this.#park(rated, unknownParty(rated.party).code, 'Nobody has it.');
    if (currency !== rated.currency) return this.#park(rated, 'currency_mismatch', `The account is kept in ${currency}, the charge is in ${rated.currency}.`);
    const before = this.#facts.before.get(rated.callKey) ?? null;
    if (before !== null && before.accountId !== accountId) {
      return this.#park(rated, 'conflict', `An earlier rating of the call was charged to another account.`);
    }
    const reservation = this.#facts.open.get(rated.callKey);
    const openNanos = reservation?.accountId === accountId ? reservation.amountNanos : null;
    const charge = { amountNanos: rated.amountNanos, revision: rated.revision };
    const decision = this.accounts.decide(accountId, { type: 'Settle', charge, before, openNanos, at: this.#facts.at });
    if (!decision.accepted) return this.#park(rated, decision.refusal.code, 'The charge would take the balance out of its range.');
    for (const event of decision.events) if (event.type === 'CallCharged') this.#post(rated, accountId, event, openNanos !== null);
  }

  transfers(): Transfer[] {
    const ofCalls = this.#posted.flatMap(({ transfer }) => transfer ?? []);
    return [...ofCalls, ...bookTransfers(this.#posted.map(({ booked }) => booked))];
  }

  charges(): ChargeRow[] {
    return this.#posted.map(({ row }) => row);
  }

  /** The calls whose open reservation was settled. */
  settledCallKeys(): readonly string[] {
    return this.#settled;
  }

  events(at: InstantUs): PublicEvent[] {
    const debited = this.#posted.map(({ rated, row, transfer }) =>
      cardDebitedOf({
        ...row,
        call: present(rated.rated.call, 'the call of a rated call'),
        charged: present(rated.rated.charged, 'the party of a rated call'),
        transferId: transfer?.id ?? '',
        at,
        traceparent: rated.traceparent,
      }),
    );
    return [...debited, ...this.accounts.lowBalances(at)];
  }

  #post(rated: RatedCharge, accountId: string, event: CallCharged, settlesReservation: boolean): void {
    const { callKey, revision, amountNanos, currency, books } = rated;
    const { postedNanos, aboveReservationNanos } = event;
    const before = this.#facts.before.get(callKey);
    const nth = (before?.nth ?? 0) + 1;
    const row = { callKey, nth, revision, accountId, currency, amountNanos, postedNanos, aboveReservationNanos, books };
    const booked = { callKey, revision, currency, before: before?.books ?? NO_BOOKS, now: books };
    this.#posted.push({ rated, row, transfer: callTransfer(row), booked });
    this.#facts.before.set(callKey, { nth, revision, accountId, amountNanos, books });
    if (settlesReservation) {
      this.#settled.push(callKey);
      this.#facts.open.delete(callKey);
    }
  }

  #park(rated: RatedCharge, code: RefusalCode, detail: string): void {
    this.parked.push({ eventId: rated.eventId, code, detail });
  }
}
