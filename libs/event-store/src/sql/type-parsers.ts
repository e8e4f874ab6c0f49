import pg from 'pg';

const toBigint = (text: string): bigint => BigInt(text);
const asText = (text: string): string => text;

/** Object ids of types that PostgreSQL fixes (pg_type.dat). */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  20: toBigint, // int8
  5069: toBigint, // xid8
  1016: (text) => bracedItems(text).map(toBigint), // int8[]
  1082: asText, // date: a calendar day has no instant, so no Date
};

function bracedItems(text: string): string[] {
  return text === '{}' ? [] : text.slice(1, -1).split(',');
}

/** How values arrive from PostgreSQL; whatever is not named here arrives as `pg` gives it. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => parsers[oid] ?? pg.types.getTypeParser(oid, format),
};
