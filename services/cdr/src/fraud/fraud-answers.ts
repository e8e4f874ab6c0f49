import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, FraudCaseSchema, FraudRuleSchema, FraudService, ListFraudCasesReplySchema, RetireFraudRuleRequest, SetFraudRuleRequest } from '@tollwire/contracts';
import { ok, present, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { CdrDeps } from '../cdr.deps.ts';
import { fraudMeasures } from '../domain/fraud-rule.ts';
import { amountText } from './amounts.ts';
import { fraudCaseIdOf } from './case-projection.ts';
import { rangesText, termsMessage, termsOf } from './fraud-terms.ts';
import { listHighRiskRanges, setHighRiskRanges } from './high-risk.ts';
import { ruleColumns, type RuleRow } from './watch-book.ts';

type FraudDeps = Pick<CdrDeps, 'database' | 'clock' | 'fraud'>;
type RuleReply = MessageInitShape<typeof FraudRuleSchema>;
type CaseReply = MessageInitShape<typeof FraudCaseSchema>;
type Answer<T> = Promise<Result<T, CodedRefusal>>;

const casesMax = 1_000;

/** The answers of FraudService. */
export function fraudAnswers(deps: FraudDeps): ServiceImplementation<typeof FraudService> {
  const { database } = deps;
  return {
    setFraudRule: (request) => setRule(deps, request),
    listFraudRules: async () => ok({ rules: (await database.query<RuleRow>(`SELECT ${ruleColumns} FROM fraud_rule ORDER BY id`)).map(ruleReply) }),
    retireFraudRule: (request) => retireRule(deps, request),
    listFraudCases: ({ status }) => listCases(database, status),
    clearFraudCase: (request, { traceparent }) => clearCase(deps, request, traceparent === undefined ? {} : { traceparent }),
    setHighRiskRanges: (request) => setHighRiskRanges(deps, request),
    listHighRiskRanges: (request) => listHighRiskRanges(database, request),
  };
}

const insertSql = `
  INSERT INTO fraud_rule (name, subject_kind, measure, window_sec, limit_amount, currency, ranges, short_sec, action, set_at_us, set_by, payers, except_payers)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING ${ruleColumns}`;

async function setRule({ database, clock, fraud }: FraudDeps, { terms, by }: SetFraudRuleRequest): Answer<RuleReply> {
  const read = termsOf(terms);
  if (!read.ok) return read;
  const { name, measure, windowSec, limit, currency, shortSec, action } = read.value;
  const rule = await database.transaction(async (tx) => {
    const values = [name, read.value.by, measure, windowSec, limit, currency, rangesText(read.value), shortSec, action, clock.nowUs(), by];
    const [row] = await tx.query<RuleRow>(insertSql, [...values, read.value.payers, read.value.exceptPayers]);
    await announce(tx);
    return ruleReply(present(row, 'the rule that was set'));
  });
  fraud.book.expire();
  return ok(rule);
}

const retireSql = `
  UPDATE fraud_rule SET retired_at_us = coalesce(retired_at_us, $2), retired_by = coalesce(retired_by, $3) WHERE id = $1 RETURNING ${ruleColumns}`;

async function retireRule({ database, clock }: FraudDeps, { id, by }: RetireFraudRuleRequest): Answer<RuleReply> {
  return await database.transaction(async (tx): Answer<RuleReply> => {
    const [row] = await tx.query<RuleRow>(retireSql, [Math.min(id, 2_147_483_647), clock.nowUs(), by]);
    if (row === undefined) return refuse({ code: 'unknown_fraud_rule', field: 'id', facts: { id: `${id}` } });
    await announce(tx);
    return ok(ruleReply(row));
  });
}

/** Tells every instance that the watch is another now, in the transaction that made it so. */
async function announce(tx: Sql): Promise<void> {
  await tx.query('UPDATE fraud_revision SET revision = revision + 1');
}

function ruleReply(row: RuleRow): RuleReply {
  return { id: row.id, terms: termsMessage(row), setAtUs: row.set_at_us, setBy: row.set_by, retiredAtUs: row.retired_at_us ?? 0n, retiredBy: row.retired_by ?? '' };
}

interface CaseRow {
  readonly rule_id: number;
  readonly subject: string;
  readonly name: string;
  readonly by: string;
  readonly measure: string;
  readonly limit_amount: string;
  readonly currency: string;
  readonly action: string;
  readonly status: string;
  readonly measured: bigint;
  readonly suspected_us: bigint;
  readonly cleared_us: bigint | null;
  readonly cleared_by: string | null;
  readonly state: string | null;
  readonly problem: string | null;
  readonly is_due: boolean;
}

const caseColumns = `
  SELECT c.rule_id, c.subject, c.rule->>'name' AS name, c.rule->>'by' AS by, c.rule->>'measure' AS measure, r.limit_amount::text AS limit_amount,
    c.rule->>'currency' AS currency, c.rule->>'action' AS action, c.status, c.measured, to_us(c.suspected_at) AS suspected_us, to_us(c.cleared_at) AS cleared_us,
    c.cleared_by, b.state, b.problem, coalesce(b.revision, 0) < c.revision AS is_due
  FROM fraud_case c JOIN fraud_rule r ON r.id = c.rule_id LEFT JOIN fraud_block b USING (rule_id, subject)`;

async function listCases(sql: Sql, status: string): Answer<MessageInitShape<typeof ListFraudCasesReplySchema>> {
  if (!['', 'suspected', 'cleared'].includes(status)) return refuse({ code: 'field_malformed', field: 'status', facts: { allowed: 'suspected, cleared' } });
  const rows = await sql.query<CaseRow>(`${caseColumns} WHERE $1 = '' OR c.status = $1 ORDER BY c.suspected_at DESC, c.rule_id, c.subject LIMIT ${casesMax}`, [status]);
  return ok({ cases: rows.map(caseReply) });
}

async function clearCase({ database, clock, fraud }: FraudDeps, { ruleId, subject, by }: { ruleId: number; subject: string; by: string }, meta: Readonly<Record<string, string>>): Answer<CaseReply> {
  if (subject.includes('\0')) return refuse({ code: 'field_malformed', field: 'subject' });
  const cleared = await fraud.cases.handle(fraudCaseIdOf(ruleId, subject), { type: 'Clear', by, at: clock.nowUs() }, meta);
  if (!cleared.ok) return refuse({ ...cleared.refusal, field: 'subject', facts: { ruleId: `${ruleId}`, subject } });
  const [row] = await database.query<CaseRow>(`${caseColumns} WHERE c.rule_id = $1 AND c.subject = $2`, [ruleId, subject]);
  return ok(caseReply(present(row, 'the case that was cleared')));
}

function caseReply(row: CaseRow): CaseReply {
  const measure = fraudMeasures.find((each) => each === row.measure) ?? 'calls';
  return {
    ...{ ruleId: row.rule_id, rule: row.name, by: row.by, subject: row.subject, measure, status: row.status, currency: row.currency },
    ...{ measured: amountText(measure, row.measured), limit: amountText(measure, BigInt(row.limit_amount)) },
    ...{ suspectedAtUs: row.suspected_us, clearedAtUs: row.cleared_us ?? 0n, clearedBy: row.cleared_by ?? '' },
    ...{ block: row.action === 'tell' ? 'none' : row.is_due ? 'waiting' : (row.state ?? 'waiting'), problem: row.problem ?? '' },
  };
}
