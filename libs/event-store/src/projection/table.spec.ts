import { describe, expect, it } from '@jest/globals';
import { readModel } from './apply.ts';

describe('A read model that cannot be', () => {
  interface Row { readonly id: string; readonly n: number }
  const definition = { name: 'rows', table: 'rows', streamPrefix: 'row-', keyOf: () => ['x'], evolve: (row: Row | undefined) => row };

  it('is refused when it is made: a key without a column', () => {
    const withoutId = { n: 'n int' } as unknown as { id: 'id text'; n: 'n int' };
    expect(() => readModel({ ...definition, columns: withoutId, key: ['id'] })).toThrow('column for the key id');
  });

  it('is refused when two streams would feed one row', async () => {
    const model = readModel({ ...definition, columns: { id: 'id text', n: 'n int' }, key: ['id'] });
    const recorded = (stream: string) => ({ stream, version: 1, event: { type: 'Happened' }, meta: {} });
    const nothing = { query: async () => [] };
    await expect(model.apply(nothing, [recorded('row-1'), recorded('row-2')])).rejects.toThrow('fed by one stream');
  });
});
