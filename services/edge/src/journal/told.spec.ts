import { describe, expect, it } from '@jest/globals';
import { countTold } from './told.ts';

describe('count of call events', () => {
  it('has those that were taken, and those that were refused by their code', () => {
    const added: [number, unknown][] = [];
    const names: string[] = [];
    const meter = {
      createCounter: (name: string) => {
        names.push(name);
        return { add: (value: number, attributes?: unknown) => void added.push([value, attributes]) };
      },
    };
    const count = countTold(meter);
    count(99, ['field_missing', 'times_out_of_order', 'field_missing']);
    count(0, []);
    count(1, []);
    expect(names).toEqual(['tollwire_edge_call_events_total']);
    expect(added).toEqual([
      [99, { outcome: 'accepted' }],
      [1, { outcome: 'refused', code: 'field_missing' }],
      [1, { outcome: 'refused', code: 'times_out_of_order' }],
      [1, { outcome: 'refused', code: 'field_missing' }],
      [1, { outcome: 'accepted' }],
    ]);
  });
});
