import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthorizeItemSchema, callOfKey } from '@tollwire/contracts';
import type { AuthorizeItem } from '@tollwire/contracts';
import { expectExact } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { chargedOf, valueOf } from '../fixture/operator.fixture.ts';
import { authorizer } from './authorize.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-refusal-binds', { callSecMax: 600, graceSec: 60 });
});
afterAll(() => rig.close());

const itemOf = (call: string, party: string): AuthorizeItem => {
  const ref = callOfKey(call);
  return create(AuthorizeItemSchema, { ...(ref && { call: ref }), charged: chargedOf(party), calledNumber: '4312345678' });
};

async function verdictsOf(items: readonly AuthorizeItem[]): Promise<string[]> {
  return valueOf(await authorizer(rig.deps)(items)).map(({ result }) => (result.case === 'authorized' ? 'authorized' : (result.value?.code ?? 'none')));
}

describe('a refusal binds nobody', () => {
  it('also where the call is asked for again in the same request, for a card that can pay', async () => {
    const [poor, rich] = [await rig.operator.activeCard(0n), await rig.operator.activeCard(2n * euro)];
    // One request after the other: the refusal of the first binds nobody.
    expect([...(await verdictsOf([itemOf('fs1/apart/1', poor)])), ...(await verdictsOf([itemOf('fs1/apart/1', rich)]))]).toEqual(['insufficient_credit', 'authorized']);
    // The same two in one request.
    expect(await verdictsOf([itemOf('fs1/together/1', poor), itemOf('fs1/together/1', rich)])).toEqual(['insufficient_credit', 'authorized']);
    await expectExact(rig.database);
  });
});
