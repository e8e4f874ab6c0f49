import type { Sql } from '@tollwire/event-store';
import { q850Causes } from '@tollwire/telecom';

const causes = 'unnest($1::int[], $2::text[], $3::text[]) AS u (code, enumeration, cause)';

const mendSql = `
  UPDATE hangup_cause h SET enumeration = u.enumeration, cause = u.cause FROM ${causes}
  WHERE h.code = u.code AND (h.enumeration, h.cause) IS DISTINCT FROM (u.enumeration, u.cause)`;

/** Passes by what is there under its code or its name: both are unique, and another instance may be seeding. */
const seedSql = `
  INSERT INTO hangup_cause (code, enumeration, cause, description)
  SELECT code, enumeration, cause, CASE WHEN code BETWEEN 1 AND 127 THEN 'ITU-T Q.850' ELSE 'Switch' END
  FROM ${causes} ORDER BY code
  ON CONFLICT DO NOTHING`;

/** Brings hangup_cause to the causes that libs/telecom knows. Run at every start, by many at once; the second run changes nothing. */
export async function seedHangupCauses(sql: Sql): Promise<void> {
  const columns = [q850Causes.map((cause) => cause.code), q850Causes.map((cause) => cause.enumeration), q850Causes.map((cause) => cause.cause)];
  await sql.query(mendSql, columns);
  await sql.query(seedSql, columns);
}
