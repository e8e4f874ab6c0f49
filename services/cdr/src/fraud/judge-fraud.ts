import type { Sql } from '@tollwire/event-store';
import type { CdrDeps } from '../cdr.deps.ts';
import { type FraudCount, firstMinuteOf, type FraudRule, runningCountOf } from '../domain/fraud-rule.ts';
import { fraudCaseIdOf } from './case-projection.ts';
import { forgetWatched, talkingCalls } from './fraud-table.ts';
import type { Watch } from './watch-book.ts';

/** A rule and whose calls it is held against, with the minutes of conversations that go on. */
interface Judged {
  readonly rule: FraudRule;
  readonly subject: string;
  /** By the minute in which they count. */
  readonly running: Map<number, bigint>;
}

function addTo(running: Map<number, bigint>, { atMin, amount }: FraudCount): void {
  running.set(atMin, (running.get(atMin) ?? 0n) + amount);
}

const sumsSql = `
  SELECT p.at, coalesce(sum(s.amount), 0)::bigint AS amount
  FROM unnest($1::integer[], $2::integer[], $3::text[], $4::integer[]) AS p (at, rule_id, subject, from_min)
    LEFT JOIN fraud_sum s ON s.rule_id = p.rule_id AND s.subject = p.subject AND s.at_min >= p.from_min
  GROUP BY p.at`;
const casesSql = `
  SELECT c.rule_id, c.subject, c.status, coalesce(to_us(c.cleared_at), 0) AS cleared_us
  FROM fraud_case c JOIN unnest($1::integer[], $2::text[]) AS p (rule_id, subject) USING (rule_id, subject)`;
const allSql = 'SELECT DISTINCT rule_id AS "ruleId", subject FROM fraud_sum';

type JudgeDeps = Pick<CdrDeps, 'database' | 'clock' | 'fraud'>;

/**
 * Holds the sums that have grown against their rules, and the minutes of conversations that go on. A sum that has not grown since it was
 * looked at cannot be beyond its limit now. After a start every sum is looked at once, because what had grown before is not known.
 */
export async function judgeFraud(deps: JudgeDeps): Promise<void> {
  const watch = await deps.fraud.book.watch(deps.database);
  if (watch.rules.length === 0) return;
  const grown = deps.fraud.book.takeGrown();
  try {
    const judged = await judgedOf(deps, watch, grown ?? (await deps.database.query<{ ruleId: number; subject: string }>(allSql)));
    if (judged.length > 0) await judge(deps, judged);
  } catch (error) {
    deps.fraud.book.forgetGrown();
    throw error;
  }
}

async function judgedOf({ database, clock }: JudgeDeps, { rules, highRisk }: Watch, grown: readonly { ruleId: number; subject: string }[]): Promise<Judged[]> {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const judged = new Map<string, Judged>();
  const at = (rule: FraudRule, subject: string): Judged => {
    const key = `${rule.id} ${subject}`;
    const known = judged.get(key) ?? { rule, subject, running: new Map<number, bigint>() };
    judged.set(key, known);
    return known;
  };
  for (const { ruleId, subject } of grown) {
    const rule = byId.get(ruleId);
    if (rule !== undefined) at(rule, subject);
  }
  const ofMinutes = rules.filter(({ measure }) => measure === 'minutes');
  if (ofMinutes.length === 0) return [...judged.values()];
  for await (const calls of talkingCalls(database)) {
    for (const call of calls) {
      for (const rule of ofMinutes) {
        const count = runningCountOf(rule, call, clock.nowUs(), highRisk);
        if (count !== undefined) addTo(at(rule, count.subject).running, count);
      }
    }
  }
  return [...judged.values()];
}

async function judge({ database, clock, fraud }: JudgeDeps, judged: readonly Judged[]): Promise<void> {
  const nowUs = clock.nowUs();
  const cases = await casesOf(database, judged);
  const asked = judged.flatMap(({ rule, subject, running }) => {
    const known = cases.get(`${rule.id} ${subject}`);
    return known?.status === 'suspected' ? [] : [{ rule, subject, running, fromMin: firstMinuteOf(rule, nowUs, known?.clearedUs ?? 0) }];
  });
  const sums = await database.query<{ at: number; amount: bigint }>(sumsSql, [
    asked.map((_, at) => at), asked.map(({ rule }) => rule.id), asked.map(({ subject }) => subject), asked.map(({ fromMin }) => fromMin),
  ]);
  const sumAt = new Map(sums.map(({ at, amount }) => [at, amount]));
  const beyond = asked.flatMap(({ rule, subject, running, fromMin }, at) => {
    const talked = [...running].reduce((sum, [atMin, amount]) => (atMin >= fromMin ? sum + amount : sum), 0n);
    const measured = (sumAt.get(at) ?? 0n) + talked;
    return measured > rule.limit ? [{ id: fraudCaseIdOf(rule.id, subject), command: { type: 'Judge' as const, rule: aboutOf(rule), subject, measured, at: nowUs } }] : [];
  });
  if (beyond.length > 0) await fraud.cases.handleMany(beyond);
}

function aboutOf({ id, name, by, measure, windowSec, limit, currency, action }: FraudRule) {
  return { id, name, by, measure, windowSec, limit, currency, action };
}

async function casesOf(sql: Sql, judged: readonly Judged[]): Promise<Map<string, { status: string; clearedUs: number }>> {
  const rows = await sql.query<{ rule_id: number; subject: string; status: string; cleared_us: bigint }>(casesSql, [judged.map(({ rule }) => rule.id), judged.map(({ subject }) => subject)]);
  return new Map(rows.map((row) => [`${row.rule_id} ${row.subject}`, { status: row.status, clearedUs: Number(row.cleared_us) }]));
}

/** Forgets what no rule looks at any more. */
export async function forgetFraud({ database, clock }: Pick<CdrDeps, 'database' | 'clock'>): Promise<void> {
  await forgetWatched(database, clock.nowUs());
}
