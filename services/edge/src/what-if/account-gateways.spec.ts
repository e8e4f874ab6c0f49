import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { type CodedRefusal, ShowDialingReplySchema } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { EdgeAskers } from '../edge.deps.ts';
import { AccountGateways } from './account-gateways.ts';

/** Card, with the gateways of some accounts, or why it does not say. */
function cardOf(rules: Readonly<Record<string, readonly number[] | CodedRefusal>>) {
  const asked: string[] = [];
  const showDialing: EdgeAskers['control']['showDialing'] = async ({ party }) => {
    const code = party?.party?.case === 'accountCode' ? party.party.value : '';
    asked.push(code);
    const told = rules[code] ?? { code: 'unknown_account' };
    return 'code' in told ? refuse(told) : ok(create(ShowDialingReplySchema, { rules: { gatewayIds: [...told], gatewayGroupIds: [] } }));
  };
  return { asked, ask: { control: { showDialing } } };
}

describe('the gateways of accounts', () => {
  it('are asked for once for each account, and never for cards', async () => {
    const { ask, asked } = cardOf({ ACME: [7], OTHER: [] });
    const gateways = new AccountGateways(ask);
    await gateways.of(['ACME', '', 'ACME']);
    const known = await gateways.of(['OTHER', 'ACME']);
    expect(asked).toEqual(['ACME', 'OTHER']);
    expect(known.ok && ['', 'ACME', 'OTHER'].map((code) => known.value.get(code)?.gatewayIds)).toEqual([[], [7], []]);
  });

  it('are all, of an account that card does not know, such as one of a file; and none can be told while card is away', async () => {
    const { ask } = cardOf({ AWAY: { code: 'service_unavailable' } });
    expect(await new AccountGateways(ask).of(['OLD'])).toMatchObject({ ok: true });
    expect(await new AccountGateways(ask).of(['OLD', 'AWAY'])).toEqual({ ok: false, refusal: { code: 'service_unavailable' } });
  });
});
