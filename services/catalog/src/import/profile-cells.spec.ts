import { describe, expect, it } from '@jest/globals';
import { nanosOf, type Step } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { chargeColumns, chargesOf, chargeText } from './charge-cells.ts';
import { columnPlaces, type DeckColumn } from './deck-columns.ts';
import { profileReader } from './profile-cells.ts';
import { stepsOfText, stepsText } from './step-text.ts';

const amountOf = (text: string) => {
  const read = nanosOf(text);
  return read.ok && read.value >= 0n ? read.value : undefined;
};

describe('the window of a row', () => {
  it.each(['constructor', '__proto__', 'toString'])('is not what every object has: %s', (text) => {
    const read = profileReader({ places: { timing: 0 }, windows: {}, rateOf: amountOf, feeOf: amountOf });
    expect(read?.((column) => (column === 'timing' ? text : ''))).toEqual({ column: 'timing' });
  });
});

describe('further steps as text', () => {
  it.each(table<'text' | 'read'>(`
    text                          | read
    -                             | -
    0.05@60/6                     | 0.05@60/6
    0.05@60/6 0.03@600/60+0.02    | 0.05@60/6 0.03@600/60+0.02
    0.05@60/6;0.03@600/60         | 0.05@60/6 0.03@600/60
    0@60/1                        | 0@60/1
    0.05@0/6                      | none
    0.05@60/6 0.03@60/6           | none
    0.05@60/6 0.03@30/6           | none
    0.05@60                       | none
    0.05@60/0                     | none
    0.05@60/3601                  | none
    0.05@86401/1                  | none
    0.05                          | none
    x@60/6                        | none
    0.05@60/6+                    | none
    0.0000000001@60/6             | none
  `))('"$text" is $read', ({ text, read }) => {
    const steps = stepsOfText(text === '-' ? '' : text, amountOf, amountOf);
    expect(steps === undefined ? 'none' : stepsText(steps) || '').toBe(read);
  });

  it('are read again as they were', () => {
    const step = fc.record({
      fromSec: fc.integer({ min: 1, max: 86_400 }), rateNanos: fc.bigInt({ min: 0n, max: 10n ** 15n }), perSec: fc.constant(60),
      incrementSec: fc.integer({ min: 1, max: 3600 }), entryFeeNanos: fc.bigInt({ min: 0n, max: 10n ** 15n }),
    });
    const anySteps: fc.Arbitrary<Step[]> = fc.uniqueArray(step, { selector: ({ fromSec }) => fromSec, maxLength: 20 }).map((steps) => steps.sort((one, other) => one.fromSec - other.fromSec));
    fc.assert(fc.property(anySteps, (steps) => {
      expect(stepsOfText(stepsText(steps), amountOf, amountOf)).toEqual(steps);
    }));
  });
});

describe('the charges of a row', () => {
  const read = (cells: Readonly<Record<string, string>>) => chargesOf((column) => cells[column] ?? '', amountOf);

  it.each(table<'column' | 'text' | 'stated'>(`
    column               | text            | stated
    attempt_fee          | 0.002           | 0.002
    attempt_fee          | 0               | 0
    attempt_fee          | -0.1            | attempt_fee
    min_charge           | free            | min_charge
    disconnect_fee       | 0.01            | 0.01
    disconnect_fee_after | 30              | 30
    disconnect_fee_after | 86401           | disconnect_fee_after
    free_below           | 1.5             | free_below
    added_grace          | 5               | 5
    tax_percent          | 23              | 23
    tax_percent          | 7.25 %          | 7.25
    tax_percent          | 0.00001         | tax_percent
    tax_percent          | 1001            | tax_percent
    max_cost             | 1.50            | 1.5 free
    max_cost             | 1.50 Disconnect | 1.5 disconnect
    max_cost             | 1.50 stop       | max_cost
    block_fee            | 0.01            | block_length
    block_length         | 60              | block_fee
  `))('$column "$text" is $stated', ({ column, text, stated }) => {
    const terms = read({ [column]: text });
    const named = chargeColumns.find((each) => each === column) ?? 'max_cost';
    expect('column' in terms ? terms.column : chargeText(named, terms)).toBe(stated);
  });

  it('are all read again as they were written', () => {
    const cells = { disconnect_fee: '0.01', disconnect_fee_after: '9', block_fee: '1', block_length: '60', max_cost: '2 free', tax_percent: '0.0001' };
    const terms = read(cells);
    if ('column' in terms) throw new Error(terms.column);
    expect(Object.fromEntries(chargeColumns.map((column) => [column, chargeText(column, terms)]).filter(([, text]) => text !== ''))).toEqual(cells);
    expect(read({ block_fee: '1', block_length: '0' })).toEqual({ column: 'block_length' });
  });
});

describe('what a row says beyond a rate', () => {
  const readerOf = (titles: string) => {
    const places = columnPlaces(titles.split(','));
    if (!places.ok) throw new Error(places.refusal.detail);
    return profileReader({ places: places.value, windows: {}, rateOf: amountOf, feeOf: amountOf });
  };
  const cells = (of: { readonly [Column in DeckColumn]?: string }) => (column: DeckColumn) => of[column] ?? '';

  it('is not looked for where the file has no column for it', () => {
    expect(readerOf('prefix,rate,increments')).toBeUndefined();
  });

  it('is nothing in a row that says nothing, and one content for the same texts', () => {
    const read = readerOf('prefix,rate,timing,attempt_fee');
    expect(read?.(cells({}))).toEqual([undefined]);
    expect(read?.(cells({ timing: 'sat or sun', attempt_fee: '1' }))).toMatchObject([{ window: { weekdays: [6] }, terms: { attemptFeeNanos: 10n ** 9n } }, { window: { weekdays: [7] } }]);
    expect(read?.(cells({ timing: 'sat' }))).toBe(read?.(cells({ timing: 'sat' })));
    expect(read?.(cells({ timing: 'soon' }))).toEqual({ column: 'timing' });
  });
});
