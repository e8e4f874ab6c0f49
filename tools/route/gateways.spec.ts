import { describe, expect, it } from '@jest/globals';
import { carrierOf, routesIn, type Written } from './document.fixture.ts';
import type { GatewayAddress } from './routed-call.ts';

const gateways: Written[] = [
  { name: 'near', address: 'near.example', groups: ['gold'], stripDigits: 2 }, { name: 'far', address: 'far.example', priority: 1, groups: ['gold', 'silver'] }, { name: 'off', active: false },
];
const document: Written = {
  plans: [{ name: 'plan', currency: 'EUR' }],
  carriers: [carrierOf('A', '34 0.01', { gateways }), carrierOf('B', '34 0.02')],
  accounts: [
    { account: 'any', plan: 'plan' }, { account: 'gold', plan: 'plan', gatewayGroups: ['gold'] }, { account: 'silver', plan: 'plan', gatewayGroups: ['silver'] },
    { account: 'none', plan: 'plan', gatewayGroups: ['tin'] },
  ],
  calls: ['any', 'gold', 'silver', 'none'].map((account) => ({ id: account, account, number: '34650123456', start: '2024-06-01T12:00:00Z' })),
};

describe('the gateways of a document', () => {
  it('are those that the account may use, the first with the number as it wants it', async () => {
    const routed = await routesIn(document);
    expect(routed.map(({ carriers }) => carriers.map(({ carrier, gateway, address, number, furtherGateways = [] }) =>
      `${carrier} ${gateway ?? '-'} ${address} ${number} ${furtherGateways.map(({ name }) => name).join()}`.trim()))).toEqual([
      ['A near near.example 650123456 far', 'B -  34650123456'], ['A near near.example 650123456 far'], ['A far far.example 34650123456'], [],
    ]);
    expect(routed.map(({ excluded }) => excluded.map(({ carrier, code }) => `${carrier} ${code}`))).toEqual([[], ['B no_gateway'], ['B no_gateway'], ['A no_gateway', 'B no_gateway']]);
  });

  it('get the caller id that each wants, as live', async () => {
    const within = [
      carrierOf('A', '34 0.01', { gateway: { callerId: { rule: 'digits', stripDigits: 2, addPrefix: '0' } } }), carrierOf('B', '34 0.02', { gateway: { callerId: { rule: 'withhold' } } }),
      carrierOf('C', '34 0.03', { gateways: [{ name: 'one', callerId: { rule: 'replace', number: '4317000' } }, { name: 'two', priority: 1, callerId: { rule: 'keep' } }] }),
    ];
    const call = { account: 'any', number: '34650123456', start: '2024-06-01T12:00:00Z', switch: 'madrid' };
    const callers = [{ caller: '911234567' }, { caller: 'anonymous' }, {}];
    const switches = [{ name: 'madrid', country: { callingCode: '34', nationalLengths: [9] } }];
    const calls = callers.map((caller, at) => ({ id: String(at), ...call, ...caller }));
    const routed = await routesIn({ ...document, accounts: [{ account: 'any', plan: 'plan' }], switches, carriers: within, calls });
    const text = ({ callerId }: GatewayAddress) => (callerId === undefined ? 'as it is' : `${callerId.number ?? 'none'} ${callerId.presentation}`);
    expect(routed.map(({ carriers }) => carriers.flatMap((carrier) => [carrier, ...(carrier.furtherGateways ?? [])]).map(text))).toEqual([
      ['0911234567 allowed', 'none restricted', '4317000 allowed', 'as it is'],
      ['none restricted', 'none restricted', '4317000 restricted', 'as it is'],
      ['as it is', 'none restricted', '4317000 allowed', 'as it is'],
    ]);
  });
});
