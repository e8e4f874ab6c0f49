import type { Asked } from './asked-of-rating.fixture.ts';

const by = 'admin:bootstrap';
const rule = { id: 7, terms: { name: 'dear hour', measure: 'spend', limit: '30.00' }, setAtUs: 1_767_225_600_000_000n };
const ruleJson = { id: 7, terms: { name: 'dear hour', limit: '30.00' }, setAt: '2026-01-01T00:00:00.000000Z' };
const found = { ruleId: 7, rule: 'dear hour', subject: 'card:001', measured: '31.50', status: 'cleared', block: 'free' };

/** The routes against fraud, which cdr answers. */
export const askedOfFraud: readonly Asked[] = [
  [
    'POST /v1/fraud/rules',
    { name: 'dear hour', measure: 'spend', windowSec: 3600, limit: '30.00', currency: 'EUR', highRisk: true, payers: ['account:acme'], exceptPayers: ['card:1'], action: 'block' },
    'cdr',
    'setFraudRule',
    {
      terms: { name: 'dear hour', by: 'payer', measure: 'spend', windowSec: 3600, limit: '30.00', currency: 'EUR', highRisk: true, payers: ['account:acme'], exceptPayers: ['card:1'],
        shortSec: 10, action: 'block' },
      by,
    },
    rule,
    ruleJson,
  ],
  ['GET /v1/fraud/rules', undefined, 'cdr', 'listFraudRules', {}, { rules: [rule] }, { rules: [ruleJson] }],
  ['POST /v1/fraud/rules/7/retire', undefined, 'cdr', 'retireFraudRule', { id: 7, by }, rule, ruleJson],
  ['GET /v1/fraud/cases?status=suspected', undefined, 'cdr', 'listFraudCases', { status: 'suspected' }, { cases: [found] }, { cases: [found] }],
  ['POST /v1/fraud/cases/clear', { ruleId: 7, subject: 'card:001' }, 'cdr', 'clearFraudCase', { ruleId: 7, subject: 'card:001', by }, found, found],
  ['GET /v1/fraud/ranges?after=881', undefined, 'cdr', 'listHighRiskRanges', { afterPrefix: '881' }, { ranges: [{ prefix: '882', note: 'dear' }] }, { ranges: [{ prefix: '882', note: 'dear' }] }],
  ['POST /v1/fraud/ranges', { ranges: [{ prefix: '881' }] }, 'cdr', 'setHighRiskRanges', { ranges: [{ prefix: '881', note: '' }], remove: false, by }, { changedCount: 1 }, { changedCount: 1 }],
  ['POST /v1/fraud/ranges/remove', { ranges: [{ prefix: '881' }] }, 'cdr', 'setHighRiskRanges', { ranges: [{ prefix: '881' }], remove: true, by }, { changedCount: 1 }, { changedCount: 1 }],
];
