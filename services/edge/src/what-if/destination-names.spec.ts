import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { NameCountryPrefixesReplySchema } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { EdgeAskers } from '../edge.deps.ts';
import { namesOf } from './destination-names.ts';

/** The catalog, which names 5,000 at a time; away from some question on. */
function catalogOf(answers: number) {
  const asked: number[] = [];
  const nameCountryPrefixes: EdgeAskers['catalog']['nameCountryPrefixes'] = async ({ countryPrefixIds: ids = [] }) => {
    asked.push(ids.length);
    if (asked.length > answers) return refuse({ code: 'service_unavailable' });
    if (ids.length > 5_000) return refuse({ code: 'too_many_items', field: 'countryPrefixIds' });
    return ok(create(NameCountryPrefixesReplySchema, { prefixes: ids.map((countryPrefixId) => ({ countryPrefixId, countryCode: 'AT' })) }));
  };
  return { asked, catalog: { nameCountryPrefixes } };
}

describe('the names of destinations', () => {
  it.each([[0, []], [5_000, [5_000]], [12_001, [5_000, 5_000, 2_001]]])('of %d prefixes are asked for in as many questions as that takes', async (count, questions) => {
    const catalog = catalogOf(Infinity);
    const ids = Array.from({ length: count }, (_, at) => at + 1);
    const named = await namesOf(catalog, ids);
    expect(named.ok && named.value.map(({ countryPrefixId }) => countryPrefixId)).toEqual(ids);
    expect(catalog.asked).toEqual(questions);
  });

  it('are refused where one of the questions is', async () => {
    expect(await namesOf(catalogOf(1), Array.from({ length: 5_001 }, (_, at) => at + 1))).toEqual(refuse({ code: 'service_unavailable' }));
  });
});
