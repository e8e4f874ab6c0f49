import type { InstantUs } from '@tollwire/core';
import type { Projection } from '@tollwire/event-store';
import type { FraudAbout, FraudCaseEvent } from '../domain/fraud-case.ts';

export const fraudStreamPrefix = 'fraudcase-';

/** The id of what a rule found of a subject. */
export function fraudCaseIdOf(ruleId: number, subject: string): string {
  return `${ruleId}-${subject}`;
}

export interface FraudCaseRow {
  readonly ruleId: number;
  readonly subject: string;
  readonly rule: FraudAbout['rule'];
  readonly status: string;
  readonly measured: bigint;
  readonly suspectedAt: InstantUs;
  readonly clearedAt: InstantUs | null;
  readonly clearedBy: string | null;
  readonly revision: number;
}

/** Everything that rules found, as it stands. */
export const fraudCases: Projection<FraudCaseRow, FraudCaseEvent> = {
  name: 'fraud-cases',
  table: 'fraud_case',
  streamPrefix: fraudStreamPrefix,
  columns: {
    ruleId: 'rule_id int', subject: 'subject text', rule: 'rule jsonb', status: 'status text', measured: 'measured bigint', suspectedAt: 'suspected_at instant_us',
    clearedAt: 'cleared_at instant_us', clearedBy: 'cleared_by text', revision: 'revision int',
  },
  key: ['ruleId', 'subject'],
  keyOf: ({ event }) => [event.rule.id, event.subject],
  evolve(row, { event, version: revision }) {
    if (event.type === 'FraudCleared') return row && { ...row, status: 'cleared', clearedAt: event.at, clearedBy: event.by, revision };
    const { rule, subject, measured, at } = event;
    return { ruleId: rule.id, subject, rule, status: 'suspected', measured, suspectedAt: at, clearedAt: row?.clearedAt ?? null, clearedBy: row?.clearedBy ?? null, revision };
  },
};
