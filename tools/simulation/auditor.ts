import { customerCallsMax, customerCallsPerSecMax, customerSpendPerHourMax, thresholdsOf } from './books.ts';
import { CardAuditor } from './card-auditor.ts';
import type { Change } from './postgres/store.ts';
import type { Row } from './postgres/values.ts';
import { Violation } from './violation.ts';

interface Account {
  credit: bigint;
  reserved: bigint;
  limit: bigint;
  /** What its transfers and its open reservations come to, and charges above reservations with payments that went back. */
  moved: bigint;
  open: bigint;
  above: bigint;
  /** Calls that it counts, and its open reservations. */
  calls: bigint;
  openCount: bigint;
  /** What it counts of the second and of the hour that it was last used in. */
  callsInSecond: bigint;
  spentInHour: bigint;
}

const bigintOf = (row: Row | undefined, column: string): bigint => BigInt(String(row?.[column] ?? 0));
const textOf = (row: Row | undefined, column: string): string => String(row?.[column] ?? '');

/** Looks at every commit of card's database, and holds the books to what must be so at every instant. */
export class Auditor {
  /** What must be so of cards and callers. */
  readonly cards: CardAuditor;
  readonly #accounts = new Map<string, Account>();
  readonly #calls = new Map<string, { accountId: string; posted: bigint; nth: bigint; revision: bigint }>();
  readonly #effects = new Set<string>();
  /** What became of every reservation there ever was, by its id. */
  readonly reservations = new Map<string, string>();
  /** How often the credit of an account was at or above an amount before a commit and below it after, by `<account> <amount>`. */
  readonly crossings = new Map<string, number>();
  /** What the house accounts come to: nothing, together with all others. */
  #house = 0n;

  constructor(nowUs: () => number) {
    this.cards = new CardAuditor(nowUs);
  }

  /** Throws a Violation that tells what is wrong after a commit. */
  look(changes: readonly Change[]): void {
    const touched = new Set<string>();
    for (const change of changes) this.#take(change, touched);
    this.cards.look(changes);
    for (const id of touched) this.#holdAccount(id);
    const sum = [...this.#accounts.values()].reduce((all, { credit }) => all + credit, this.#house);
    if (sum !== 0n) throw new Violation(`the ledger sums to ${sum}, not to nothing`);
  }

  #take({ table, before, after }: Change, touched: Set<string>): void {
    switch (table) {
      case 'ledger_account':
        return this.#takeAccount(after, touched);
      case 'transfer':
        return this.#takeTransfer(before, after, touched);
      case 'reservation':
        return this.#takeReservation(before, after, touched);
      case 'charge':
        return this.#takeCharge(before, after, touched);
      case 'witness':
        return this.#takeEffect(after);
      default:
        return;
    }
  }

  #takeAccount(after: Row | undefined, touched: Set<string>): void {
    const account = this.#account(textOf(after, 'id'), touched);
    const before = account.credit;
    account.credit = bigintOf(after, 'credit');
    account.calls = bigintOf(after, 'open_calls');
    account.callsInSecond = bigintOf(after, 'calls_in_second');
    account.spentInHour = bigintOf(after, 'spent_in_hour');
    for (const amount of thresholdsOf(textOf(after, 'id'))) {
      const crossing = `${textOf(after, 'id')} ${amount}`;
      if (before >= amount && account.credit < amount) this.crossings.set(crossing, (this.crossings.get(crossing) ?? 0) + 1);
    }
    account.reserved = bigintOf(after, 'reserved');
    account.limit = bigintOf(after, 'credit_limit');
  }

  #takeTransfer(before: Row | undefined, after: Row | undefined, touched: Set<string>): void {
    if (before !== undefined) throw new Violation(`the transfer ${textOf(before, 'id')} was changed`);
    for (const [side, sign] of [['credit_account', 1n], ['debit_account', -1n]] as const) {
      const id = textOf(after, side);
      const moved = sign * bigintOf(after, 'amount');
      if (/^(card|customer):/.test(id)) this.#account(id, touched).moved += moved;
      else this.#house += moved;
      // What was paid may have been spent when it goes back: then it is owed.
      if (textOf(after, 'code') === 'payment_reversal' && sign < 0n) this.#account(id, touched).above -= moved;
    }
  }

  #takeReservation(before: Row | undefined, after: Row | undefined, touched: Set<string>): void {
    const [was, is] = [textOf(before, 'state'), textOf(after, 'state')];
    // A call that is still up when its reservation has expired is given another one, by an extension.
    const isRevived = was === 'expired' && is === 'open' && textOf(before, 'id') !== textOf(after, 'id');
    if (after === undefined || (was !== '' && was !== 'open' && !isRevived)) throw new Violation(`the reservation of ${textOf(before, 'call_key')}, ${was} before, is ${is} now`);
    if (was === 'open' && textOf(before, 'id') !== textOf(after, 'id')) throw new Violation(`the open reservation of ${textOf(before, 'call_key')} became another one`);
    this.reservations.set(textOf(after, 'id'), is);
    const account = this.#account(textOf(after, 'account_id'), touched);
    if (was === 'open') account.open -= bigintOf(before, 'amount');
    if (is === 'open') account.open += bigintOf(after, 'amount');
    account.openCount += (is === 'open' ? 1n : 0n) - (was === 'open' ? 1n : 0n);
  }

  #takeCharge(before: Row | undefined, after: Row | undefined, touched: Set<string>): void {
    const call = textOf(after, 'call_key');
    if (before !== undefined) throw new Violation(`a charge of ${textOf(before, 'call_key')} was changed`);
    const account = this.#account(textOf(after, 'account_id'), touched);
    account.above += bigintOf(after, 'above_reservation');
    const { accountId, posted, nth, revision } = this.#calls.get(call) ?? { accountId: textOf(after, 'account_id'), posted: 0n, nth: 0n, revision: 0n };
    if (accountId !== textOf(after, 'account_id')) throw new Violation(`the call ${call} is charged to ${accountId} and to ${textOf(after, 'account_id')}`);
    if (bigintOf(after, 'nth') !== nth + 1n) throw new Violation(`charge ${nth} of the call ${call} is followed by ${bigintOf(after, 'nth')}`);
    if (bigintOf(after, 'revision') <= revision) throw new Violation(`the call ${call}, charged by its revision ${revision}, is charged by revision ${bigintOf(after, 'revision')} after it`);
    const sum = posted + bigintOf(after, 'posted');
    if (sum !== bigintOf(after, 'amount')) throw new Violation(`the charges of the call ${call} come to ${sum}; by its rating it costs ${bigintOf(after, 'amount')}`);
    this.#calls.set(call, { accountId, posted: sum, nth: nth + 1n, revision: bigintOf(after, 'revision') });
  }

  #takeEffect(after: Row | undefined): void {
    const effect = `${textOf(after, 'event_id')} on ${textOf(after, 'consumer')}`;
    if (this.#effects.has(effect)) throw new Violation(`the event ${effect} had its effect twice`);
    this.#effects.add(effect);
  }

  #account(id: string, touched: Set<string>): Account {
    const account = this.#accounts.get(id) ?? { credit: 0n, reserved: 0n, limit: 0n, moved: 0n, open: 0n, above: 0n, calls: 0n, openCount: 0n, callsInSecond: 0n, spentInHour: 0n };
    this.#accounts.set(id, account);
    touched.add(id);
    return account;
  }

  /** What is spent and reserved is never more than an hour allows, but for what was charged above reservations. */
  #holdLimits(id: string): void {
    const { calls, callsInSecond, spentInHour, reserved, above } = this.#account(id, new Set());
    if (calls > customerCallsMax) throw new Violation(`${id} has ${calls} calls at a time, and may have ${customerCallsMax}`);
    if (callsInSecond > customerCallsPerSecMax) throw new Violation(`${id} began ${callsInSecond} calls in a second, and may begin ${customerCallsPerSecMax}`);
    const spent = spentInHour + reserved;
    if (spent > customerSpendPerHourMax + above) throw new Violation(`${id} spends ${spent} in an hour, and may spend ${customerSpendPerHourMax}; charged above reservations was only ${above}`);
  }

  /** An account may fall below its floor by what was charged above reservations and by payments that went back, and by nothing else. */
  #holdAccount(id: string): void {
    const { credit, reserved, limit, moved, open, above, calls, openCount } = this.#account(id, new Set());
    if (id.startsWith('customer:')) this.#holdLimits(id);
    if (credit !== moved) throw new Violation(`${id} has a credit of ${credit}, its transfers come to ${moved}`);
    if (reserved !== open) throw new Violation(`${id} has ${reserved} reserved, its open reservations come to ${open}`);
    if (calls !== openCount) throw new Violation(`${id} counts ${calls} calls, and has ${openCount} open reservations`);
    const available = credit + limit - reserved;
    if (available + above < 0n) throw new Violation(`${id} has ${available} available, below its floor; charged above reservations, or paid back, was only ${above}`);
  }
}
