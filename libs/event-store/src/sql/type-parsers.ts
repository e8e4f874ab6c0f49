import pg from 'pg';

/** How values arrive from PostgreSQL; whatever is not named here arrives as `pg` gives it. */
export const typeParsers = new pg.TypeOverrides();

const toBigint = (text: string): bigint => BigInt(text);

/** Object ids of types are PostgreSQL's own and fixed (pg_type.dat). */
typeParsers.setTypeParser(20, toBigint); // int8
typeParsers.setTypeParser(5069, toBigint); // xid8
typeParsers.setTypeParser(1016, (text: string) => bracedItems(text).map((item) => (item === 'NULL' ? null : toBigint(item)))); // int8[]
typeParsers.setTypeParser(1082, (text: string) => text); // date: a calendar day has no instant, so no Date

function bracedItems(text: string): string[] {
  return text === '{}' ? [] : text.slice(1, -1).split(',');
}
