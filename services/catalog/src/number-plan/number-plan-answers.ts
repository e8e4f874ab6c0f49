import type { CatalogService, CodedRefusal, LoadNumberPlanRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { ServiceImplementation } from '@tollwire/messaging';
import { normalizeE164 } from '@tollwire/telecom';
import type { CatalogDeps } from '../catalog.deps.ts';
import { type CountryOfPrefix, coverOf } from './cover.ts';
import { loadNumberPlan, unknownCountries } from './load-number-plan.ts';
import { numberPlan, type NumberPlan } from './number-plan.ts';
import type { Subcode } from './partition.ts';

type NumberPlanMethods = 'loadNumberPlan' | 'lookUpPrefix' | 'nameCountryPrefixes' | 'coverCountry';

interface PrefixRow {
  readonly prefix: string;
  readonly countryCode: string;
  readonly countryName: string;
  readonly subcode: string;
  readonly countryPrefixId: number;
}

const selectPrefixes = `
  select prefix, countrycode as "countryCode", countryname as "countryName", subcode, countryprefixid as "countryPrefixId"
  from countryprefix join country using (countrycode)`;
const NAMED_MAX = 5_000;

/** The prefixes of a country, with those of others that may lie between them: all that begin with the same digit. */
const aroundCountry = `
  select prefix, countrycode as "countryCode" from countryprefix
  where left(prefix, 1) in (select left(prefix, 1) from countryprefix where countrycode = $1)`;

const longestPrefix = `${selectPrefixes} where prefix = any($1::text[]) order by length(prefix) desc limit 1`;

/** Answers what is about the number plan. */
export function numberPlanAnswers({ database }: CatalogDeps): Pick<ServiceImplementation<typeof CatalogService>, NumberPlanMethods> {
  return {
    async loadNumberPlan(request) {
      const isEmpty = request.countries.length === 0 && request.prefixes.length === 0;
      const plan = isEmpty ? ok(numberPlan()) : planOf(request);
      if (!plan.ok) return plan;
      const named = new Set(plan.value.countries.map(({ countryCode }) => countryCode));
      const others = new Set(plan.value.prefixes.map(({ countryCode }) => countryCode).filter((code) => !named.has(code)));
      const [unknown] = await unknownCountries(database, [...others]);
      if (unknown !== undefined) {
        return refuse({ code: 'unknown_country', field: 'prefixes', detail: `Give the country ${unknown} along with its prefixes.` });
      }
      await loadNumberPlan(database, plan.value);
      return ok({ countryCount: plan.value.countries.length, prefixCount: plan.value.prefixes.length });
    },

    async nameCountryPrefixes({ countryPrefixIds: ids }) {
      if (ids.length > NAMED_MAX) return refuse({ code: 'too_many_items', field: 'countryPrefixIds', detail: `Give at most ${NAMED_MAX} ids.` });
      return ok({ prefixes: await database.query<PrefixRow>(`${selectPrefixes} where countryprefixid = any($1::bigint[]) order by countryprefixid`, [ids]) });
    },

    async coverCountry({ countryCode }) {
      const [country] = await database.query<{ name: string }>('select countryname as name from country where countrycode = $1', [countryCode]);
      if (country === undefined) return refuse({ code: 'unknown_country', field: 'countryCode', detail: `The number plan has no country ${countryCode}.` });
      const plan = await database.query<CountryOfPrefix>(aroundCountry, [countryCode]);
      return ok({ countryCode, countryName: country.name, prefixes: coverOf(countryCode, plan) });
    },

    async lookUpPrefix({ e164 }) {
      const number = normalizeE164(e164);
      if (!number.ok) return refuse({ code: number.refusal.code, field: 'e164', detail: 'Give e164 as 1 to 15 digits with the country code.' });
      const heads = Array.from(number.value, (_, index) => number.value.slice(0, index + 1));
      const [found] = await database.query<PrefixRow>(longestPrefix, [heads]);
      return found === undefined ? refuse({ code: 'unknown_prefix', field: 'e164', detail: 'The number plan has no prefix of this number.' }) : ok(found);
    },
  };
}

function planOf(request: LoadNumberPlanRequest): Result<NumberPlan, CodedRefusal> {
  const country = request.countries.findIndex(({ countryCode, countryName }) => !/^[A-Z0-9]{2,3}$/.test(countryCode) || !isName(countryName));
  if (country !== -1) return malformed(`countries[${country}]`, 'Give a country as a code of two or three capitals or digits, and a name.');
  const prefixes = request.prefixes.flatMap(({ prefix, countryCode, subcode }) => {
    return /^[1-9]\d{0,14}$/.test(prefix) && isSubcode(subcode) ? [{ prefix, countryCode, subcode }] : [];
  });
  if (prefixes.length === request.prefixes.length) return ok({ countries: request.countries, prefixes });
  const at = request.prefixes.findIndex(({ prefix, subcode }) => !/^[1-9]\d{0,14}$/.test(prefix) || !isSubcode(subcode));
  return malformed(`prefixes[${at}]`, 'Give a prefix as 1 to 15 digits, with the subcode FIX, MOB or none.');
}

/** PostgreSQL refuses NUL, and nobody can read the other control characters. */
function isName(text: string): boolean {
  return text.trim() !== '' && !/[\u0000-\u001f\u007f]/.test(text);
}

function isSubcode(text: string): text is Subcode {
  return text === '' || text === 'FIX' || text === 'MOB';
}

function malformed(field: string, detail: string): Result<never, CodedRefusal> {
  return refuse({ code: 'field_malformed', field, detail });
}
