import { pgArray, type Sql } from '@tollwire/event-store';
import { heard, type WatchedCall, type WatchedEvent } from '../domain/fraud-call.ts';
import { changesOf, countOf, type FraudCount } from '../domain/fraud-rule.ts';
import type { Watch } from './watch-book.ts';

/** An event of the call under a key. */
export interface HeardEvent {
  readonly callKey: string;
  readonly event: WatchedEvent;
}

interface CallRow {
  readonly call_key: string;
  readonly party: string;
  readonly cli: string;
  readonly called: string;
  readonly started_us: bigint;
  readonly reserved_us: bigint;
  readonly answered_us: bigint;
  readonly ended_us: bigint;
  readonly currency: string;
  readonly reserved_nanos: bigint | null;
  readonly is_freed: boolean;
  readonly is_abandoned: boolean;
  readonly charged_nanos: bigint | null;
  readonly charged_revision: number;
  readonly counted: string;
}

const openSql = `
  INSERT INTO fraud_call (call_key, heard_at) SELECT key, from_us($2::bigint) FROM unnest($1::text[]) AS k (key) ORDER BY key ON CONFLICT DO NOTHING`;
const callColumns = `call_key, party, cli, called, started_us, reserved_us, answered_us, ended_us, currency, reserved_nanos, is_freed, is_abandoned, charged_nanos, charged_revision, counted`;
const lockSql = `SELECT ${callColumns} FROM fraud_call WHERE call_key = ANY($1::text[]) ORDER BY call_key FOR UPDATE`;
const keepSql = `
  UPDATE fraud_call f SET party = u.party, cli = u.cli, called = u.called, started_us = u.started_us, reserved_us = u.reserved_us, answered_us = u.answered_us,
    ended_us = u.ended_us, currency = u.currency, reserved_nanos = u.reserved_nanos, is_freed = u.is_freed, is_abandoned = u.is_abandoned, charged_nanos = u.charged_nanos,
    charged_revision = u.charged_revision, counted = u.counted
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::bigint[], $11::boolean[],
    $12::boolean[], $13::bigint[], $14::integer[], $15::text[]) AS u (${callColumns})
  WHERE f.call_key = u.call_key`;
const addSql = `
  INSERT INTO fraud_sum (rule_id, subject, at_min, amount)
  SELECT rule_id, subject, at_min, sum(amount)::bigint FROM unnest($1::integer[], $2::text[], $3::integer[], $4::bigint[]) AS c (rule_id, subject, at_min, amount)
  GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (rule_id, subject, at_min) DO UPDATE SET amount = fraud_sum.amount + excluded.amount`;

/**
 * Folds events into their calls and adds to the sums of the rules what calls count otherwise than before. A call keeps what it was
 * counted as, so rules and ranges may change meanwhile. Calls and sums are locked in one order for all. Returns what grew.
 */
export async function keepHeard(tx: Sql, { rules, highRisk }: Watch, events: readonly HeardEvent[], nowUs: number): Promise<FraudCount[]> {
  const byCall = Map.groupBy(events, ({ callKey }) => callKey);
  const keys = [...byCall.keys()].toSorted();
  await tx.query(openSql, [keys, nowUs]);
  const rows = await tx.query<CallRow>(lockSql, [keys]);
  const changes: FraudCount[] = [];
  const kept = rows.map((row) => {
    const call = (byCall.get(row.call_key) ?? []).reduce((before, { event }) => heard(before, event), callOfRow(row));
    const counts = rules.flatMap((rule) => countOf(rule, call, highRisk) ?? []);
    changes.push(...changesOf(countsOf(row.counted), counts));
    return { key: row.call_key, call, counted: textOf(counts) };
  });
  await tx.query(keepSql, columnsOf(kept));
  if (changes.length > 0) {
    await tx.query(addSql, [
      pgArray('integer', changes, ({ ruleId }) => ruleId), pgArray('text', changes, ({ subject }) => subject),
      pgArray('integer', changes, ({ atMin }) => atMin), pgArray('bigint', changes, ({ amount }) => amount),
    ]);
  }
  return changes.filter(({ amount }) => amount > 0n);
}

function columnsOf(kept: readonly { readonly key: string; readonly call: WatchedCall; readonly counted: string }[]): unknown[] {
  const text = (value: (call: WatchedCall) => string) => pgArray('text', kept, ({ call }) => value(call));
  const bigint = (value: (call: WatchedCall) => number | bigint | null) => pgArray('bigint', kept, ({ call }) => value(call));
  return [
    pgArray('text', kept, ({ key }) => key), text(({ party }) => party), text(({ cli }) => cli), text(({ called }) => called),
    bigint(({ startedAtUs }) => startedAtUs), bigint(({ reservedAtUs }) => reservedAtUs), bigint(({ answeredAtUs }) => answeredAtUs), bigint(({ endedAtUs }) => endedAtUs),
    text(({ currency }) => currency), bigint(({ reservedNanos }) => reservedNanos), pgArray('boolean', kept, ({ call }) => call.isFreed), pgArray('boolean', kept, ({ call }) => call.isAbandoned),
    bigint(({ chargedNanos }) => chargedNanos), pgArray('integer', kept, ({ call }) => call.chargedRevision), pgArray('text', kept, ({ counted }) => counted),
  ];
}

function callOfRow(row: CallRow): WatchedCall {
  return {
    ...{ party: row.party, cli: row.cli, called: row.called, currency: row.currency, isFreed: row.is_freed, isAbandoned: row.is_abandoned, chargedRevision: row.charged_revision },
    ...{ reservedNanos: row.reserved_nanos, chargedNanos: row.charged_nanos, startedAtUs: Number(row.started_us), reservedAtUs: Number(row.reserved_us) },
    ...{ answeredAtUs: Number(row.answered_us), endedAtUs: Number(row.ended_us) },
  };
}

/** What a call was counted as, a count a word. */
function textOf(counts: readonly FraudCount[]): string {
  return counts.map(({ ruleId, subject, atMin, amount }) => `${ruleId}:${atMin}:${amount}:${encodeURIComponent(subject)}`).join(' ');
}

function countsOf(text: string): FraudCount[] {
  return text.split(' ').filter((word) => word !== '').map((word) => {
    const [ruleId = '', atMin = '', amount = '', subject = ''] = word.split(':');
    return { ruleId: Number(ruleId), atMin: Number(atMin), amount: BigInt(amount), subject: decodeURIComponent(subject) };
  });
}

const talkingSql = `
  SELECT ${callColumns} FROM fraud_call WHERE answered_us > 0 AND ended_us = 0 AND NOT is_abandoned AND call_key > $1 ORDER BY call_key LIMIT $2`;

/** All conversations that go on, page by page: as many as there are, and no more of them in memory than a page. */
export async function* talkingCalls(sql: Sql, pageSize = 10_000): AsyncGenerator<WatchedCall[]> {
  let rows: CallRow[] = [];
  do {
    rows = await sql.query<CallRow>(talkingSql, [rows.at(-1)?.call_key ?? '', pageSize]);
    yield rows.map(callOfRow);
  } while (rows.length === pageSize);
}

/** A day of calls is looked at; an hour more, for what comes late. */
const KEPT_SEC = 25 * 3_600;

/** Forgets calls and sums that no rule looks at any more. */
export async function forgetWatched(sql: Sql, nowUs: number): Promise<void> {
  await sql.query('DELETE FROM fraud_call WHERE heard_at < from_us($1::bigint)', [nowUs - KEPT_SEC * 1_000_000]);
  await sql.query('DELETE FROM fraud_sum WHERE at_min < $1', [Math.floor(nowUs / 60_000_000) - KEPT_SEC / 60]);
}
