import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ChargedPartySchema } from '@tollwire/contracts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { callRated, chargedOf, valueOf } from '../fixture/operator.fixture.ts';
import { balanceOf } from './balance.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-balance');
});
afterAll(() => rig.close());

const balance = (party: string) => balanceOf(rig.database, create(ChargedPartySchema, chargedOf(party)), rig.clock.nowUs());
const standing = async (party: string) => {
  const { status, expiresAtUs } = valueOf(await balance(party));
  return [status, expiresAtUs];
};

describe('a balance', () => {
  it('tells how a card stands through its life', async () => {
    const { id = 0 } = valueOf(await rig.operator.createCardType({ nanos: euro, lifetimeDays: 90 }));
    const { cardIds: [card = ''] = [] } = valueOf(await rig.operator.issueCards({ batchId: 'life', cardTypeId: id, quantity: 1 }));
    const expires = BigInt(Date.parse('2024-03-31T00:00:00Z')) * 1_000n;
    expect(await standing(card)).toEqual(['not_activated', 0n]);
    valueOf(await rig.operator.change('activateCards', [card]));
    expect(await standing(card)).toEqual(['active', expires]);
    rig.clock.set('2024-03-31T00:00:00Z');
    expect(await standing(card)).toEqual(['card_expired', expires]);
    valueOf(await rig.operator.change('deactivateCards', [card]));
    expect(await standing(card)).toEqual(['card_deactivated', expires]);
    expect(valueOf(await balance(card))).toMatchObject({ credit: { nanos: euro, currency: 'EUR' } });
  });

  it('tells what a customer has and may still spend', async () => {
    const creditLimit = { nanos: 10n * euro, currency: 'EUR' };
    valueOf(await rig.operator.openAccount({ customerId: 'acme', accountCodes: ['a1'], postpaid: true, creditLimit }));
    await rig.operator.settle([callRated('fs1/b1/1', 'account:a1', (19n * euro) / 2n)]);
    expect(valueOf(await balance('account:a1'))).toEqual({
      credit: { nanos: (-19n * euro) / 2n, currency: 'EUR' },
      reserved: { nanos: 0n, currency: 'EUR' },
      available: { nanos: euro / 2n, currency: 'EUR' },
      status: 'open',
      expiresAtUs: 0n,
    });
    // CRED-11: 0.50 is left of the limit, five minutes at 0.10.
    expect(await rig.operator.verdict('fs1/b2/1', 'account:a1')).toBe('allowed 300');
  });

  it('is refused for nobody', async () => {
    expect(await balance('0000000000000000')).toMatchObject({ ok: false, refusal: { code: 'unknown_card' } });
    expect(await balance('account:nobody')).toMatchObject({ ok: false, refusal: { code: 'unknown_account' } });
    expect(await balanceOf(rig.database, undefined, rig.clock.nowUs())).toMatchObject({ ok: false, refusal: { code: 'field_missing' } });
    // The id of a ledger account is not the id of a card.
    expect(await balance('customer:acme')).toMatchObject({ ok: false, refusal: { code: 'unknown_card' } });
  });
});

describe('the totals', () => {
  it('count calls, not ratings, and sum each currency by itself', async () => {
    const before = await rig.operator.totals();
    const { id = 0 } = valueOf(await rig.operator.createCardType({ nanos: euro, currency: 'USD' }));
    const { cardIds: [dollars = ''] = [] } = valueOf(await rig.operator.issueCards({ batchId: 'usd', cardTypeId: id, quantity: 1 }));
    const card = await rig.operator.activeCard(euro);
    await rig.operator.settle([
      callRated('fs1/t1/1', card, 5n),
      callRated('fs1/t1/1', card, 3n, { revision: 2 }),
      callRated('fs1/t2/1', dollars, 7n, { currency: 'USD' }),
      callRated('fs1/t3/1', 'account:nobody', 1n),
    ]);
    const after = await rig.operator.totals();
    expect(after.chargeCount - before.chargeCount).toBe(2n);
    expect(after.cardCount - before.cardCount).toBe(2n);
    expect(after.transferCount - before.transferCount).toBe(5n);
    expect(after.deadLetterCount - before.deadLetterCount).toBe(1n);
    expect(after.ledgerSum).toEqual([{ nanos: 0n, currency: 'EUR' }, { nanos: 0n, currency: 'USD' }]);
    expect(after.charged).toEqual([{ nanos: (19n * euro) / 2n + 3n, currency: 'EUR' }, { nanos: 7n, currency: 'USD' }]);
  });

  it('show a balance that differs from its transfers', async () => {
    const card = await rig.operator.activeCard(euro);
    await rig.database.query('UPDATE ledger_account SET credit = credit + 1 WHERE id = $1', [`card:${card}`]);
    expect((await rig.operator.totals()).ledgerSum).toContainEqual({ nanos: 1n, currency: 'EUR' });
  });
});
