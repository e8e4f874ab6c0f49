import { describe, expect, it } from '@jest/globals';
import { caseLine, rangeLine, ruleLine } from './lines.ts';
import { rangesInFile, ruleBody } from './options.ts';

describe('a rule on the command line', () => {
  it('is what the door takes', () => {
    expect(ruleBody('dear', { measure: 'spend', over: '50', within: '3600', currency: 'EUR', block: true })).toEqual({
      name: 'dear', measure: 'spend', limit: '50', windowSec: 3600, currency: 'EUR', action: 'block',
    });
    expect(ruleBody('wangiri', { measure: 'missed_calls', over: '20', within: '600', by: 'cli', 'short-sec': '5', prefix: ['881'], payer: ['account:acme'], 'except-payer': ['card:1'] })).toEqual({
      name: 'wangiri', measure: 'missed_calls', limit: '20', windowSec: 600, by: 'cli', shortSec: 5, prefixes: ['881'], payers: ['account:acme'], exceptPayers: ['card:1'],
    });
    expect(() => ruleBody('dear', { measure: 'spend' })).toThrow('Say what is suspicious');
    expect(() => ruleBody('dear', { measure: 'spend', over: '1', within: 'an hour' })).toThrow('--within');
    expect(() => ruleBody('dear', { measure: 'spend', over: '1', within: '90' })).toThrow('--within takes whole minutes');
  });

  it('has ranges in a file', () => {
    expect(rangesInFile('prefix,note\n+881,"satellite, dear"\n# old\n\n882\n')).toEqual([{ prefix: '881', note: 'satellite, dear' }, { prefix: '882' }]);
    expect(() => rangesInFile('881\nx')).toThrow('Line 2');
  });
});

describe('a line', () => {
  it('says what a rule is, what it found and which range is dear', () => {
    const terms = { name: 'dear', by: 'payer', measure: 'spend', windowSec: 3600, limit: '50.00', currency: 'EUR', prefixes: ['881'], highRisk: false,
      payers: ['account:acme'], exceptPayers: ['card:1'], action: 'block' };
    expect(ruleLine({ id: 3, terms, setBy: 'ann' })).toBe('3 dear: more than 50.00 EUR of spend by payer of account:acme but card:1 to 881 within 3600 s, blocks (set by ann)');
    const found = { ruleId: 3, rule: 'dear', subject: 'card:1', measure: 'spend', measured: '51.00', limit: '50.00', currency: 'EUR', status: 'suspected',
      suspectedAt: '2026-03-01T12:00:00.000000Z', clearedBy: '', block: 'failed', problem: 'unknown_card' };
    expect(caseLine(found)).toBe('card:1  rule 3 dear: spend 51.00 EUR, more than 50.00; since 2026-03-01T12:00:00Z, failed (unknown_card)');
    expect(caseLine({ ...found, status: 'cleared', clearedBy: 'bob', block: 'none', problem: '' })).toContain('cleared by bob');
    expect(rangeLine({ prefix: '881', note: 'dear', addedBy: 'ann' })).toBe('881  dear  (ann)');
  });
});
