import { describe, expect, it } from '@jest/globals';
import { callerOf } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import { type CallerIdRule, presentedCallerId } from './caller-id.ts';

const rules: Readonly<Record<string, CallerIdRule>> = {
  replace: { rule: 'replace', number: '4317000' }, withhold: { rule: 'withhold' },
  'strip 2 add 0': { rule: 'digits', stripDigits: 2, addPrefix: '0' }, 'strip 15': { rule: 'digits', stripDigits: 15, addPrefix: '' }, 'add +': { rule: 'digits', stripDigits: 0, addPrefix: '+' },
};

describe('the caller id that a gateway gets', () => {
  it.each(table<'rule' | 'caller' | 'presented'>(`
    rule          | caller        | presented
    replace       | +43664123456  | 4317000 allowed
    replace       | anonymous     | 4317000 restricted
    replace       | reception     | 4317000 allowed
    replace       | nobody        | 4317000 allowed
    strip 2 add 0 | +43664123456  | 0664123456 allowed
    strip 2 add 0 | anonymous     | none restricted
    strip 2 add 0 | reception     | as it is
    strip 2 add 0 | nobody        | as it is
    strip 15      | +43664123456  | as it is
    add +         | 0043664123456 | +43664123456 allowed
    withhold      | +43664123456  | none restricted
    withhold      | anonymous     | none restricted
    withhold      | nobody        | none restricted
  `))('is by $rule of $caller: $presented', ({ rule: named, caller, presented }) => {
    const rule = rules[named];
    const told = rule && presentedCallerId(rule, caller === 'nobody' ? undefined : callerOf(caller));
    expect(told === undefined ? 'as it is' : `${told.number || 'none'} ${told.presentation}`).toBe(presented);
  });

  it('is withheld of a caller who told nothing, as a switch tells of one who is withheld', () => {
    expect(presentedCallerId({ rule: 'digits', stripDigits: 0, addPrefix: '' }, callerOf(''))).toEqual({ number: '', presentation: 'restricted' });
  });
});
