import { inspect } from 'node:util';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { CallRatedSchema, ChargedPartySchema, RatedSideSchema, type ReceivedEvent } from '@tollwire/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '@tollwire/event-store';
import { cardAnswers } from '../../../services/card/src/card.answers.ts';
import { moneyAnswers } from '../../../services/card/src/money.answers.ts';
import { Cashier } from '../../../services/card/src/fixture/cashier.fixture.ts';
import { cardRig, type CardRig, euro } from '../../../services/card/src/fixture/card-rig.fixture.ts';
import { anotherCopy, callRated, chargedOf, Operator, valueOf } from '../../../services/card/src/fixture/operator.fixture.ts';
import { expireReservations } from '../../../services/card/src/sweeps/expire-reservations.ts';
import { forfeitCredit } from '../../../services/card/src/sweeps/forfeit-credit.ts';
import { restoreExtended } from '../../../services/card/src/sweeps/restore-credit.ts';
import { settingColumns } from '../../../services/card/src/wire/dialer-setting.ts';
import { Chance } from '../chance.ts';
import { type Compared, eventsToldIn, rowsIn } from './comparison.fixture.ts';
import { databaseOver } from './self-stepping.fixture.ts';
import { keyOf, Store } from './store.ts';
import type { Row } from './values.ts';

/** Every table that money is in, and what is told of it. */
const compared: Compared = {
  ledger_account:
    'id, currency, credit, reserved, credit_limit, version, class, open_calls, second_no, calls_in_second, hour_no, spent_in_hour, day_no, spent_in_day',
  transfer: 'id, debit_account, credit_account, amount, currency, code, call_key, posted_by, at_us',
  charge: 'call_key, nth, revision, account_id, currency, amount, posted, above_reservation, tax, costs, charged_at_us',
  reservation: 'call_key, id, account_id, party, amount, max_duration_sec, started_at_us, reserved_at_us, valid_until_us, state, answer',
  reservation_extension: 'call_key, sequence, used_sec, reservation_id, added, amount, max_duration_sec, valid_until_us, final_reason, extended_at_us',
  payment: 'provider, payment_id, account_id, party, currency, amount, resellerid, commission, paid_at_us, posted_by',
  payment_reversal: 'provider, reversal_id, payment_id, kind, amount, commission, reversed_at_us, posted_by',
  voucher_redemption: 'redemption_id, batch_id, account_id, redeemed_at_us, redeemed_by',
  failed_try: 'subject, clock_us, ends_us',
  broken_credit: 'cardid, nth, currency, amount, forfeited_at_us, restored_at_us',
  credit_proposal: 'transfer_id, party, currency, amount, reason, status, proposed_by, decided_by, note, provider, payment_id',
  inbox: 'event_id',
  dead_letter: 'event_id, consumer, kind, type, source, key, time_us, data, code, detail, tries',
  outbox: 'subject, event_count',
};

/** A rating with tax in it, by one of three rates, and with what a carrier takes. */
function withBooks(event: ReceivedEvent, nth: number, buyNanos: bigint): ReceivedEvent {
  const rated = fromBinary(CallRatedSchema, event.dataBytes);
  rated.sell = create(RatedSideSchema, { amount: { nanos: rated.sell?.amount?.nanos ?? 0n, currency: rated.sell?.amount?.currency ?? '' }, schedule: { terms: { taxPpm: nth * 100_000 } } });
  rated.buy = create(RatedSideSchema, { amount: { nanos: buyNanos, currency: 'EUR' } });
  rated.carrierCode = ['alpha', 'beta', 'gamma'][nth] ?? '';
  return { ...event, dataBytes: toBinary(CallRatedSchema, rated) };
}

describe('the same orders to card', () => {
  let rig: CardRig;
  let modelled: { readonly store: Store; readonly database: Database; readonly operator: Operator; readonly cashier: Cashier; readonly deps: CardRig['deps'] };
  let payers: string[];
  let codes: string[];
  /** What was answered to any order. */
  const seen = new Set<string>();

  beforeAll(async () => {
    rig = await cardRig('card-model', { callSecMax: 600, graceSec: 60 });
    const cards = await rig.operator.activeCards(2, 3n * euro);
    valueOf(await rig.operator.openAccount({ customerId: 'acme', accountCodes: ['a1', 'a2'], postpaid: true, creditLimit: { nanos: 2n * euro, currency: 'EUR' } }));
    valueOf(await rig.operator.setLimits({ name: 'sliced', concurrentCallsMax: 2, creditPolicy: 'fixed_slice', sliceSec: 120, spendPerHourMax: { nanos: 3n * euro, currency: 'EUR' } }));
    valueOf(await rig.operator.limitAccount('a1', 'sliced'));
    valueOf(await rig.operator.setLimits({ name: 'of cards', callsPerSecMax: 2, callSecMax: 300 }));
    valueOf(await rig.operator.limitCardType(1, 'of cards'));
    valueOf(await rig.cashier.lowBalance({ scope: { case: 'cardTypeId', value: 1 }, thresholdsNanos: [2n * euro, euro] }));
    valueOf(await rig.cashier.lowBalance({ scope: { case: 'party', value: create(ChargedPartySchema, chargedOf('account:a1')) }, thresholdsNanos: [0n] }));
    valueOf(await rig.cashier.commission(1, 33_333));
    codes = [...(await rig.cashier.vouchers({ batchId: 'v', quantity: 4, nanos: euro / 2n })), '9999888877776666'];
    // Callers and the life of cards have a spec of their own: both cards have been used before.
    for (const [at, card] of cards.entries()) {
      expect(await rig.operator.verdict(`before/${at}/1`, card)).toMatch(/^allowed/);
      valueOf(await rig.operator.release(`before/${at}/1`));
    }
    payers = [...cards, 'account:a1', 'account:a2', 'nobody'];
    await rig.database.query('DELETE FROM outbox');
    await rig.database.query('DELETE FROM outbox_pending');
    const store = new Store(() => rig.clock.nowUs());
    await copyInto(store);
    const database = databaseOver(store);
    const deps = { ...rig.deps, database };
    modelled = { store, database, deps, operator: new Operator(cardAnswers(deps), deps), cashier: new Cashier(moneyAnswers(deps)) };
  });
  afterAll(() => rig.close());

  /** What stands before the first order, as it stands in the real tables. */
  async function copyInto(store: Store): Promise<void> {
    const work = store.begin();
    const selects = {
      cardtype: 'SELECT cardtypeid, tariffid, startpulse, frequency, incoming_leg, currency FROM cardtype',
      card_state: `SELECT cardid, cardtypeid, resellerid, activated, activates_on_use, suspension, to_us(first_used) AS first_used,
        to_us(deactivated) AS deactivated, to_us(expires) AS expires FROM card_state`,
      account_code: 'SELECT code, customer_id FROM account_code',
      user_profile: 'SELECT customer_id, voip_plan_id, currency, dialersetting_id, to_us(suspended) AS suspended FROM user_profile',
      dialer_setting: `SELECT ${settingColumns} FROM dialer_setting d`,
      cardtype_dialer_setting: 'SELECT cardtypeid, dialersetting_id FROM cardtype_dialer_setting',
      low_balance: 'SELECT scope, thresholds FROM low_balance',
      voucher: `SELECT encode(code_index, 'hex') AS code_index, batch_id, serial FROM voucher`,
      voucher_batch: 'SELECT batch_id, currency, value, expires_at_us, resellerid FROM voucher_batch',
      commission: 'SELECT nth, resellerid, cardtypeid, ppm FROM commission',
      reservation: `SELECT ${compared['reservation']} FROM reservation`,
      ledger_account: `SELECT ${compared['ledger_account']} FROM ledger_account`,
      transfer: `SELECT ${compared['transfer']} FROM transfer`,
    };
    for (const [table, select] of Object.entries(selects)) {
      for (const row of await rig.database.query<Row>(select)) work.write(table, keyOf(table, row), row);
    }
    work.commit();
  }

  type Order = (operator: Operator, cashier: Cashier, deps: CardRig['deps']) => Promise<unknown>;

  /** Gives an order to both, and expects the same answer. */
  async function give(order: Order): Promise<void> {
    const real = await order(rig.operator, rig.cashier, rig.deps);
    expect(await order(modelled.operator, modelled.cashier, modelled.deps)).toEqual(real);
    for (const [, code = ''] of inspect(real, { depth: 9 }).matchAll(/(?:code|case|finalReason): '(\w+)'/g)) seen.add(code);
  }

  async function expectAlike(): Promise<void> {
    expect(await rowsIn(modelled.database, compared)).toEqual(await rowsIn(rig.database, compared));
    expect(await eventsToldIn(modelled.database)).toEqual(await eventsToldIn(rig.database));
  }

  it.each([1, 2, 3, 4, 5, 6])('leave the same rows in the model and in PostgreSQL, and get the same answers (seed %i)', async (seed) => {
    const chance = new Chance(seed);
    for (let step = 0; step < 90; step += 1) {
      const call = `m${seed}/${chance.below(9)}/1`;
      const payer = chance.oneOf(payers) ?? '';
      const kind = chance.below(15);
      const [sequence, usedSec] = [1 + chance.below(4), 30 * chance.below(6)];
      const [revision, nanos, copy] = [1 + chance.below(4), BigInt(chance.below(40)) * (euro / 20n), chance.below(3)];
      const currency = chance.below(20) === 0 ? 'USD' : 'EUR';
      const rated = withBooks(callRated(call, payer, nanos, { revision, currency }), chance.below(3), nanos / 3n);
      rig.clock.advanceSec(kind === 9 ? 300 : chance.below(2));
      await give((operator, _cashier, deps) => {
        if (kind < 4) return operator.authorize(call, payer, `4312345${step % 10}`);
        if (kind < 8) return operator.settle([rated, anotherCopy(rated, copy)]);
        if (kind === 8) return operator.postCredit(payer, nanos, `t${seed}-${revision}`, { currency });
        if (kind === 9) return expireReservations(deps);
        return kind < 13 ? operator.extend(call, sequence, usedSec) : operator.release(call);
      });
    }
    await expectAlike();
  });

  it.each([7, 8, 9])('leave the same where money comes in and goes back between calls (seed %i)', async (seed) => {
    const chance = new Chance(seed);
    for (let step = 0; step < 60; step += 1) {
      const [call, payer] = [`m${seed}/${chance.below(9)}/1`, chance.oneOf(payers) ?? ''];
      const [kind, paymentNo, nanos] = [chance.below(8), chance.below(6), BigInt(chance.below(40)) * (euro / 21n)];
      const [paymentId, reversalId] = [`p${seed}-${paymentNo}`, `r${seed}-${chance.below(6)}`];
      const reverseKind = chance.below(2) === 0 ? 'refund' : 'chargeback';
      // Mostly for the same payer under a name, and of the same amount: it is one payment that is told of again.
      const [payee, amount] = [chance.below(5) === 0 ? payer : (payers[paymentNo] ?? 'nobody'), chance.below(5) === 0 ? nanos : BigInt(paymentNo) * (euro / 3n)];
      const part = chance.below(3) === 0 ? {} : { amount: { nanos: nanos / 4n, currency: chance.below(9) === 0 ? 'USD' : 'EUR' } };
      rig.clock.advanceSec(chance.below(2));
      await give((operator, cashier) => {
        if (kind === 0) return operator.authorize(call, payer, '43123456');
        if (kind === 1) return operator.settle([withBooks(callRated(call, payer, nanos, {}), 1, nanos / 3n)]);
        if (kind > 5) return cashier.redeem(payer, codes[paymentNo] ?? '', `v${seed}-${paymentNo % 2}`, paymentNo === 0 ? '192.0.2.1' : '');
        return kind < 4 ? cashier.pay(payee, amount, paymentId) : cashier.reverse({ paymentId, reversalId, kind: reverseKind, ...part });
      });
    }
    await expectAlike();
  });

  it.each([10, 11, 12])('leave the same where credit is broken, comes back and is posted by two (seed %i)', async (seed) => {
    const chance = new Chance(seed);
    const [card = ''] = payers;
    rig.clock.advanceSec(2_000);
    await give((_operator, _cashier, deps) => expireReservations(deps));
    await give((_operator, cashier) => cashier.pay(card, 9n * euro, `last${seed}`));
    for (let step = 0; step < 60; step += 1) {
      const [call, payer, kind] = [`m${seed}/${chance.below(5)}/1`, chance.oneOf(payers) ?? '', chance.below(9)];
      const [nth, by, nanos] = [chance.below(4), chance.oneOf(['ann', 'bob', '']) ?? '', BigInt(1 + chance.below(3)) * euro];
      const type = chance.below(3) === 0 ? 'rejectCredit' : 'approveCredit';
      rig.clock.advanceSec(kind < 2 ? 300 : chance.below(2));
      if (kind === 0) await expireBoth(card, rig.clock.nowUs() + (chance.below(2) === 0 ? 500_000_000 : -100_000_000));
      await give((operator, cashier, deps) => {
        if (kind < 3) return forfeitCredit({ ...deps, money: { ...deps.money, forfeitAfterDays: 1 / 1_024 } });
        if (kind === 3) return restoreExtended(deps);
        if (kind === 4) return operator.authorize(call, payer, '43123456');
        if (kind === 5) return operator.settle([callRated(call, payer, nanos / 9n, {})]);
        const payment = nth === 2 ? { provider: 'bank', paymentId: `c${seed}` } : undefined;
        return kind === 6 ? cashier.propose(payers[nth] ?? '', nth === 3 ? nanos : euro, `c${seed}-${nth}`, by, payment) : cashier.decide(type, `c${seed}-${nth}`, by);
      });
    }
    await expireBoth(card, null);
    await give((_operator, _cashier, deps) => restoreExtended(deps));
    await expectAlike();
  });

  /** Sets the end of a card on both sides, as an order to the card would. */
  async function expireBoth(cardId: string, atUs: number | null): Promise<void> {
    await rig.database.query('UPDATE card_state SET expires = from_us($2::bigint) WHERE cardid = $1', [cardId, atUs]);
    const work = modelled.store.begin();
    work.write('card_state', cardId, { ...work.read('card_state', cardId), expires: atUs === null ? null : BigInt(atUs) });
    work.commit();
  }

  it('were allowed, extended and refused in every way that the credit and its reservations know', async () => {
    const told = new Set((await eventsToldIn(rig.database)).map((event) => event.split(' ')[1]));
    const all = ['BalanceLow', 'CardDebited', 'CreditForfeited', 'CreditReserved', 'CreditRestored', 'PaymentReceived', 'PaymentReversed', 'ReservationExpired', 'ReservationExtended',
      'ReservationReleased', 'VoucherRedeemed'];
    expect([...told].sort()).toEqual(all.map((name) => `tollwire.card.v1.${name}`));
    expect(await rig.database.query('SELECT DISTINCT status FROM credit_proposal')).toHaveLength(3);
    const wanted = ['authorized', 'extended', 'credit', 'call_sec', 'insufficient_credit', 'limit_reached', 'idempotency_mismatch', 'call_settled', 'call_released',
      'reservation_expired', 'unknown_call', 'unknown_payment', 'payment_reversed', 'amount_malformed', 'voucher_used', 'unknown_voucher',
      'too_many_tries', 'own_proposal', 'proposal_decided', 'unknown_proposal', 'field_missing'];
    expect(wanted.filter((code) => !seen.has(code))).toEqual([]);
  });
});
