import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { catalogRig, type CatalogRig, granted, smallPlan } from '../fixture/catalog-rig.fixture.ts';

describe('the number plan in the catalog', () => {
  let rig: CatalogRig;

  beforeAll(async () => {
    rig = await catalogRig('catalog_numbers');
  }, 60_000);
  afterAll(() => rig.close());

  const all = () => rig.database.query(
    `select count(*), max(countryprefixid), md5(string_agg(format('%s %s %s %s', prefix, countrycode, countryname, subcode), ',' order by prefix))
     from countryprefix join country using (countrycode)`,
  );

  it('takes what is given, and corrects it', async () => {
    expect(granted(await rig.ask.loadNumberPlan(smallPlan))).toEqual({ countryCount: 5, prefixCount: 7 });
    granted(await rig.ask.loadNumberPlan({ countries: [], prefixes: [{ prefix: '447', countryCode: 'GB', subcode: 'FIX' }] }));
    expect(granted(await rig.ask.lookUpPrefix({ e164: '447911123456' }))).toMatchObject({ prefix: '447', subcode: 'FIX' });
  });

  it('names prefixes by their ids, those that there are', async () => {
    const { countryPrefixId = 0 } = granted(await rig.ask.lookUpPrefix({ e164: '447911123456' }));
    expect(granted(await rig.ask.nameCountryPrefixes({ countryPrefixIds: [countryPrefixId, 4_000_000_000] })).prefixes).toMatchObject([{ prefix: '447', countryCode: 'GB' }]);
    const many = Array.from({ length: 5_001 }, (_, at) => at);
    expect(await rig.ask.nameCountryPrefixes({ countryPrefixIds: many })).toMatchObject({ ok: false, refusal: { code: 'too_many_items' } });
  });

  it.each(table(`
    what                | field        | code
    an unknown country  | prefixes     | unknown_country
    a malformed prefix  | prefixes[0]  | field_malformed
    a subcode           | prefixes[0]  | field_malformed
    a country code      | countries[0] | field_malformed
    an unreadable name  | countries[1] | field_malformed
  `))('refuses $what', async ({ what = '', field, code }) => {
    const requests = {
      'an unknown country': { prefixes: [{ prefix: '47', countryCode: 'NO' }] },
      'a malformed prefix': { prefixes: [{ prefix: '+43', countryCode: 'AT' }] },
      'a subcode': { prefixes: [{ prefix: '43', countryCode: 'AT', subcode: 'VOIP' }] },
      'an unreadable name': { countries: [{ countryCode: 'AT', countryName: 'Austria' }, { countryCode: 'DE', countryName: 'Germany\u0000' }] },
      'a country code': { countries: [{ countryCode: 'aut', countryName: 'Austria' }] },
    }[what];
    expect(await rig.ask.loadNumberPlan(requests ?? {})).toMatchObject({ ok: false, refusal: { code, field } });
  });

  it('takes a country that is given twice by its last name', async () => {
    granted(await rig.ask.loadNumberPlan({ countries: [{ countryCode: 'AT', countryName: 'Autriche' }, { countryCode: 'AT', countryName: 'Austria' }] }));
    expect(granted(await rig.ask.lookUpPrefix({ e164: '4312345' }))).toMatchObject({ countryCode: 'AT', countryName: 'Austria' });
  });

  it('loads the whole world, and loaded twice changes nothing', async () => {
    const { countryCount, prefixCount = 0 } = granted(await rig.ask.loadNumberPlan({}));
    expect(countryCount).toBeGreaterThan(240);
    expect(prefixCount).toBeGreaterThan(50_000);
    const before = await all();
    granted(await rig.ask.loadNumberPlan({}));
    expect(await all()).toEqual(before);
  }, 60_000);

  it.each(table(`
    number            | prefix  | country | subcode
    +43 664 1234567   | 43664   | AT      | MOB
    442079460000      | 4420    | GB      | FIX
    11 digits         | -       | -       | -
    99999999          | -       | -       | -
    992372234567      | 99237   | TJ      | FIX
  `))('finds the longest prefix of $number', async ({ number = '', prefix, country, subcode }) => {
    const answer = await rig.ask.lookUpPrefix({ e164: number });
    if (prefix === '') return expect(answer).toMatchObject({ ok: false, refusal: { field: 'e164' } });
    expect(answer.ok && `${answer.value.prefix} ${answer.value.countryCode} ${answer.value.subcode}`).toBe(`${prefix} ${country} ${subcode}`);
  });
});
