import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QuoteReplySchema, QuoteRequestSchema } from '@tollwire/contracts';
import { ok } from '@tollwire/core';
import type { CardDeps } from '../card.deps.ts';
import { cardAnswers } from '../card.answers.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { Operator, valueOf } from '../fixture/operator.fixture.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-extend-by-carrier', { callSecMax: 600, graceSec: 60 });
  valueOf(await rig.operator.setLimits({ name: 'by the minute', creditPolicy: 'fixed_slice', sliceSec: 60 }));
});
afterAll(() => rig.close());

/** A plan that sells a minute over alpha for 0.10, and over all others for 1.00. */
const rating: CardDeps['rating'] = {
  quote: async (request) => {
    const side = (ratePerMinNanos: bigint) => ({
      ratePerMinNanos, connectFeeNanos: 0n, initialIncrementSec: 0, incrementSec: 1, roundingDecimals: 9, roundingMode: 'half_up', prefix: '43', amount: { nanos: 0n, currency: 'EUR' },
    });
    const byCarrier = [
      { carrierCode: '', result: { case: 'sell' as const, value: side(euro) } }, { carrierCode: 'alpha', result: { case: 'sell' as const, value: side(euro / 10n) } },
    ];
    const { items } = create(QuoteRequestSchema, request);
    return ok(create(QuoteReplySchema, { results: items.map(() => ({ result: { case: 'quoted' as const, value: { sell: side(euro), byCarrier } } })) }));
  },
};

describe('an extension of a call whose plan sells by the carrier', () => {
  it('is paid for as the call was: by the dearest of the carriers that it may go over', async () => {
    const deps = { ...rig.deps, rating };
    const operator = new Operator(cardAnswers(deps), deps);
    valueOf(await operator.openAccount({ customerId: 'lcd', accountCodes: ['lcd'] }));
    valueOf(await operator.limitAccount('lcd', 'by the minute'));
    valueOf(await operator.postCredit('account:lcd', euro / 2n, 'credit-lcd'));
    // Alpha is the only carrier of the call: a minute takes 0.10.
    expect(await operator.verdict('lcd/1/1', 'account:lcd')).toBe('allowed 60');
    expect(await operator.balance('account:lcd')).toMatchObject({ reserved: euro / 10n });
    rig.clock.advanceSec(60);
    expect(await operator.extension('lcd/1/1', 1, 60)).toBe('120');
    expect(await operator.balance('account:lcd')).toMatchObject({ reserved: euro / 5n });
  });
});
