import { describe, it } from '@jest/globals';
import { given, instant } from '@tollwire/testing';
import { numberRules, type NumberRulesCommand, type NumberRulesEvent } from './number-rules.ts';

const said = { switchId: 'madrid', trunk: '', by: 'operator:ann', at: instant('2026-06-01') } as const;
const rules = { country: { callingCode: '34', trunkPrefix: '', nationalLengths: [9] } };
const set: NumberRulesCommand = { type: 'SetRules', ...said, rules };
const wasSet: NumberRulesEvent = { type: 'NumberRulesSet', ...said, rules };
const drop: NumberRulesCommand = { type: 'DropRules', by: 'operator:bob', at: instant('2026-06-02') };
const dropped: NumberRulesEvent = { type: 'NumberRulesDropped', switchId: 'madrid', trunk: '', by: 'operator:bob', at: instant('2026-06-02') };

describe('how the numbers of a switch are dialled', () => {
  it('is set as a whole, and the same again is nothing', () => {
    given(numberRules, []).when(set).then([wasSet]);
    given(numberRules, [wasSet]).when({ ...set, by: 'operator:bob' }).then([]);
    const other = { technicalPrefixes: ['9#'] };
    given(numberRules, [wasSet]).when({ ...set, rules: other }).then([{ ...wasSet, rules: other }]);
    const longer = { country: { ...rules.country, nationalLengths: [9, 10] } };
    given(numberRules, [wasSet]).when({ ...set, rules: longer }).then([{ ...wasSet, rules: longer }]);
  });

  it('is dropped once, and may be set again', () => {
    given(numberRules, [wasSet]).when(drop).then([dropped]);
    given(numberRules, []).when(drop).then([]);
    given(numberRules, [wasSet, dropped]).when(drop).then([]);
    given(numberRules, [wasSet, dropped]).when(set).then([wasSet]);
  });
});
