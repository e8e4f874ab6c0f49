import type { FraudCase, Range, Rule } from './replies.ts';

export function ruleLine({ id, terms, setBy, retiredAt }: Rule): string {
  const { name, by, measure, windowSec, limit, currency, prefixes, highRisk, payers, exceptPayers, action } = terms;
  const where = highRisk ? ' to high-risk ranges' : prefixes.length === 0 ? '' : ` to ${prefixes.join(', ')}`;
  const whose = `${payers.length === 0 ? '' : ` of ${payers.join(', ')}`}${exceptPayers.length === 0 ? '' : ` but ${exceptPayers.join(', ')}`}`;
  const state = retiredAt === undefined ? '' : ', retired';
  return `${id} ${name}: more than ${`${limit} ${currency}`.trim()} of ${measure} by ${by}${whose}${where} within ${windowSec} s, ${action}s (set by ${setBy}${state})`;
}

export function caseLine({ ruleId, rule, subject, measure, measured, limit, currency, status, suspectedAt, clearedBy, block, problem }: FraudCase): string {
  const how = status === 'cleared' ? `cleared by ${clearedBy}` : `since ${suspectedAt.slice(0, 19)}Z`;
  const done = block === 'none' ? '' : `, ${block}${problem === '' ? '' : ` (${problem})`}`;
  return `${subject}  rule ${ruleId} ${rule}: ${measure} ${`${measured} ${currency}`.trim()}, more than ${limit}; ${how}${done}`;
}

export function rangeLine({ prefix, note, addedBy }: Range): string {
  return `${prefix}${note === '' ? '' : `  ${note}`}  (${addedBy})`;
}
