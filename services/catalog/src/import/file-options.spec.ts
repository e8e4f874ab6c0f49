import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { BeginDeckImportRequestSchema, type DeckFileLayoutSchema } from '@tollwire/contracts';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { defaultOptions, fileOptionsOf } from './file-options.ts';

type Layout = MessageInitShape<typeof DeckFileLayoutSchema>;
const optionsOf = (layout: Layout, columns: string[] = [], delimiter = '') => fileOptionsOf(create(BeginDeckImportRequestSchema, { layout, columns, delimiter }));

describe('how a file is to be read', () => {
  it('is found in the file where nothing is said', () => {
    expect(fileOptionsOf(create(BeginDeckImportRequestSchema, {}))).toEqual({ ok: true, value: defaultOptions });
    expect(optionsOf({})).toEqual({ ok: true, value: defaultOptions });
  });

  it.each<[layout: Layout, option: object]>([
    [{ titles: { prefix: 'Code', rate: '#3' } }, { titles: { prefix: 'Code', rate: '#3' } }],
    [{ headerLine: 4 }, { header: 4 }],
    [{ noHeader: true }, { header: 'none' }],
    [{ dateOrder: 'DMY', zone: 'Europe/Vienna', validFrom: '01.07.2026' }, { dateOrder: 'dmy', validFromUs: Date.parse('2026-06-30T22:00Z') * 1000 }],
    [{ rateUnitSec: 1, decimal: ',' }, { rateUnitSec: 1, decimalComma: true }],
    [{ decimal: '.' }, { decimalComma: false }],
    [{ blockedWords: [' Closed ', 'N/A'] }, { blockedWords: ['closed', 'n/a'] }],
    [{ sheet: ' Rates ' }, { sheet: 'Rates' }],
  ])('may be said as %j', (layout, option) => {
    expect(optionsOf(layout)).toMatchObject({ ok: true, value: option });
  });

  it.each<[layout: Layout, field: string, code: string]>([
    [{ titles: { price: 'Price' } }, 'map', 'field_malformed'],
    [{ titles: { rate: ' ' } }, 'map', 'field_malformed'],
    [{ titles: { rate: '#3' } }, 'map', 'field_malformed'],
    [{ titles: { prefix: 'Code', rate: '#3' }, noHeader: true }, 'map', 'field_malformed'],
    [{ headerLine: 2, noHeader: true }, 'headerLine', 'field_malformed'],
    [{ headerLine: 2_000_000 }, 'headerLine', 'field_out_of_range'],
    [{ dateOrder: 'ymd' }, 'dateOrder', 'field_malformed'],
    [{ zone: 'Europe/Atlantis' }, 'zone', 'field_malformed'],
    [{ validFrom: '01.07.2026' }, 'validFrom', 'field_malformed'],
    [{ rateUnitSec: 3_601 }, 'rateUnitSec', 'field_out_of_range'],
    [{ decimal: '_' }, 'decimal', 'field_malformed'],
    [{ blockedWords: [''] }, 'blockedWords', 'field_malformed'],
    [{ blockedWords: Array.from({ length: 51 }, () => 'x') }, 'blockedWords', 'field_malformed'],
    [{ sheet: 'x'.repeat(101) }, 'sheet', 'field_malformed'],
  ])('is refused as %j, under the name that the caller gave', (layout, field, code) => {
    expect(optionsOf(layout)).toMatchObject({ ok: false, refusal: { code, field, detail: expect.stringMatching(/^Give /) } });
  });

  it('is refused with columns that are no deck, too many, or said twice', () => {
    expect(optionsOf({}, ['prefix'])).toMatchObject({ ok: false, refusal: { code: 'deck_malformed', field: 'columns' } });
    expect(optionsOf({}, Array.from({ length: 101 }, () => ''))).toMatchObject({ ok: false, refusal: { code: 'too_many_items', field: 'columns' } });
    expect(optionsOf({ titles: { prefix: 'a', rate: 'b' } }, ['prefix', 'rate'])).toMatchObject({ ok: false, refusal: { field: 'map' } });
    expect(optionsOf({}, [], ':')).toMatchObject({ ok: false, refusal: { code: 'field_malformed', field: 'delimiter' } });
  });
});
