import { describe, expect, it } from '@jest/globals';
import { gatewayOf } from './gateway-options.ts';
import { gatewayLine } from './lines.ts';

describe('a gateway on the command line', () => {
  it('is what its parts say', () => {
    expect(gatewayOf('name=vienna,address=sip1.example:5060,groups=gold+silver,priority=2,weight=3,suspended=true,addPrefix=0')).toEqual({
      name: 'vienna', address: 'sip1.example:5060', groups: ['gold', 'silver'], priority: 2, weight: 3, suspended: true, addPrefix: '0',
    });
  });

  it.each<[text: string, callerId: object]>([
    ['withhold', { rule: 'withhold' }], ['keep', { rule: 'keep' }], ['replace:+4317000', { rule: 'replace', number: '+4317000' }],
    ['digits:2:0', { rule: 'digits', stripDigits: 2, addPrefix: '0' }], ['digits:2', { rule: 'digits', stripDigits: 2, addPrefix: '' }],
  ])('wants the caller id by %s', (text, callerId) => {
    expect(gatewayOf(`name=vienna,callerId=${text}`)).toEqual({ name: 'vienna', callerId });
  });

  it.each(['withhold:1', 'digits', 'digits:x:0', 'digits:2:0:1', 'replace:1:2', 'invent'])('is refused with the caller id rule %s', (text) => {
    expect(() => gatewayOf(`callerId=${text}`)).toThrow('callerId takes');
  });

  it.each(['priority=x', 'suspended=maybe', 'colour=red', 'vienna'])('is refused: %s', (text) => {
    expect(() => gatewayOf(text)).toThrow('--gateway');
  });

  it('is told in one line', () => {
    const gateway = { name: 'vienna', gateway: { address: 'sip1.example' }, gatewayId: 7, groups: ['gold', 'silver'], groupIds: [1, 2], priority: 0, weight: 1, suspended: false };
    expect(gatewayLine(gateway)).toBe('gateway 7 vienna at sip1.example, priority 0, weight 1, in gold (1), silver (2)');
    expect(gatewayLine({ ...gateway, groups: [], groupIds: [], suspended: true })).toBe('gateway 7 vienna at sip1.example, priority 0, weight 1, suspended');
    const unsaid = { rule: '', number: '', stripDigits: 0, addPrefix: '' };
    const presents = (callerId: object) => gatewayLine({ ...gateway, groups: [], gateway: { address: 'x', callerId: { ...unsaid, ...callerId } } }).split(', ').slice(3).join();
    expect([{ rule: 'withhold' }, { rule: 'replace', number: '43' }, { rule: 'digits', stripDigits: 2, addPrefix: '0' }].map(presents)).toEqual([
      'caller id withheld', 'caller id 43', 'caller id without its first 2 digits and with 0 before it',
    ]);
  });
});
