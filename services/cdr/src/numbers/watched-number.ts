import type { Database, Sql } from '@tollwire/event-store';
import { maskedNumber } from '@tollwire/telecom';

/** A call keeps what it was counted as, so that is renamed with the sum: what is taken away later is taken from where it was added. */
const callsSql = `
  UPDATE fraud_call SET cli = CASE WHEN cli = $1 THEN $2 ELSE cli END, called = CASE WHEN called = $1 THEN $2 ELSE called END, counted = regexp_replace(counted, $3, $4, 'g')
  WHERE call_key IN (SELECT call_key FROM fraud_call WHERE cli = $1 OR called = $1 ORDER BY call_key FOR UPDATE)`;
const sumsSql = `
  WITH gone AS (DELETE FROM fraud_sum WHERE subject = $1 RETURNING rule_id, at_min, amount)
  INSERT INTO fraud_sum (rule_id, subject, at_min, amount) SELECT rule_id, $2, at_min, amount FROM gone ORDER BY 1, 3
  ON CONFLICT (rule_id, subject, at_min) DO UPDATE SET amount = fraud_sum.amount + excluded.amount`;

/**
 * Masks a number in what the watch against fraud keeps of the last day, in each form in which a switch may have told it. Payers are counted
 * on as they were; a caller goes on under the mask, which sorts before digits, so that later events of the call do not bring the number back.
 */
export async function forgetWatchedNumber(database: Pick<Database, 'transaction'>, number: string): Promise<void> {
  for (const form of [number, `+${number}`, `00${number}`]) await database.transaction((tx) => forgetForm(tx, form));
}

async function forgetForm(tx: Sql, form: string): Promise<void> {
  const mask = maskedNumber(form);
  await tx.query(callsSql, [form, mask, `:${encodeURIComponent(form)}(?= |$)`, `:${encodeURIComponent(mask)}`]);
  await tx.query(sumsSql, [form, mask]);
}
