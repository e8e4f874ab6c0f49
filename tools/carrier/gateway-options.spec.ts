import { describe, expect, it } from '@jest/globals';
import { gatewayOf } from './gateway-options.ts';
import { gatewayLine } from './lines.ts';

describe('a gateway on the command line', () => {
  it('is what its parts say', () => {
    expect(gatewayOf('name=vienna,address=sip1.example:5060,groups=gold+silver,priority=2,weight=3,suspended=true,addPrefix=0')).toEqual({
      name: 'vienna', address: 'sip1.example:5060', groups: ['gold', 'silver'], priority: 2, weight: 3, suspended: true, addPrefix: '0',
    });
  });

  it.each(['priority=x', 'suspended=maybe', 'colour=red', 'vienna'])('is refused: %s', (text) => {
    expect(() => gatewayOf(text)).toThrow('--gateway');
  });

  it('is told in one line', () => {
    const gateway = { name: 'vienna', gateway: { address: 'sip1.example' }, gatewayId: 7, groups: ['gold', 'silver'], groupIds: [1, 2], priority: 0, weight: 1, suspended: false };
    expect(gatewayLine(gateway)).toBe('gateway 7 vienna at sip1.example, priority 0, weight 1, in gold (1), silver (2)');
    expect(gatewayLine({ ...gateway, groups: [], groupIds: [], suspended: true })).toBe('gateway 7 vienna at sip1.example, priority 0, weight 1, suspended');
  });
});
