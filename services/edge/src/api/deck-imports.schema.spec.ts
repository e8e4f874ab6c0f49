import { describe, expect, it } from '@jest/globals';
import { DeckKind } from '@tollwire/contracts';
import { deckImport } from './deck-imports.schema.ts';

const query = (more: string) => Object.fromEntries(new URLSearchParams(`kind=carrier&ownerId=7&${more}`));

describe('the question that imports a deck', () => {
  it('says whose rates they are, and nothing else where nothing else is said', () => {
    expect(deckImport.parse(query(''))).toEqual({
      kind: DeckKind.CARRIER, ownerId: 7, delimiter: '', amends: false, dryRun: false, columns: [],
      layout: {
        titles: {}, zone: 'UTC', headerLine: 0, noHeader: false, dateOrder: 'iso', validFrom: '', rateUnitSec: 60, decimal: '', blockedWords: [], sheet: '',
        windows: {}, windowZone: '',
      },
    });
  });

  it.each([
    ['map=prefix=Code,rate=Price (USD)', { titles: { prefix: 'Code', rate: 'Price (USD)' } }],
    ['map=prefix=Code, old,rate=%233', { titles: { prefix: 'Code, old', rate: '#3' } }],
    ['headerLine=4&dateOrder=dmy', { headerLine: 4, dateOrder: 'dmy' }],
    ['noHeader=true', { noHeader: true }],
    ['zone=+01:00', { zone: '+01:00' }],
    ['blockedWords=closed, n/a', { blockedWords: ['closed', 'n/a'] }],
    ['windows=peak=mon-fri 08:00-20:00; off-peak = any&windowZone=Europe/Vienna',
      { windows: { peak: 'mon-fri 08:00-20:00', 'off-peak': 'any' }, windowZone: 'Europe/Vienna' }],
    ['rateUnitSec=1&decimal=,&sheet=Rates&validFrom=2026-12-31', { rateUnitSec: 1, decimal: ',', sheet: 'Rates', validFrom: '2026-12-31' }],
  ])('with %s', (more, layout) => {
    expect(deckImport.parse(query(more)).layout).toMatchObject(layout);
  });

  it.each([
    ['columns=prefix, rate', { columns: ['prefix', 'rate'] }], ['amends=true', { amends: true }], ['dryRun=1', { dryRun: true }], ['delimiter=|', { delimiter: '|' }],
  ])('with %s', (more, value) => {
    expect(deckImport.parse(query(more))).toMatchObject(value);
  });

  it.each([
    'map=Code', 'windows=peak', 'windows==mon', 'map=prefix=', 'dateOrder=ymd', 'zone=Europe/Atlantis', 'headerLine=0', 'rateUnitSec=0', 'decimal=x',
    'amends=perhaps', 'delimiter=:', 'other=1',
  ])(
    'is refused with %s', (more) => {
      expect(deckImport.safeParse(query(more)).success).toBe(false);
    },
  );
});
