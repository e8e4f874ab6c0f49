import { describe, expect, it } from '@jest/globals';
import { type Course, WhatIf } from './what-if.ts';

const call = { durationSec: 60, sellNanos: 50n, currency: 'EUR', destination: 7 };
const over = (carrierCode: string, costNanos: bigint | undefined): Course => ({ carrierCode, costNanos });

describe('what a change of policy would have meant', () => {
  it('is cost and margin of the calls that both route, with those that are left out counted', () => {
    const whatIf = new WhatIf();
    whatIf.add(call, over('A', 20n), over('B', 10n));
    whatIf.add(call, over('A', 20n), over('A', 20n));
    whatIf.add(call, over('A', 20n), undefined);
    whatIf.add(call, undefined, over('B', 10n));
    whatIf.add(call, undefined, undefined);
    whatIf.add(call, over('A', undefined), over('B', 10n));
    expect(whatIf.comparisons).toEqual([{
      destination: 7, currency: 'EUR', callCount: 6, durationSec: 360, movedCount: 4, unroutedBeforeCount: 2, unroutedAfterCount: 2, unknownCount: 1,
      sellNanos: 100n, sellAfterNanos: 100n, costBeforeNanos: 40n, costAfterNanos: 30n,
    }]);
    expect(whatIf.moves.map(({ from, to, callCount, durationSec }) => `${from || '-'} ${to || '-'} ${callCount} ${durationSec}`)).toEqual(['A B 2 120', '- B 1 60', 'A - 1 60']);
  });

  it('is told by destination and by currency of the sale', () => {
    const whatIf = new WhatIf();
    for (const change of [{}, { destination: 8 }, { currency: 'USD' }, {}]) whatIf.add({ ...call, ...change }, over('A', 1n), over('A', 1n));
    expect(whatIf.comparisons.map(({ destination, currency, callCount }) => [destination, currency, callCount])).toEqual([[7, 'EUR', 2], [8, 'EUR', 1], [7, 'USD', 1]]);
    expect(whatIf.moves).toEqual([]);
  });
});
