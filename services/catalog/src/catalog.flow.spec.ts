import { describe, expect, it } from '@jest/globals';
import { CatalogService, publicEvents } from '@tollwire/contracts';
import { catalogFlow } from './catalog.flow.ts';

describe('the flow of the catalog', () => {
  it('publishes every public event that is the catalog\'s, and no other', () => {
    const own = Object.values(publicEvents).filter(({ service }) => service === 'catalog').map(({ type }) => type);
    expect(catalogFlow.publishes.map(({ type }) => type).toSorted()).toEqual(own.toSorted());
  });

  it('answers its service, hears nobody, and sweeps what was abandoned', () => {
    expect(catalogFlow.answers.map(({ service }) => service)).toEqual([CatalogService]);
    expect(catalogFlow.reactions).toEqual([]);
    expect(catalogFlow.sweeps?.map(({ name }) => name)).toContain('sweep-imports');
  });

  it('may change only the tables that a read model or an import fills', () => {
    const changed = catalogFlow.schema.grants.filter((grant) => grant.includes('DELETE') && grant.startsWith('GRANT')).join(' ');
    for (const { table } of catalogFlow.stores.flatMap(({ readModels }) => readModels)) expect(changed).toContain(table);
    for (const kept of ['tariffrate', 'voip_retail_rate', 'voip_carrier_rate', 'deck_chunk', ' country']) expect(changed).not.toContain(kept);
  });
});
