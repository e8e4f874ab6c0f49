import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { batchContentType, CardDebitedSchema, CardsIssuedSchema, CreditReservedSchema, dataOf, decodeMessage, ReservationExpiredSchema } from '@tollwire/contracts';
import type { ReceivedEvent } from '@tollwire/contracts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { callRated, valueOf } from '../fixture/operator.fixture.ts';
import { expireReservations } from '../sweeps/expire-reservations.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-published', { callSecMax: 600, graceSec: 60 });
});
afterAll(() => rig.close());

/** What waits in the outbox for a kind of event, decoded as a consumer does. */
async function published(type: string): Promise<ReceivedEvent[]> {
  const rows = await rig.database.query<{ payload: Buffer }>('SELECT payload FROM outbox ORDER BY position');
  const messages = rows.map(({ payload }) => valueOf(decodeMessage(batchContentType, () => undefined, payload)));
  return messages.flat().filter((event) => event.type === `tollwire.card.v1.${type}`);
}

const payload = { call: { switchId: 'fs1', callId: 'c1', leg: 1 }, charged: { party: { case: 'cardId' } } };

describe('others are told', () => {
  it('of issued cards, in events of at most a thousand ids with their plan and credit', async () => {
    await rig.operator.activeCards(1_200, euro);
    const events = (await published('CardsIssued')).map((event) => dataOf(CardsIssuedSchema, event));
    expect(events.map(({ cardIds }) => cardIds.length)).toEqual([1_000, 200]);
    expect(events[0]).toMatchObject({ plan: { plan: { case: 'tariffId', value: 1 } }, resellerId: 1, creditEach: { nanos: euro, currency: 'EUR' } });
    expect(await published('CardActivated')).toHaveLength(1_200);
  });

  it('of deactivated cards and opened accounts, once', async () => {
    const card = await rig.operator.activeCard(euro);
    for (let times = 0; times < 2; times += 1) {
      valueOf(await rig.operator.change('deactivateCards', [card]));
      valueOf(await rig.operator.openAccount({ customerId: 'acme', accountCodes: ['a1'] }));
    }
    expect(await published('CardDeactivated')).toMatchObject([{ key: `card:${card}` }]);
    expect(await published('AccountOpened')).toMatchObject([{ key: 'customer:acme' }]);
  });

  it('of credit reserved and calls charged, under the key of who pays', async () => {
    const card = await rig.operator.activeCard(euro);
    await rig.operator.authorize('fs1/c1/1', card);
    await rig.operator.authorize('fs1/c1/1', card);
    await rig.operator.settle([callRated('fs1/c1/1', card, (3n * euro) / 2n)]);
    await rig.operator.settle([callRated('fs1/c1/1', card, (5n * euro) / 4n, { revision: 2 })]);
    const reserved = await published('CreditReserved');
    expect(reserved).toMatchObject([{ key: `card:${card}` }]);
    expect(reserved.map((event) => dataOf(CreditReservedSchema, event))).toMatchObject([{ ...payload, amount: { nanos: euro }, maxDurationSec: 600 }]);
    const debited = (await published('CardDebited')).map((event) => dataOf(CardDebitedSchema, event));
    expect(debited).toMatchObject([
      { ...payload, revision: 1, amount: { nanos: (3n * euro) / 2n }, posted: { nanos: (3n * euro) / 2n }, aboveReservation: { nanos: euro / 2n }, transferId: 'call:fs1/c1/1:1' },
      { ...payload, revision: 2, amount: { nanos: (5n * euro) / 4n }, posted: { nanos: -euro / 4n }, aboveReservation: { nanos: 0n }, transferId: 'call:fs1/c1/1:2' },
    ]);
  });

  it('of expired reservations, once, with the account code that was named', async () => {
    valueOf(await rig.operator.openAccount({ customerId: 'acme', accountCodes: ['a1'] }));
    valueOf(await rig.operator.postCredit('account:a1', euro, 'acme'));
    await rig.operator.authorize('fs1/c2/1', 'account:a1');
    rig.clock.advanceSec(660);
    await Promise.all([expireReservations(rig.deps), expireReservations(rig.second.deps)]);
    const expired = (await published('ReservationExpired')).map((event) => dataOf(ReservationExpiredSchema, event));
    expect(expired).toMatchObject([{ call: { callId: 'c2' }, charged: { party: { case: 'accountCode', value: 'a1' } }, amount: { nanos: euro } }]);
  });

  it('nothing of a call that was refused', async () => {
    const before = (await published('CreditReserved')).length;
    const card = await rig.operator.activeCard(0n);
    expect(await rig.operator.verdict('fs1/c3/1', card)).toBe('insufficient_credit');
    expect(await published('CreditReserved')).toHaveLength(before);
  });
});
