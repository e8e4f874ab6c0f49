import type { Database } from '@tollwire/event-store';

const selectCode = `
  select code from dead_letter where consumer = 'rate' and starts_with(detail, $1) order by position desc limit 1`;

/** The code with which the newest end of a call is parked; undefined where none is. Reads through the dead letters. */
export async function parkedWith(database: Pick<Database, 'query'>, callKey: string): Promise<string | undefined> {
  const [letter] = await database.query<{ code: string }>(selectCode, [`${JSON.stringify({ call: callKey }).slice(0, -1)},`]);
  return letter?.code;
}
