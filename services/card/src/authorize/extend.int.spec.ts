import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dataOf, publicEvents, ReservationExtendedSchema } from '@tollwire/contracts';
import { until } from '@tollwire/testing';
import { expectExact, publishedOf } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { callRated, valueOf } from '../fixture/operator.fixture.ts';
import { expireReservations } from '../sweeps/expire-reservations.ts';

let rig: CardRig;
beforeAll(async () => {
  // At 0.10 a minute in blocks of six seconds; a minute at a time.
  rig = await cardRig('card-extend', { callSecMax: 600, graceSec: 60 });
  valueOf(await rig.operator.setLimits({ name: 'by the minute', creditPolicy: 'fixed_slice', sliceSec: 60 }));
});
afterAll(() => rig.close());

let calls = 0;
const newCall = () => `ext/call-${(calls += 1)}/1`;
const cent = euro / 100n;

/** A customer whose calls get a minute at a time. */
async function payerWith(nanos: bigint): Promise<string> {
  const code = `by-minute-${(calls += 1)}`;
  valueOf(await rig.operator.openAccount({ customerId: code, accountCodes: [code] }));
  valueOf(await rig.operator.limitAccount(code, 'by the minute'));
  if (nanos > 0n) valueOf(await rig.operator.postCredit(`account:${code}`, nanos, `credit-${code}`));
  return `account:${code}`;
}

const stateOf = async (call: string) => (await rig.database.query<{ state: string }>('SELECT state FROM reservation WHERE call_key = $1', [call]))[0]?.state;

describe('an extension', () => {
  it('takes what the longer call costs beyond what is reserved, to the last of the credit', async () => {
    const [payer, call] = [await payerWith(25n * cent), newCall()];
    expect(await rig.operator.authorize(call, payer)).toMatchObject({ value: { maxDurationSec: 60, finalUnit: false, reserved: { nanos: 10n * cent } } });
    const [firstUntil] = [rig.clock.nowUs() + 120_000_000];
    rig.clock.advanceSec(55);
    expect(await rig.operator.extend(call, 1, 55)).toMatchObject({
      case: 'extended',
      value: {
        maxDurationSec: 115, reserved: { nanos: 20n * cent, currency: 'EUR' }, added: { nanos: 10n * cent }, finalUnit: false, finalReason: '', finalAction: '',
        validUntilUs: BigInt(firstUntil + 55_000_000),
      },
    });
    rig.clock.advanceSec(55);
    expect(await rig.operator.extend(call, 2, 110)).toMatchObject({ value: { maxDurationSec: 150, added: { nanos: 5n * cent }, finalUnit: true, finalReason: 'credit', finalAction: 'terminate' } });
    expect(await rig.operator.extension(call, 3, 150)).toBe('150 final: credit');
    expect(await rig.operator.balance(payer)).toEqual({ credit: 25n * cent, reserved: 25n * cent, available: 0n });
    await rig.operator.settle([callRated(call, payer, 25n * cent)]);
    expect(await rig.operator.balance(payer)).toEqual({ credit: 0n, reserved: 0n, available: 0n });
    await expectExact(rig.database);
  });

  it('goes on when there is money by then, up to the longest call', async () => {
    const [payer, call] = [await payerWith(10n * cent), newCall()];
    expect(await rig.operator.verdict(call, payer)).toBe('allowed 60');
    expect(await rig.operator.extension(call, 1, 50)).toBe('60 final: credit');
    valueOf(await rig.operator.postCredit(payer, 2n * euro, 'refill'));
    expect(await rig.operator.extension(call, 2, 55)).toBe('115');
    expect(await rig.operator.extension(call, 3, 580)).toBe('600 final: call_sec');
    expect(await rig.operator.extension(call, 4, 700)).toBe('600 final: call_sec');
    expect(await rig.operator.balance(payer)).toMatchObject({ reserved: euro });
  });

  it('of one number is answered once, by whichever instance and however often it is asked for', async () => {
    const [payer, call] = [await payerWith(euro), newCall()];
    await rig.operator.authorize(call, payer);
    const doors = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? rig : rig.second).another());
    const answers = await Promise.all(doors.map((door) => until(() => door.extend(call, 1, 30))));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await rig.operator.balance(payer)).toMatchObject({ reserved: 15n * cent });
    expect(await rig.operator.extension(call, 1, 31)).toBe('idempotency_mismatch');
    expect(await rig.operator.extension(call, 1, 30)).toBe('90');
    const told = (await publishedOf(rig.database, publicEvents.ReservationExtended)).map((event) => dataOf(ReservationExtendedSchema, event));
    expect(told.filter(({ call: of }) => of?.callId === call.split('/')[1])).toMatchObject([{ sequence: 1, maxDurationSec: 90, added: { nanos: 5n * cent }, amount: { nanos: 15n * cent } }]);
  });

  it('never takes more than there is, when fifty calls at once go on over two instances', async () => {
    const payer = await payerWith(3n * euro);
    const keys = Array.from({ length: 50 }, newCall);
    const door = (at: number) => (at % 2 === 0 ? rig : rig.second).another();
    const let_ = await Promise.all(keys.map((call, at) => until(() => door(at).verdict(call, payer))));
    expect(let_.filter((verdict) => verdict === 'allowed 60')).toHaveLength(30);
    valueOf(await rig.operator.postCredit(payer, euro, `more-${payer}`));
    const open = keys.filter((_call, at) => let_[at] === 'allowed 60');
    const gone = await Promise.all(open.map((call, at) => until(() => door(at).extension(call, 1, 60))));
    expect([gone.filter((answer) => answer.startsWith('120')).length, gone.filter((answer) => answer === '60 final: credit').length]).toEqual([10, 20]);
    expect(await rig.operator.balance(payer)).toMatchObject({ available: 0n });
    await expectExact(rig.database);
  }, 30_000);

  it('revives a call whose reservation has expired where all of it can be paid, as a new reservation', async () => {
    const [payer, call] = [await payerWith(20n * cent), newCall()];
    const answer = await rig.operator.authorize(call, payer);
    rig.clock.advanceSec(120);
    await expireReservations(rig.deps);
    expect([await stateOf(call), await rig.operator.verdict(call, payer)]).toEqual(['expired', 'reservation_expired']);
    const revived = await rig.operator.extend(call, 1, 100);
    expect(revived).toMatchObject({ value: { maxDurationSec: 120, reserved: { nanos: 20n * cent }, added: { nanos: 20n * cent }, finalUnit: true } });
    expect(revived.value).not.toMatchObject({ reservationId: answer.case === 'authorized' ? answer.value.reservationId : '' });
    rig.clock.advanceSec(120);
    await expireReservations(rig.deps);
    expect(await rig.operator.extension(call, 1, 100)).toBe('reservation_expired');
    expect(await rig.operator.extension(call, 2, 150)).toBe('insufficient_credit');
    expect(await rig.operator.balance(payer)).toMatchObject({ reserved: 0n });
    await expectExact(rig.database);
  });

  it('is refused for a call that nobody knows, that is over, or whose customer is suspended', async () => {
    const [payer, call, late] = [await payerWith(euro), newCall(), newCall()];
    expect(await rig.operator.extension(call, 1, 0)).toBe('unknown_call');
    await rig.operator.authorize(call, payer);
    valueOf(await rig.operator.suspend(payer.slice('account:'.length)));
    expect(await rig.operator.extension(call, 1, 10)).toBe('account_suspended');
    valueOf(await rig.operator.resume(payer.slice('account:'.length)));
    expect(await rig.operator.extension(call, 1, 10)).toBe('70');
    await rig.operator.settle([callRated(call, payer, 10n * cent)]);
    expect(await rig.operator.extension(call, 1, 10)).toBe('call_settled');
    expect(await rig.operator.extension(call, 2, 20)).toBe('call_settled');
    await rig.operator.authorize(late, payer);
    rig.clock.advanceSec(120);
    await expireReservations(rig.deps);
    await rig.operator.settle([callRated(late, payer, cent)]);
    expect(await rig.operator.extension(late, 1, 20)).toBe('call_settled');
  });
});

describe('a call that is given up', () => {
  it('gives back once what is reserved for it, charges nothing, and is not let through again', async () => {
    const [card, call] = [await rig.operator.activeCard(euro), newCall()];
    await rig.operator.authorize(call, card);
    const released = await Promise.all(Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? rig : rig.second).another().release(call)));
    for (const answer of released) expect(answer).toMatchObject({ ok: true, value: { released: { nanos: euro, currency: 'EUR' } } });
    expect(await rig.operator.balance(card)).toEqual({ credit: euro, reserved: 0n, available: euro });
    expect([await stateOf(call), await rig.operator.verdict(call, card), await rig.operator.extension(call, 1, 1)]).toEqual(['released', 'call_released', 'call_released']);
    expect(await publishedOf(rig.database, publicEvents.ReservationReleased)).toHaveLength(1);
    // A true end that comes all the same is charged.
    await rig.operator.settle([callRated(call, card, 5n * cent)]);
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 95n * cent, reserved: 0n });
    await expectExact(rig.database);
  });

  it('is refused when it is unknown or charged; of one that has expired nothing is left to give back', async () => {
    const [card, settled, expired] = [await rig.operator.activeCard(2n * euro), newCall(), newCall()];
    expect(await rig.operator.release(settled)).toMatchObject({ refusal: { code: 'unknown_call' } });
    await rig.operator.authorize(settled, card);
    await rig.operator.authorize(expired, card);
    await rig.operator.settle([callRated(settled, card, cent)]);
    expect(await rig.operator.release(settled)).toMatchObject({ refusal: { code: 'call_settled' } });
    rig.clock.advanceSec(660);
    await expireReservations(rig.deps);
    expect(await rig.operator.release(expired)).toMatchObject({ ok: true, value: { released: { nanos: 0n } } });
    expect(await stateOf(expired)).toBe('expired');
  });
});
