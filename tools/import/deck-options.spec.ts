import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { parseArgs } from 'node:util';
import { deckHelp, deckOptions, deckQuery } from './deck-options.ts';
import { toldOf } from './import-deck.ts';

const queryOf = (args: string) => deckQuery(parseArgs({ args: args.split(' ').filter(Boolean), options: deckOptions }).values).toString();

describe('the options of a deck', () => {
  it.each(table(`
    options                                         | question
    --plan carrier:7                                | kind=carrier&ownerId=7
    --kind retail --owner 3                         | kind=retail&ownerId=3
    --plan tariff:1 --map prefix=Code,rate=#3       | kind=tariff&ownerId=1&map=prefix%3DCode%2Crate%3D%233
    --plan tariff:1 --no-header --delimiter tab     | kind=tariff&ownerId=1&noHeader=true&delimiter=%09
    --plan tariff:1 --date-order dmy --zone +01:00  | kind=tariff&ownerId=1&dateOrder=dmy&zone=%2B01%3A00
    --plan tariff:1 --windows peak=mon;any=any --window-zone UTC | kind=tariff&ownerId=1&windows=peak%3Dmon%3Bany%3Dany&windowZone=UTC
    --plan tariff:1 --per 1 --blocked closed,n/a    | kind=tariff&ownerId=1&rateUnitSec=1&blockedWords=closed%2Cn%2Fa
    --plan tariff:1 --dry-run --amends --json-less  | stops
    --plan tariff                                   | stops
    --plan voip:7                                   | stops
    --kind tariff                                   | stops
  `))('$options', ({ options = '', question }) => {
    if (question === 'stops') expect(() => queryOf(options)).toThrow();
    else expect(queryOf(options)).toBe(question);
  });

  it('are all told of in the help', () => {
    const hidden = ['kind', 'owner', 'zone'];
    expect(Object.keys(deckOptions).filter((option) => !hidden.includes(option) && !deckHelp.includes(`--${option} `))).toEqual([]);
  });
});

describe('what became of a deck', () => {
  const reply = {
    importId: 'i-1', deck: { digest: 'ab', version: 3, rateCount: 7 }, acceptedCount: 5, carriedCount: 2, rowCount: 30, errorCount: 25, passedOver: [],
    errors: Array.from({ length: 25 }, (_, at) => ({ line: at + 2, column: 'prefix', code: 'unknown_prefix', value: '99', advice: 'Mend it.' })),
  };
  const how = { isDryRun: false, isWhole: true, owner: { kind: 'carrier', ownerId: 7 }, closes: 0 };

  it('is told with the first bad rows, the counts, and what to do next', () => {
    const lines = toldOf(reply, how).split('\n');
    expect(lines[0]).toBe('line 2: unknown_prefix in prefix: 99. Mend it.');
    expect(lines[20]).toContain('… and 5 more');
    expect(lines[21]).toBe('30 rows: 5 rates taken, 2 kept of the version in force, 25 errors.');
    expect(lines[22]).toBe('It is version 3. Compare it: ./tollwire deck diff 3 --kind carrier --owner 7. Put it in force: ./tollwire deck activate 3 --kind carrier --owner 7');
  });

  it('names the columns that were passed over, for a date may be among them', () => {
    expect(toldOf({ ...reply, passedOver: ['Starts', 'Note'] }, how)).toContain('\nColumns that were passed over: Starts, Note. --map names what one of them holds.\n');
  });

  it('is that nothing is new where no row was taken', () => {
    expect(toldOf({ ...reply, acceptedCount: 0 }, how)).toContain('30 rows: 0 rates taken, 2 kept of the version in force, 25 errors.\nNo rate was taken, so nothing is new.\n');
  });

  it('warns of what it closes, and how that is avoided', () => {
    expect(toldOf(reply, { ...how, closes: 98_603 })).toContain(
      '\nIn force it closes 98,603 rates of the version before it, because the file does not name them; --amends keeps them.\nIt is version 3.',
    );
    expect(toldOf(reply, { ...how, isWhole: false, closes: 1 })).toContain('\nIn force it closes 1 rate of the version before it.\n');
    expect(toldOf({ ...reply, rowCount: 1, acceptedCount: 1, carriedCount: 0, errorCount: 1 }, how)).toContain('1 row: 1 rate taken, 1 error.\n');
  });

  it('of a dry run is no version', () => {
    const dry = toldOf({ ...reply, errors: [], errorCount: 0, carriedCount: 0 }, { ...how, isDryRun: true, isWhole: false });
    expect(dry).toBe('30 rows: 5 rates taken, 0 errors.\nThis was a dry run: no version was made.\n');
    expect(toldOf(reply, { ...how, isDryRun: true })).toContain('what it does not name would be closed; --amends keeps it.');
  });
});
