import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-account');
});
afterAll(() => rig.close());

type Opening = Parameters<CardRig['operator']['openAccount']>[0];
const codeOf = async (opening: Opening) => {
  const opened = await rig.operator.openAccount(opening);
  return opened.ok ? 'opened' : `${opened.refusal.code} ${'field' in opened.refusal ? opened.refusal.field : ''}`.trim();
};

describe('an account', () => {
  it('is opened once, by several requests at once and later', async () => {
    const opening = { customerId: 'acme', accountCodes: ['a1', 'a2'], postpaid: true, creditLimit: { nanos: 5n * euro, currency: 'EUR' } };
    const opened = await Promise.all([rig.operator.openAccount(opening), rig.second.operator.openAccount(opening)]);
    for (const answer of [...opened, await rig.operator.openAccount(opening)]) expect(valueOf(answer)).toEqual({ customerId: 'acme' });
    expect(await rig.operator.balance('account:a2')).toEqual({ credit: 0n, reserved: 0n, available: 5n * euro });
    expect(await rig.database.query('SELECT accountcode, voip_plan_id, company_name FROM user_profile WHERE customer_id = $1', ['acme'])).toEqual([
      { accountcode: 'a1', voip_plan_id: 1, company_name: '' },
    ]);
  });

  it('has account codes that nobody else has, and claims none when it is refused', async () => {
    valueOf(await rig.operator.openAccount({ customerId: 'first', accountCodes: ['shared'] }));
    expect(await codeOf({ customerId: 'other', accountCodes: ['own', 'shared'] })).toBe('account_exists accountCodes');
    valueOf(await rig.operator.openAccount({ customerId: 'third', accountCodes: ['own'] }));
    const both = await Promise.all(['x', 'y'].map((customerId) => codeOf({ customerId, accountCodes: ['raced'] })));
    expect(both.sort()).toEqual(['account_exists accountCodes', 'opened']);
  });

  it.each<[string, Opening]>([
    ['field_missing customerId', { accountCodes: ['n1'] }],
    ['field_malformed customerId', { customerId: 'nul\0', accountCodes: ['n1'] }],
    ['field_missing accountCodes', { customerId: 'n' }],
    ['field_missing accountCodes', { customerId: 'n', accountCodes: [''] }],
    ['field_missing voipPlanId', { customerId: 'n', accountCodes: ['n1'], voipPlanId: 0 }],
    ['currency_malformed currency', { customerId: 'n', accountCodes: ['n1'], currency: 'EURO' }],
    ['currency_mismatch creditLimit.currency', { customerId: 'n', accountCodes: ['n1'], postpaid: true, creditLimit: { nanos: 1n, currency: 'USD' } }],
    ['field_out_of_range creditLimit', { customerId: 'n', accountCodes: ['n1'], creditLimit: { nanos: 1n, currency: 'EUR' } }],
    ['account_exists', { customerId: 'first', accountCodes: ['shared', 'more'] }],
  ])('is refused with %s', async (refusal, opening) => {
    expect(await codeOf(opening)).toBe(refusal);
  });
});
