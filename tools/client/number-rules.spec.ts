import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { outcomeOf } from './command.fixture.ts';
import { numberRulesBody, rulesText } from './number-rules.ts';

describe('rules of numbers on the command line', () => {
  it('are what was said, and nothing else', () => {
    expect(numberRulesBody({})).toEqual({});
    expect(numberRulesBody({ 'calling-code': '44', 'trunk-prefix': '0', 'lengths': '9, 10', 'international': '00,011', 'technical': '9#' })).toEqual({
      internationalPrefixes: ['00', '011'], technicalPrefixes: ['9#'], country: { callingCode: '44', trunkPrefix: '0', nationalLengths: [9, 10] },
    });
  });

  it.each([[{ 'trunk-prefix': '0' }, '--calling-code'], [{ lengths: '9' }, '--calling-code'], [{ 'calling-code': '44', 'lengths': 'x' }, '--lengths']])('are refused: %p', (values, option) => {
    expect(() => numberRulesBody(values)).toThrow(option);
  });

  it('are told in a few words', () => {
    expect(rulesText({})).toBe('numbers are read as international ones');
    const country = { callingCode: '34', trunkPrefix: '', nationalLengths: [9] };
    expect(rulesText({ country })).toBe('national as 34, and with 9 digits');
    expect(rulesText({ technicalPrefixes: ['9#'], internationalPrefixes: ['00'], country: { ...country, callingCode: '44', trunkPrefix: '0', nationalLengths: [] } }))
      .toBe('9# taken off; international after +, 00; national as 44 after 0');
  });
});

describe('a number that is tried', () => {
  const numberRules = [{ switchId: 'madrid' }, { switchId: 'vienna', trunk: 'north' }];
  it.each(table(`
    source                         | rules
    --switch madrid                | yes
    --switch madrid --trunk west   | yes
    --switch vienna --trunk north  | yes
    --switch vienna                | no
    --switch vienna --trunk west   | no
    --switch paris                 | no
  `))('is read by rules that there are, or it is said that there are none: $source', async ({ source = '', rules = '' }) => {
    const line = ['numbers', 'read', '650123456', ...source.split(' ')];
    const answers = [{ kind: 'number', e164: '650123456' }, { numberRules }];
    const [, name = ''] = source.split(' ');
    const none = `There are no rules for switch ${name}: it was read as an international number. ./tollwire numbers list shows the rules that there are.\n`;
    expect(await outcomeOf(line, answers)).toMatchObject({ exitCode: 0, out: `650123456\n${rules === 'yes' ? '' : none}` });
    expect(JSON.parse((await outcomeOf([...line, '--json'], answers)).out)).toEqual({ kind: 'number', e164: '650123456', hasRules: rules === 'yes' });
  });
});
