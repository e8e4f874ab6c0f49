import { beforeAll, describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { drained } from '../fixture/drained.fixture.ts';
import { type CountryPrefix, type NumberPlan, numberPlan } from './number-plan.ts';
import { Places } from './places.ts';

// Needs no server, but more time than a unit test has: the plan takes a second to make.
describe('the number plan of the world', () => {
  let plan: NumberPlan;
  let byPrefix: Map<string, CountryPrefix>;

  beforeAll(() => {
    plan = numberPlan();
    byPrefix = new Map(plan.prefixes.map((entry) => [entry.prefix, entry]));
  });

  function longest(e164: string): CountryPrefix | undefined {
    for (let length = e164.length; length > 0; length -= 1) {
      const entry = byPrefix.get(e164.slice(0, length));
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  const numbers = table(`
    number        | country | subcode | what
    4312345678    | AT      | FIX     | Vienna
    436641234567  | AT      | MOB     | an Austrian mobile
    447400123456  | GB      | MOB     | a British mobile
    447781123456  | GG      | MOB     | a Guernsey mobile within the British mobiles
    441481234567  | GG      | FIX     | Guernsey
    441534234567  | JE      | FIX     | Jersey
    447090123456  | GB      | -       | a personal number: neither
    12125551234   | US      | -       | New York: fixed and mobile look the same
    14165551234   | CA      | -       | Toronto
    12684641234   | AG      | MOB     | Antigua, by its carriers' ranges
    17872345678   | PR      | -       | Puerto Rico
    18005551234   | US      | -       | free-phone, shared by all of North America
    74951234567   | RU      | FIX     | Moscow
    77012345678   | KZ      | MOB     | Kazakhstan
    390669812345  | VA      | FIX     | the Vatican within Rome
    393331234567  | IT      | MOB     | an Italian mobile
    3581812345    | AX      | FIX     | Åland
    262269123456  | YT      | FIX     | Mayotte
    8613812345678 | CN      | MOB     | a Chinese mobile
    5511987654321 | BR      | MOB     | São Paulo
    870773123456  | 001     | MOB     | Inmarsat
    80012345678   | 001     | -       | international free-phone
  `);

  it.each(numbers)('$number is $country $subcode', ({ number, country, subcode }) => {
    const expected = { countryCode: country, subcode };
    expect(longest(number ?? '')).toMatchObject(expected);
  });

  it('names every country once, those without a prefix of their own too', () => {
    const codes = plan.countries.map(({ countryCode }) => countryCode);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.length).toBeGreaterThan(240);
    expect(plan.countries).toContainEqual({ countryCode: 'AT', countryName: 'Austria' });
    expect(plan.countries).toContainEqual({ countryCode: 'XK', countryName: 'Kosovo' });
    expect(codes).toEqual(expect.arrayContaining(['SJ', 'EH', '001']));
  });

  it('holds tens of thousands of well-formed prefixes, fixed and mobile, in digit order', () => {
    const prefixes = plan.prefixes.map(({ prefix }) => prefix);
    expect(prefixes.length).toBeGreaterThan(50_000);
    expect(prefixes).toEqual([...new Set(prefixes)].sort());
    expect(prefixes.filter((prefix) => !/^[1-9]\d{0,14}$/.test(prefix))).toEqual([]);
    expect(plan.prefixes.filter(({ subcode }) => subcode === 'FIX').length).toBeGreaterThan(20_000);
    expect(plan.prefixes.filter(({ subcode }) => subcode === 'MOB').length).toBeGreaterThan(20_000);
  });

  it('refers only to countries that it names', () => {
    const codes = new Set(plan.countries.map(({ countryCode }) => countryCode));
    expect(plan.prefixes.filter(({ countryCode }) => !codes.has(countryCode))).toEqual([]);
  });

  it('tells where every prefix of it belongs', () => {
    const { result, pauses } = drained(Places.of(plan.prefixes.map((each) => ({ ...each, countryName: each.countryCode }))));
    expect(pauses).toBeGreaterThan(10);
    const wrong = plan.prefixes.filter(({ prefix, countryCode, subcode }) => {
      const place = result.at(result.indexOf(Number(prefix)));
      return place.countryCode !== countryCode || place.subcode !== subcode;
    });
    expect(wrong).toEqual([]);
  });
});
