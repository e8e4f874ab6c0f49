import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SellPlanRefSchema } from '@tollwire/contracts';
import { cardRig, type CardRig, euro } from '../fixture/card-rig.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';
import { planUsers } from './plan-users.ts';

describe('who pays by a plan', () => {
  let rig: CardRig;
  beforeAll(async () => {
    rig = await cardRig('card-plan-users');
  });
  afterAll(() => rig.close());

  const users = async (plan: 'tariffId' | 'voipPlanId', value: number) => valueOf(await planUsers(rig.database, create(SellPlanRefSchema, { plan: { case: plan, value } })));

  it('is every card type of a tariff, and every customer of a voip_plan', async () => {
    const { id = 0 } = valueOf(await rig.operator.createCardType({ nanos: euro, tariffId: 7 }));
    valueOf(await rig.operator.openAccount({ customerId: 'acme', accountCodes: ['a1'], voipPlanId: 3 }));
    expect(await users('tariffId', 7)).toEqual({ cardTypeIds: [id], customerIds: [] });
    expect(await users('voipPlanId', 3)).toEqual({ cardTypeIds: [], customerIds: ['acme'] });
    expect(await users('tariffId', 4_000_000_000)).toEqual({ cardTypeIds: [], customerIds: [] });
  });

  it('is asked of a plan', async () => {
    expect(await planUsers(rig.database, undefined)).toMatchObject({ ok: false, refusal: { code: 'field_missing', field: 'plan' } });
  });
});
