import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { exclusionReason } from './explain-route.ts';
import { type GatewayAccess, gatewaysFor, hasGateway } from './gateways.ts';
import type { NamedGateway } from './provider.ts';
import { carrier, e164, indexOf, noonUs } from './route.fixture.ts';
import { route } from './route.ts';
import { RoutingPlan } from './routing-plan.ts';

function gateway(name: string, gatewayId: number, change: Partial<NamedGateway> = {}): NamedGateway {
  return { name, gatewayId, address: `${name}.example`, tech: 'SIP', stripDigits: 0, addPrefix: '', timeoutSec: 30, groupIds: [], priority: 0, weight: 1, active: true, ...change };
}

/** `gateways 1,2 groups 5`; nothing: all are allowed. */
function accessOf(text: string): GatewayAccess | undefined {
  if (text === '') return undefined;
  const ids = (kind: string) => new Set((new RegExp(`${kind} ([\\d,]+)`).exec(text)?.[1] ?? '').split(',').filter((id) => id !== '').map(Number));
  return { gatewayIds: ids('gateways'), groupIds: ids('groups') };
}

const several = carrier(0, 'A', { gateways: [
  gateway('near', 1, { groupIds: [5] }), gateway('far', 2, { priority: 2, groupIds: [5, 6] }),
  gateway('middle', 3, { priority: 1, groupIds: [6] }), gateway('broken', 4, { active: false, groupIds: [7] }),
] });

describe('the gateways of a carrier', () => {
  it.each(table<'access' | 'order'>(`
    access                | order
    -                     | near middle far
    groups 5              | near far
    groups 6              | middle far
    gateways 2            | far
    gateways 1 groups 6   | near middle far
    gateways 4            | -
    groups 7              | -
    groups 8              | -
  `))('for $access: $order', ({ access, order }) => {
    expect(gatewaysFor(several, accessOf(access), 'call').map(({ name }) => name).join(' ')).toBe(order);
    expect(hasGateway(several, accessOf(access))).toBe(order !== '');
  });

  it('are the one that it was registered with where there are no others, for customers who may use all', () => {
    const one = carrier(0, 'A');
    expect(gatewaysFor(one, undefined, 'call')).toEqual([{ name: '', gateway: one.gateway }]);
    expect([hasGateway(one, undefined), hasGateway(one, accessOf('groups 5'))]).toEqual([true, false]);
  });

  it('share calls by weight where they are equal, the same call always the same, and weight 0 comes last', () => {
    const shared = carrier(0, 'A', { gateways: [gateway('spare', 1, { weight: 0 }), gateway('small', 2), gateway('big', 3, { weight: 3 })] });
    const firstOf = (callId: string) => gatewaysFor(shared, undefined, callId)[0]?.name;
    const calls = Array.from({ length: 1000 }, (_, at) => `sw/${at}/0`);
    const firsts = calls.map(firstOf);
    expect(Math.abs(firsts.filter((name) => name === 'big').length / 1000 - 0.75)).toBeLessThan(0.05);
    expect(firsts).not.toContain('spare');
    expect(calls.map(firstOf)).toEqual(firsts);
    expect(calls.every((callId) => gatewaysFor(shared, undefined, callId)[2]?.name === 'spare')).toBe(true);
  });

  it('that the customer may not use take the carrier out, with the reason', () => {
    const carriers = [several, carrier(1, 'B')];
    const index = indexOf(carriers, [{ carrier: 'A', prefix: '34', rate: 0.02 }, { carrier: 'B', prefix: '34', rate: 0.01 }]);
    const ask = (access: string) => {
      const gatewayAccess = accessOf(access);
      return route({ e164: e164('34650123456'), atUs: noonUs, plan: RoutingPlan.ofTariff, callId: '1', ...(gatewayAccess === undefined ? {} : { gatewayAccess }) }, index);
    };
    const one = ask('groups 6');
    expect(one.routed && one.carriers.map(({ carrier: { carrierCode }, gateways }) => [carrierCode, gateways.map(({ name }) => name)])).toEqual([['A', ['middle', 'far']]]);
    expect(one.excluded.map(({ carrier: { carrierCode }, why }) => `${carrierCode} ${why.code} ${exclusionReason(why)}`)).toEqual(['B no_gateway has no gateway that this customer may use now']);
    expect(ask('groups 8')).toMatchObject({ routed: false, refusal: { code: 'no_route' }, excluded: [{ why: { code: 'no_gateway' } }, { why: { code: 'no_gateway' } }] });
    expect(ask('')).toMatchObject({ routed: true, excluded: [] });
  });
});
