import type { Sql } from '@tollwire/event-store';
import type { Forgets, Forgotten } from '@tollwire/platform';
import { maskedNumber, writtenForms } from '@tollwire/telecom';
import type { CdrDeps } from '../cdr.deps.ts';

const maskNotices = `
  UPDATE alarm_notice SET body = replace(body, $1, $2) WHERE state <> 'waiting' AND position('"' || $1 || '"' IN body) > 0 RETURNING 1`;
const countEntries = 'SELECT count(*)::int AS count FROM list_entry WHERE subject = $1';
const countCases = 'SELECT count(*)::int AS count FROM fraud_case WHERE subject = ANY($1::text[])';

/**
 * Where the number stands here beside calls, their log and the watch, which `eraseNumber` sees to. An entry of a list and a case of fraud are about
 * that number: who is blocked because of what they did is not unblocked by asking to be forgotten. They stay, and are told.
 */
export const cdrForgets: Forgets<Pick<CdrDeps, 'database'>> = {
  places: [
    { name: 'alarm_notice', forget: async ({ database }, digits) => ({ count: (await database.query(maskNotices, [digits, maskedNumber(digits)])).length }) },
    { name: 'list_entry', forget: async ({ database }, digits) => ({ ...(await counted(database, countEntries, [digits])), kept: true }) },
    { name: 'fraud_case', forget: async ({ database }, digits) => ({ ...(await counted(database, countCases, [writtenForms(digits)])), kept: true }) },
  ],
};

async function counted(sql: Sql, statement: string, parameters: unknown[]): Promise<Forgotten> {
  const [answer] = await sql.query<{ count: number }>(statement, parameters);
  return { count: answer?.count ?? 0 };
}
