import type { Sql } from '@tollwire/event-store';
import { q850Causes } from '@tollwire/telecom';

const seedSql = `
  INSERT INTO hangup_cause (code, enumeration, cause, description)
  SELECT code, enumeration, cause, CASE WHEN code BETWEEN 1 AND 127 THEN 'ITU-T Q.850' ELSE 'Switch' END
  FROM unnest($1::int[], $2::text[], $3::text[]) AS u (code, enumeration, cause)
  ON CONFLICT (code) DO UPDATE SET enumeration = excluded.enumeration, cause = excluded.cause
  WHERE (hangup_cause.enumeration, hangup_cause.cause) IS DISTINCT FROM (excluded.enumeration, excluded.cause)`;

/** Brings hangup_cause to the causes that libs/telecom knows. Run at every start; the second run changes nothing. */
export async function seedHangupCauses(sql: Sql): Promise<void> {
  await sql.query(seedSql, [
    q850Causes.map((cause) => cause.code),
    q850Causes.map((cause) => cause.enumeration),
    q850Causes.map((cause) => cause.cause),
  ]);
}
