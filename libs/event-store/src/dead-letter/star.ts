import { maskedNumber, numberPattern } from '@tollwire/telecom';
import type { Sql } from '../sql/sql.ts';

/** Letters that are looked at in one step. */
const lettersAtOnce = 200;

const selectWith = `
  SELECT position FROM dead_letter
  WHERE position(convert_to($1, 'UTF8') IN data) > 0 OR position($1 IN concat_ws(' ', key, source, detail, headers::text)) > 0 ORDER BY position`;
const selectLetters = 'SELECT position, data, key, source, detail, headers::text AS headers FROM dead_letter WHERE position = ANY($1::bigint[]) ORDER BY position';
const lockLetters = `${selectLetters} FOR UPDATE`;
const starLetter = 'UPDATE dead_letter SET data = $2, key = $3, source = $4, detail = $5, headers = $6::jsonb WHERE position = $1';

interface LetterRow {
  readonly position: bigint;
  readonly data: Buffer;
  readonly key: string;
  readonly source: string;
  readonly detail: string;
  readonly headers: string | null;
}

/** The letters in which the digits of a number stand as a number, some hundreds at most. */
export async function deadLettersWith(sql: Sql, digits: string): Promise<bigint[]> {
  const candidates = await sql.query<{ position: bigint }>(selectWith, [digits]);
  const found: bigint[] = [];
  for (let at = 0; at < candidates.length && found.length < lettersAtOnce; at += lettersAtOnce) {
    const page = candidates.slice(at, at + lettersAtOnce).map(({ position }) => position);
    const rows = await sql.query<LetterRow>(selectLetters, [page]);
    found.push(...rows.filter((row) => starred(row, digits) !== undefined).map(({ position }) => position));
  }
  return found;
}

/** Stars a number out of letters, byte for byte, so that what is left can be read as before. Returns how many had it. */
export async function starDeadLetters(sql: Sql, positions: readonly bigint[], digits: string): Promise<number> {
  let count = 0;
  for (const row of await sql.query<LetterRow>(lockLetters, [positions])) {
    const letter = starred(row, digits);
    if (letter === undefined) continue;
    await sql.query(starLetter, [letter.position, letter.data, letter.key, letter.source, letter.detail, letter.headers]);
    count += 1;
  }
  return count;
}

function starred(row: LetterRow, digits: string): LetterRow | undefined {
  const pattern = new RegExp(numberPattern(digits), 'g');
  const star = (text: string) => text.replaceAll(pattern, maskedNumber);
  const data = star(row.data.toString('latin1'));
  const letter = {
    position: row.position, data: Buffer.from(data, 'latin1'), key: star(row.key), source: star(row.source), detail: star(row.detail),
    headers: row.headers === null ? null : star(row.headers),
  };
  const isAlike = letter.data.equals(row.data) && (['key', 'source', 'detail', 'headers'] as const).every((field) => letter[field] === row[field]);
  return isAlike ? undefined : letter;
}
