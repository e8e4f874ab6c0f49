import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CallRatedSchema, PriceScheduleSchema, RatedAttemptSchema, RatedSideSchema } from '@tollwire/contracts';
import type { ReceivedEvent } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { until } from '@tollwire/testing';
import fc from 'fast-check';
import { expectExact } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { codeOf } from '../fixture/cashier.fixture.ts';
import { anotherCopy, callRated, valueOf } from '../fixture/operator.fixture.ts';
import { forfeitCredit } from '../sweeps/forfeit-credit.ts';

const cent = euro / 100n;

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-statement', { callSecMax: 600, graceSec: 60 });
});
afterAll(() => rig.close());

/** A rating with its tax and with what carriers take for the call. */
function booked(event: ReceivedEvent, { taxPpm = 0, buy, carrier = 'NORTH', fee }: { taxPpm?: number; buy?: bigint; carrier?: string; fee?: [string, bigint] }): ReceivedEvent {
  const rated = fromBinary(CallRatedSchema, event.dataBytes);
  if (taxPpm > 0) present(rated.sell, 'a sell side').schedule = create(PriceScheduleSchema, { terms: { taxPpm } });
  if (buy !== undefined) rated.buy = create(RatedSideSchema, { amount: { nanos: buy, currency: 'EUR' } });
  if (fee !== undefined) rated.failedAttempts = [create(RatedAttemptSchema, { carrierCode: fee[0], amount: { nanos: fee[1], currency: 'EUR' } })];
  rated.carrierCode = carrier;
  return { ...event, dataBytes: toBinary(CallRatedSchema, rated) };
}

const stands = async (...accounts: string[]) => Promise.all(accounts.map((account) => rig.cashier.standsAt(account)));

describe('a rated call in the books', () => {
  it('splits its charge into revenue and tax, and owes its carriers what they take, once, corrected by a later rating', async () => {
    const card = await rig.operator.activeCard(10n * euro);
    const call = `sw/books-${card}/0`;
    const first = booked(callRated(call, card, 120n * cent), { taxPpm: 200_000, buy: 70n * cent, fee: ['SOUTH', 5n * cent] });
    rig.clock.advanceSec(1);
    await rig.operator.settle([first, anotherCopy(first, 1)]);
    await rig.second.operator.settle([anotherCopy(first, 2)]);
    expect(await stands('revenue:EUR', 'tax:EUR', 'carrier:NORTH:EUR', 'carrier:SOUTH:EUR', 'cost:EUR')).toEqual([100n * cent, 20n * cent, 65n * cent, 5n * cent, -70n * cent]);
    const later = booked(callRated(call, card, 60n * cent, { revision: 2 }), { taxPpm: 200_000, buy: 40n * cent });
    rig.clock.advanceSec(1);
    await Promise.all([rig.operator.settle([later]), rig.second.operator.settle([anotherCopy(later, 3)])]);
    expect(await stands('revenue:EUR', 'tax:EUR', 'carrier:NORTH:EUR', 'carrier:SOUTH:EUR', 'cost:EUR')).toEqual([50n * cent, 10n * cent, 40n * cent, 0n, -40n * cent]);
    const lines = valueOf(await rig.cashier.statement(card)).lines ?? [];
    expect(lines.map(({ code, amountNanos, balanceNanos }) => [code, amountNanos, balanceNanos])).toEqual([
      ['card_value', 10n * euro, 10n * euro], ['call_charge', -120n * cent, 880n * cent], ['call_correction', 60n * cent, 940n * cent],
    ]);
    await expectExact(rig.database);
  });

  it('is exact for any ratings in any order, over two instances', async () => {
    const [one = '', two = ''] = await rig.operator.activeCards(2, 100n * euro);
    const rating = fc.record({
      call: fc.nat(3), revision: fc.integer({ min: 1, max: 4 }), nanos: fc.bigInt({ min: 0n, max: euro }), taxPpm: fc.constantFrom(0, 75_000, 230_000),
      buy: fc.option(fc.bigInt({ min: 0n, max: euro }), { nil: undefined }), carrier: fc.constantFrom('NORTH', 'EAST'), instance: fc.boolean(),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(rating, { maxLength: 20 }), async (ratings) => {
        run += 1;
        const work = ratings.map(({ call, revision, nanos, taxPpm, buy, carrier, instance }, copy) => {
          const event = callRated(`any/${run}-${call}/0`, call % 2 === 0 ? one : two, nanos, { revision });
          const told = anotherCopy(booked(event, { taxPpm, carrier, ...(buy === undefined ? {} : { buy }) }), run * 100 + copy);
          return (instance ? rig : rig.second).operator.settle([told]);
        });
        await Promise.all(work);
        await expectExact(rig.database);
      }),
      { numRuns: 15 },
    );
  }, 60_000);
});

describe('a statement', () => {
  it('goes on page by page, between any instants, and is of one account', async () => {
    const card = await rig.operator.activeCard(0n);
    const start = BigInt(rig.clock.nowUs());
    for (let nth = 1; nth <= 5; nth += 1) {
      rig.clock.advanceSec(10);
      valueOf(await rig.operator.postCredit(card, BigInt(nth) * euro, `page-${nth}`, { by: 'ann' }));
    }
    const first = valueOf(await rig.cashier.statement(card, { pageSize: 2 }));
    expect(first).toMatchObject({ ledgerAccount: `card:${card}`, currency: 'EUR', openingNanos: 0n, closingNanos: 3n * euro });
    valueOf(await rig.operator.postCredit(card, euro, 'meanwhile'));
    const second = valueOf(await rig.cashier.statement(card, { pageSize: 2, cursor: present(first.nextCursor, 'a cursor') }));
    expect(second).toMatchObject({ openingNanos: 3n * euro, closingNanos: 10n * euro });
    const third = valueOf(await rig.cashier.statement(card, { pageSize: 2, cursor: present(second.nextCursor, 'a cursor') }));
    // What is posted at the very instant of the first page is on it, what comes later is not.
    expect(third.nextCursor).toBe('');
    const between = valueOf(await rig.cashier.statement(card, { fromUs: start + 20_000_000n, untilUs: start + 40_000_000n }));
    expect(between).toMatchObject({ openingNanos: euro, closingNanos: 6n * euro });
    expect(between.lines?.map(({ amountNanos, otherAccount, postedBy }) => [amountNanos, otherAccount, postedBy])).toEqual([
      [2n * euro, 'funding:EUR', 'ann'], [3n * euro, 'funding:EUR', 'ann'],
    ]);
  });

  it('stands as of an instant, whoever waited for the lock of its account then', async () => {
    const card = await rig.operator.activeCard(0n);
    const codes = await rig.cashier.vouchers({ batchId: 'waits' });
    valueOf(await rig.cashier.pay(card, 4n * euro, 'waits-before'));
    const asked: Promise<unknown>[] = [];
    const asOf = () => rig.cashier.statement(card, { untilUs: instantOfBreak });
    let instantOfBreak = 0n;
    let before: Awaited<ReturnType<typeof asOf>> | undefined;
    await rig.database.transaction(async (tx) => {
      await tx.query('SELECT 1 FROM ledger_account WHERE id = $1 FOR UPDATE', [`card:${card}`]);
      asked.push(rig.cashier.pay(card, euro, 'waits'), rig.operator.postCredit(card, euro, 'waits'), rig.cashier.redeem(card, codes[0] ?? '', 'waits'));
      asked.push(rig.cashier.reverse({ paymentId: 'waits-before', reversalId: 'waits' }));
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      await until(async () => (await rig.second.database.query(waiting)).length === 4);
      rig.clock.advanceSec(10);
      instantOfBreak = BigInt(rig.clock.nowUs());
      rig.clock.advanceSec(10);
      before = await asOf();
    });
    expect(await Promise.all(asked)).toMatchObject(asked.map(() => ({ ok: true })));
    expect(await asOf()).toEqual(before);
    expect(valueOf(await rig.cashier.statement(card)).lines).toHaveLength(5);
  });

  /** A statement put together of its pages: what it opens and closes with, and the balance after each line. */
  async function whole(of: string, stretch: { fromUs?: bigint; untilUs: bigint }) {
    const first = valueOf(await rig.cashier.statement(of, { pageSize: 50, ...stretch }));
    const balances = [first.openingNanos ?? 0n];
    for (let page = first; ; page = valueOf(await rig.cashier.statement(of, { pageSize: 50, ...stretch, cursor: page.nextCursor ?? '' }))) {
      expect(page.openingNanos).toBe(balances.at(-1));
      for (const { amountNanos = 0n, balanceNanos = 0n } of page.lines ?? []) {
        expect(balanceNanos).toBe((balances.at(-1) ?? 0n) + amountNanos);
        balances.push(balanceNanos);
      }
      if (page.nextCursor === '') return { opening: balances[0], closing: page.closingNanos, lineCount: balances.length - 1 };
    }
  }

  it('is of every kind of ledger account, as of any instant, and what its transfers come to', async () => {
    valueOf(await rig.operator.openAccount({ customerId: 'acme', accountCodes: ['ac1'] }));
    valueOf(await rig.operator.postCredit('account:ac1', euro, 'of a customer'));
    valueOf(await rig.cashier.commission(1, 50_000));
    const card = await rig.operator.activeCard(euro, 1);
    valueOf(await rig.cashier.pay(card, euro, 'kinds'));
    rig.clock.advanceSec(1);
    await rig.operator.settle([booked(callRated(`sw/kinds-${card}/0`, card, 50n * cent), { taxPpm: 200_000, buy: 30n * cent })]);
    rig.clock.advanceSec(3 * 86_400);
    await forfeitCredit({ ...rig.deps, money: { ...rig.deps.money, forfeitAfterDays: 1 } });
    const movedSql = 'SELECT debit_account AS account, at_us, -amount AS nanos FROM transfer UNION ALL SELECT credit_account, at_us, amount FROM transfer';
    const rows = await rig.database.query<{ account: string; at_us: bigint }>(`SELECT DISTINCT account, at_us FROM (${movedSql}) m ORDER BY account, at_us`);
    const kinds = Map.groupBy(rows, ({ account }) => account.split(':')[0]);
    expect([...kinds.keys()].toSorted()).toEqual(['breakage', 'card', 'carrier', 'commission', 'cost', 'customer', 'funding', 'reseller', 'revenue', 'tax']);
    const sumSql = `SELECT coalesce(sum(nanos), 0)::bigint AS sum, count(*) AS lines FROM (${movedSql}) m WHERE account = $1 AND at_us >= $2 AND at_us < $3`;
    const moved = async (account: string, fromUs: bigint, untilUs: bigint) => present((await rig.database.query<{ sum: bigint; lines: bigint }>(sumSql, [account, fromUs, untilUs]))[0], 'a sum');
    for (const ofKind of kinds.values()) {
      const [{ account: of, at_us: first }, { at_us: last }] = [present(ofKind[0], 'a first'), present(ofKind.findLast(({ account }) => account === ofKind[0]?.account), 'a last')];
      for (const [fromUs, untilUs] of [[0n, first], [0n, first + 1n], [0n, last + 1n], [first + 1n, last + 1n], [last, last + 1n]] as const) {
        const [before, within] = [await moved(of, 0n, fromUs), await moved(of, fromUs, untilUs)];
        const said = { of, ...(await whole(of, { fromUs, untilUs })) };
        expect(said).toEqual({ of, opening: before.sum, closing: before.sum + within.sum, lineCount: Number(within.lines) });
      }
    }
  });

  it('is of accounts that there are, by pages that there were', async () => {
    expect(await codeOf(rig.cashier.statement('nobody:EUR'))).toBe('unknown_ledger_account');
    expect(await codeOf(rig.cashier.statement('customer:nobody'))).toBe('unknown_ledger_account');
    expect(await codeOf(rig.cashier.statement('9999'))).toBe('unknown_card');
    expect(await codeOf(rig.cashier.statement('revenue:EUR', { pageSize: 1_001 }))).toBe('field_out_of_range');
    for (const cursor of ['x', Buffer.from('1.2.99999999999999999999.x').toString('base64url')]) {
      expect(await codeOf(rig.cashier.statement('revenue:EUR', { cursor }))).toBe('cursor_malformed');
    }
    const [one = '', two = ''] = await rig.operator.activeCards(2, euro);
    for (const card of [one, two]) valueOf(await rig.operator.postCredit(card, euro, `cursor-${card}`));
    const { nextCursor = '' } = valueOf(await rig.cashier.statement(one, { pageSize: 1 }));
    expect([await codeOf(rig.cashier.statement(one, { cursor: nextCursor })), await codeOf(rig.cashier.statement(two, { cursor: nextCursor }))]).toEqual(['ok', 'cursor_malformed']);
    expect(valueOf(await rig.cashier.statement('carrier:NOBODY:USD'))).toMatchObject({ closingNanos: 0n, lines: [], currency: 'USD' });
  });
});

describe('open reservations', () => {
  it('are listed with their calls until they are settled', async () => {
    const card = await rig.operator.activeCard(euro);
    await rig.operator.authorize('sw/open/0', card);
    const open = valueOf(await rig.cashier.reservations(card));
    expect(open).toMatchObject({ reserved: { nanos: euro }, reservations: [{ call: { switchId: 'sw', callId: 'open' }, amount: { nanos: euro }, maxDurationSec: 600 }] });
    await rig.operator.settle([callRated('sw/open/0', card, cent)]);
    expect(valueOf(await rig.cashier.reservations(card)).reservations).toEqual([]);
    expect(await codeOf(rig.cashier.reservations('9999'))).toBe('unknown_card');
  });
});
