import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { columnPlaces, currencyFault, defaultColumns, isDataRow, passedOver } from './deck-columns.ts';

const placesOf = (titles: string) => {
  const places = columnPlaces(titles.split(';'));
  return places.ok ? Object.entries(places.value).map(([column, place]) => `${column}@${JSON.stringify(place)}`).toSorted().join(' ') : places.refusal.detail;
};

describe('the columns of a carrier\'s file', () => {
  it.each(table(`
    header                                              | places
    prefix;rate                                         | prefix@0 rate@1
    Destination;Dial Code;Rate Per Minute;Effective Date | destination@0 prefix@1 rate@2 valid_from@3
    COUNTRY;CODE;PRICE/MIN;Connection Fee;Blocked       | blocked@4 connect_fee@3 country@0 prefix@1 rate@2
    Country Code;Area Codes;Rate (USD)                  | area_code@1 country_code@0 rate@2 rateCurrency@"USD"
    Code;Rate (EUR/min);Currency;Per                    | currency@2 prefix@0 rate@1 rateCurrency@"EUR" rate_unit@3
    Dial Code(s);Rate [INR];Effective Date (dd/mm/yyyy) | prefix@0 rate@1 rateCurrency@"INR" valid_from@2
    Code;Price €/min;Interval (sec)                     | increment@2 prefix@0 rate@1 rateCurrency@"EUR"
    Code;Rate_usd                                       | prefix@0 rate@1 rateCurrency@"USD"
    code;rate;first interval;next interval              | increment@3 initial_increment@2 prefix@0 rate@1
    code;rate;Billing Increments;valid to               | increments@2 prefix@0 rate@1 valid_until@3
    dialing-code;price (per min);start date;END_DATE    | prefix@0 rate@1 valid_from@2 valid_until@3
  `))('are found under $header', ({ header = '', places }) => {
    expect(placesOf(header)).toBe(places);
  });

  it.each(table(`
    header           | says
    rate             | No column is named prefix
    prefix           | No column is named rate
    name;country     | No column is named prefix
    prefix;code;rate | Two columns hold the prefix
    code;rate;price  | Two columns hold the rate
    code;rate (per sec) | No column is named rate
    code;rate (cents) | No column is named rate
    code(s);code;rate | Two columns hold the prefix
  `))('are refused under $header, saying what to do', ({ header = '', says }) => {
    expect(placesOf(header)).toBe(`${says}; name the columns when the import begins.`);
  });

  it.each(table(`
    title        plan | is
    Rate (EUR)   EUR  | taken
    Rate (USD)   EUR  | currency_mismatch
    Rate (USD)   USD  | taken
    Rate         EUR  | taken
    Price £/min  EUR  | currency_mismatch
  `))('under $title are $is for a plan in $plan', ({ title = '', plan = '', is }) => {
    const places = columnPlaces(['code', title]);
    expect(places.ok && (currencyFault(places.value, plan)?.code ?? 'taken')).toBe(is);
    const said = columnPlaces(['code', title], { rate: title });
    expect(said.ok && currencyFault(said.value, plan)).toBeUndefined();
  });

  it('are told where nothing that is known stands under their titles', () => {
    const header = ['Code', 'Rate', '', ' Starts\u0000on ', 'Peak', 'x'.repeat(200), '\ud800'];
    const places = columnPlaces(header, {}, ['peak']);
    expect(places.ok && passedOver(header, places.value)).toEqual(['Starts on', 'x'.repeat(100), '\ufffd']);
  });

  it('are where nothing else is said the prefix, its rate, and from when it counts', () => {
    expect(placesOf(defaultColumns.join(';'))).toBe('prefix@0 rate@1 valid_from@2');
  });

  it('are found however words are parted and written', () => {
    const parting = fc.constantFrom(' ', '_', '-', '.', '  ');
    fc.assert(fc.property(parting, fc.boolean(), (by, capitals) => {
      const title = `dial${by}code`;
      expect(placesOf(`${capitals ? title.toUpperCase() : title};rate`)).toBe('prefix@0 rate@1');
    }));
  });
});

describe('a first row', () => {
  it.each(table(`
    row                  | is
    prefix;rate          | header
    Code;Rate 2026       | header
    36;0.09              | data
    x;0,09               | data
    Hungary; 36 ;free    | data
    +36;free             | header
  `))('of "$row" is $is', ({ row = '', is }) => {
    expect(isDataRow(row.split(';')) ? 'data' : 'header').toBe(is);
  });
});
